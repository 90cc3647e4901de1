"""Moving tenants: what a plan says, what carrying it out does, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from wuji.testing import factories


def slug(answer) -> str:
    return answer.json["type"].rpartition(":")[2]


def test_a_plan_says_what_would_change_and_changes_nothing(redraw, world):
    for _ in range(3):
        factories["wuji.file"](world, "village")
    before = redraw.standing()
    answer = redraw.plan(redraw.wish("move", "village", "second"))
    assert answer.status_code == 200, answer.text
    plan = answer.json
    assert redraw.standing() == before
    assert plan["tenants"] == [{"level": 4, "tenants": 1}, {"level": 5, "tenants": 1}]
    assert {"table": "file", "rows": 3} in plan["rows"]
    step = plan["steps"][0]
    assert (step["tenant"]["code"], step["from"]["name"], step["to"]["name"]) == (
        world.code["village"],
        "street",
        "second",
    )
    assert step["code"] == {
        "now": world.code["village"],
        "then": world.code["village"],
        "prefix": world.code["second"],
        "fits": False,
    }
    sight = {(one["tenant"]["name"], one["change"]): one["grants"] for one in plan["sight"]}
    assert [grant["account_name"] for grant in sight["street", "loses"]] == ["official@street"]
    assert sight["second", "gains"] == []
    assert {(one["tenant"]["name"], one["change"], one["class"], one["people"]) for one in plan["audiences"]} >= {
        ("street", "leaves", 2, 1),
        ("second", "joins", 2, 1),
    }


def test_a_plan_says_who_still_sees_what_and_which_links_lead_elsewhere(redraw, world):
    tokens = {"village": [("street", 1), ("sibling", 2), ("district", 1)], "sibling": [("grid", 3), ("street", 1)]}
    for at, shown in tokens.items():
        factories["wuji.file"](world, at, audience=sorted(world.token(*one) for one in shown))
    code = f"{world.code['second']}777"
    world.run(
        "insert into wuji.tenant_code(tenant_id, code, valid_from, valid_to) values (%s, %s, '2020-01-01', '2021-01-01')",
        *(world.tenant["sibling"], code),
    )
    for wish in (redraw.wish("move", "village", "second", code=code), redraw.wish("merge", "village", "second")):
        plan = redraw.plan(wish).json
        told = {(one["way"], one["tenant"]["name"], one["class"], one["rows"]) for one in plan["shown"]}
        assert told == {("out", "street", 1, 1), ("out", "sibling", 2, 1), ("in", "grid", 3, 1)}, wish["op"]
        overtaken = [(one["code"], one["tenant"]["name"]) for one in plan["overtaken"]]
        assert overtaken == ([(code, "sibling")] if wish["op"] == "move" else [])
    assert redraw.plan(redraw.wish("merge", "village", "sibling")).json["shown"] == []


def test_a_village_moves(redraw, world, ask, journal):
    factories["wuji.file"](world, "grid")
    answer = redraw.apply(redraw.wish("move", "village", "second"))
    assert answer.status_code == 201, answer.text
    change = answer.json
    assert (change["op"], change["state"], change["subject"]["name"]) == ("move", "applied", "village")
    redraw.check_sound()
    assert ask("anonymous", "GET", at="grid").json["ancestors"][2]["name"] == "second"
    verb, subject, fields, reason = journal("village")[-1]
    assert (verb, subject, fields, reason) == (
        "tenancy.tenant.move",
        str(world.tenant["village"]),
        ["parent_id"],
        "boundaries of 2026",
    )
    places = ask("anonymous", "GET", "/history", at="village").json["places"]
    assert [(place["parent_name"], place["valid_to"] is None) for place in places] == [
        ("second", True),
        ("street", False),
    ]


def test_who_sees_what_follows_at_once(redraw, ask):
    assert ask("official@street", "GET", "/tenants?q=grid", at="street").json["total"]["value"] == 1
    assert redraw.apply(redraw.wish("move", "village", "second")).status_code == 201
    assert ask("official@street", "GET", "/tenants?q=grid", at="street").json["total"]["value"] == 0
    assert ask("official@district", "GET", "/tenants?q=grid", at="second").json["total"]["value"] == 1
    assert ask("official@street", "GET", "/tenants", at="village").status_code == 404
    assert ask("official@village", "GET", "/tenants", at="village").status_code == 200


def test_search_finds_it_at_its_new_place(redraw, world, ask):
    def found(at):
        rows = ask("anonymous", "GET", f"/search?q=grid&tenant={world.code['city']}&place={world.code[at]}")
        assert rows.status_code == 200, rows.text
        return rows.json["total"]["value"]

    ask(
        "official@street",
        "PUT",
        f"/tenants/{world.tenant['village']}/name",
        at="street",
        version=1,
        json={"name": "village"},
    )
    ask(
        "official@village",
        "PUT",
        f"/tenants/{world.tenant['grid']}/name",
        at="village",
        version=1,
        json={"name": "grid A"},
    )
    assert (found("street"), found("second")) == (1, 0)
    assert redraw.apply(redraw.wish("move", "village", "second")).status_code == 201
    assert (found("street"), found("second")) == (0, 1)


def test_undo_restores_all_of_it(redraw, world, journal):
    for name in ("village", "grid"):
        factories["wuji.file"](world, name)
    before = redraw.standing()
    change = redraw.apply(redraw.wish("move", "village", "second")).json
    assert redraw.standing() != before
    answer = redraw.undo(change["id"])
    assert answer.status_code == 200, answer.text
    assert answer.json["state"] == "undone"
    assert redraw.standing() == before
    redraw.check_sound()
    assert [row[0] for row in journal("village")][-2:] == ["tenancy.tenant.move", "tenancy.tenant.move"]
    assert slug(redraw.undo(change["id"])) == "tenancy.change_over"


def test_what_contradicts_an_undo_is_named(redraw, world):
    first = redraw.apply(redraw.wish("move", "village", "second")).json
    world.grow("third", "district", 3)
    assert redraw.apply(redraw.wish("move", "village", "third")).status_code == 201
    answer = redraw.undo(first["id"])
    assert (answer.status_code, slug(answer)) == (409, "tenancy.change_contradicted")
    assert "village" in answer.json["errors"][0]["message"]


def test_a_closed_parent_contradicts_an_undo(redraw, world):
    change = redraw.apply(redraw.wish("move", "village", "second")).json
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["street"])
    answer = redraw.undo(change["id"])
    assert (answer.status_code, slug(answer)) == (409, "tenancy.change_contradicted")
    assert "street" in answer.json["errors"][0]["message"]


def test_undo_ends_after_thirty_days(redraw, world):
    change = redraw.apply(redraw.wish("move", "village", "second")).json
    world.run("update wuji.tenant_change set expires_at = now() - interval '1 s' where id = %s", change["id"])
    assert slug(redraw.undo(change["id"])) == "tenancy.change_over"


def test_a_plan_that_is_no_longer_true_is_not_carried_out(redraw, world):
    wish = redraw.wish("move", "village", "second")
    seen = redraw.plan(wish).json["fingerprint"]
    world.grow("newer", "village", 5)
    answer = redraw.apply(wish, fingerprint=seen)
    assert (answer.status_code, slug(answer)) == (409, "tenancy.plan_changed")
    assert slug(redraw.apply(wish, fingerprint="0" * 64)) == "tenancy.plan_changed"


def test_both_parents_must_be_ones_own(redraw):
    wish = redraw.wish("move", "village", "second")
    for who, at in (("official@street", "street"), ("official@village", "village"), ("official@sibling", "sibling")):
        assert redraw.plan(wish, who, at).status_code == 404, who
    assert redraw.plan(wish, "clerk", "village").status_code == 403
    foreign = redraw.wish("move", "foreign", "second")
    assert redraw.plan(foreign).json == redraw.plan({**foreign, "tenant_id": 2**31 - 1}).json
    elsewhere = redraw.wish("move", "village", "foreign")
    assert redraw.plan(elsewhere).json == redraw.plan({**elsewhere, "parent_id": 2**31 - 1}).json


def test_levels_fit(redraw, faults):
    answer = redraw.plan(redraw.wish("move", "village", "niece"))
    assert "level" in faults(answer)["#/parent_id"]
    answer = redraw.plan(redraw.wish("move", "village", "grid"))
    assert "below itself" in faults(answer)["#/parent_id"]
    answer = redraw.plan(redraw.wish("move", "village", "street"))
    assert "stands there" in faults(answer)["#/parent_id"]
    answer = redraw.plan(redraw.wish("move", "village"))
    assert "#/parent_id" in faults(answer)


def test_a_new_code_comes_with_the_move_and_goes_with_its_undo(redraw, world, ask, faults):
    wrong = redraw.plan(redraw.wish("move", "village", "second", code=f"{world.code['street']}777"))
    assert world.code["second"] in faults(wrong)["#/code"]
    code = f"{world.code['second']}777"
    old = world.code["village"]
    change = redraw.apply(redraw.wish("move", "village", "second", code=code)).json
    assert ask("anonymous", "GET", f"/tenants/{old}").headers["Location"].endswith(code)
    assert redraw.undo(change["id"]).status_code == 200
    assert ask("anonymous", "GET", f"/tenants/{old}").status_code == 200


def test_a_village_becomes_a_grid_elsewhere_only_without_grids(redraw, world, faults):
    answer = redraw.plan(redraw.wish("relevel", "village", level=5, code=f"{world.code['street']}000777"))
    assert "grid" in faults(answer)["#/level"]


def test_relevel(redraw, world, ask):
    before = redraw.standing()
    code = f"{world.code['district']}888"
    lone = redraw.apply(redraw.wish("move", "village", "district")).json
    answer = redraw.apply(redraw.wish("relevel", "village", level=3, code=code))
    assert answer.status_code == 201, answer.text
    redraw.check_sound()
    assert ask("anonymous", "GET", f"/tenants/{code}").json["level"] == 3
    assert ask("anonymous", "GET", at="grid").json["ancestors"][-1]["level"] == 3
    assert redraw.undo(answer.json["id"]).status_code == 200
    assert redraw.undo(lone["id"]).status_code == 200
    assert redraw.standing() == before


def test_two_changes_at_once_leave_one_tree(redraw, world):
    world.grow("third", "district", 3)
    wishes = [redraw.wish("move", "village", to) for to in ("second", "third")]
    seen = [redraw.plan(wish).json["fingerprint"] for wish in wishes]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda n: redraw.apply(wishes[n], fingerprint=seen[n]).status_code, range(2)))
    assert sorted(answers) == [201, 409]
    redraw.check_sound()


def test_children_that_are_added_meanwhile_come_along(redraw, world):
    """An add that holds its parent while the move begins is waited for, and moved too."""
    with world.server.connect("wuji_stage", world.database, autocommit=False) as adding:
        adding.execute(
            "select wuji.tenant_make(%s, 'new', 'new', %s, 5, 'territory')",
            (world.tenant["village"], f"{world.code['village']}950"),
        )
        wish = redraw.wish("move", "village", "second")
        seen = redraw.plan(wish).json["fingerprint"]
        with ThreadPoolExecutor(1) as pool:
            moving = pool.submit(redraw.apply, wish, fingerprint=seen)
            while not world.one(
                "select count(*) from pg_stat_activity where %s = any(pg_blocking_pids(pid))", adding.info.backend_pid
            ):
                assert not moving.done()
            adding.commit()
            assert moving.result().status_code == 201
    redraw.check_sound()


def test_rules_of_former_ancestors_fall_silent(redraw, world, ask):
    plugin = world.one("select id from wuji.plugin order by id limit 1")
    world.rule("village", plugin, rule="forbid", on=None, by="street")
    plan = redraw.plan(redraw.wish("move", "village", "second")).json
    assert [(rule["plugin_id"], rule["tenant"]["name"], rule["by"]["name"]) for rule in plan["rules"]] == [
        (plugin, "village", "street")
    ]
    assert [(one["plugin_id"], one["on"]) for one in plan["plugins"]] == [(plugin, 2)]
    change = redraw.apply(redraw.wish("move", "village", "second"))
    assert change.status_code == 201, change.text
    shown = ask("official@village", "GET", f"/plugins/{plugin}", at="village")
    assert (shown.status_code, shown.json["active"]) == (200, True)
    assert redraw.undo(change.json["id"]).status_code == 200
    assert ask("official@village", "GET", f"/plugins/{plugin}", at="village").json["active"] is False


def test_changes_are_listed_where_they_stand(redraw, ask):
    change = redraw.apply(redraw.wish("move", "village", "second")).json
    listed = ask("official@district", "GET", "/tenant-changes", at="district").json["items"]
    assert [(row["id"], row["op"], row["state"]) for row in listed] == [(change["id"], "move", "applied")]
    shown = ask("official@district", "GET", f"/tenant-changes/{change['id']}", at="district").json
    assert (shown["contradictions"], shown["may_undo"]) == ([], True)
    assert shown["plan"]["steps"][0]["to"]["name"] == "second"
    assert ask("official@street", "GET", "/tenant-changes", at="street").json["items"] == []
    assert ask("official@street", "GET", f"/tenant-changes/{change['id']}", at="street").status_code == 404
    assert (
        ask(
            "official@district", "POST", f"/tenant-changes/{uuid4()}/undo", at="district", json={"reason": "x"}
        ).status_code
        == 404
    )


def test_a_writer_who_holds_a_row_is_let_through(redraw, world):
    """They have locked a row of the village and now write another, while the move holds the village and wants their row."""
    row = factories["wuji.file"](world, "village")
    made = factories["wuji.file"].columns(world, "village")
    write = f"insert into wuji.file ({', '.join(made)}) values ({', '.join(['%s'] * len(made))})"
    wish = redraw.wish("move", "village", "second")
    seen = redraw.plan(wish).json["fingerprint"]
    with world.enter("official@village", "village") as writer, ThreadPoolExecutor(1) as pool:
        assert writer.all("update wuji.file set name = 'held' where id = %s returning id", row) == [row]
        moving = pool.submit(redraw.apply, wish, fingerprint=seen)
        blocked = "select count(*) from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
        while not world.one(blocked, writer.connection.info.backend_pid):
            assert not moving.done()
        assert writer.refused(write, *made.values()) is None
        writer.commit()
        assert moving.result().status_code == 201
    redraw.check_sound()
