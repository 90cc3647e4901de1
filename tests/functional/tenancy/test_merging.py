"""One tenant becomes part of another, with its people, its rows and what it was shown; and back."""

from pathlib import Path

from wuji.journal.handling import HandleArgs, handle
from wuji.kit.deployment import Run
from wuji.tenancy.following import NAME
from wuji.testing import factories
from wuji.testing.acting import acting
from wuji.testing.plugins import installed_plugins

PLACES = "select name, tenant_id, audience from wuji.file where owner_kind = 'test' and tenant_id = any(%s) order by name, id"

LAST = """
  select id from wuji.journal_record where verb ~ 'tenant.(merge|restore)$' and account_id = %s order by id desc limit 1"""


def files(world):
    names = {number: name for name, number in world.tenant.items()}
    return [(name, names[at], audience) for name, at, audience in world.run(PLACES, list(names))]


def shown(world, *tokens):
    return [world.token(name, number) for name, number in tokens]


def below(world, name, *tokens):
    """What a document of that tenant holds: its audience, and "lies below" each above it."""
    return [*shown(world, *tokens), *(world.token(above, 4) for above in world.path(name))]


def left_of(answer):
    assert answer.status_code == 200, answer.text
    return [
        (one["why"], one["name"], *(row[name] for name in ("table", "rows", "titles")))
        for one in answer.json["left"]
        for row in one["rows"]
    ]


def test_a_village_becomes_part_of_another(redraw, world, ask, journal):
    factories["wuji.file"](world, "sibling", name="a")
    factories["wuji.file"](world, "second", name="b", audience=shown(world, ("sibling", 1), ("city", 2)))
    document = factories["wuji.search_document"](
        world, "sibling", access=sorted(below(world, "sibling", ("sibling", 1)))
    )
    before, rows = redraw.standing(), files(world)
    wish = redraw.wish("merge", "sibling", "village")
    plan = redraw.plan(wish)
    assert plan.status_code == 200, plan.text
    assert redraw.standing() == before
    assert [step["tenant"]["name"] for step in plan.json["steps"]] == ["niece"]
    assert {"table": "file", "goes": 1, "stays": 0} in plan.json["absorbed_rows"]
    assert {grant["account_name"] for grant in plan.json["absorbed"]["grants"]} == {"official@sibling", "neighbour"}
    assert plan.json["redirects"] == [{"old": world.code["sibling"], "new": world.code["village"]}]
    answer = redraw.apply(wish)
    assert answer.status_code == 201, answer.text
    redraw.check_sound()
    assert files(world) == [("a", "village", None), ("b", "second", sorted(shown(world, ("village", 1), ("city", 2))))]
    assert ask("anonymous", "GET", at="niece").json["ancestors"][-1]["name"] == "village"
    moved = ask("anonymous", "GET", f"/tenants/{world.code['sibling']}")
    assert (moved.status_code, moved.headers["Location"].rpartition("/")[2]) == (308, world.code["village"])
    assert ask("official@sibling", "GET", "/tenants", at="village").status_code == 200
    assert journal("sibling")[-1][0] == "tenancy.tenant.merge"
    found = "select access from wuji.search_document where (kind, id) = (%s, %s) and tenant_id = %s"
    assert world.one(found, *document, world.tenant["village"]) == sorted(below(world, "village", ("village", 1)))
    undone = redraw.undo(answer.json["id"])
    assert undone.status_code == 200, undone.text
    assert redraw.standing() == before
    assert files(world) == rows
    assert world.one(found, *document, world.tenant["sibling"]) == sorted(below(world, "sibling", ("sibling", 1)))
    redraw.check_sound()
    assert ask("anonymous", "GET", at="sibling").status_code == 200
    assert ask("official@sibling", "GET", "/tenants", at="village").status_code == 404


def test_a_street_is_dissolved(redraw, ask):
    """Also after two of its villages have become one."""
    assert redraw.apply(redraw.wish("merge", "sibling", "village")).status_code == 201
    before = redraw.standing()
    answer = redraw.apply(redraw.wish("dissolve", "street"), "official@city", "city")
    assert answer.status_code == 201, answer.text
    redraw.check_sound()
    assert ask("anonymous", "GET", at="village").json["ancestors"][-1]["name"] == "district"
    assert ask("official@street", "GET", "/tenants", at="village").status_code == 200
    assert redraw.undo(answer.json["id"], "official@city", "city").status_code == 200
    assert redraw.standing() == before


def test_what_cannot_be_merged(redraw, faults):
    assert "below itself" in faults(redraw.plan(redraw.wish("merge", "street", "village")))["#/parent_id"]
    assert "below itself" in faults(redraw.plan(redraw.wish("merge", "street", "street")))["#/parent_id"]
    assert set(faults(redraw.plan(redraw.wish("merge", "street")))) == {"#/parent_id"}
    assert "level" in faults(redraw.plan(redraw.wish("merge", "village", "niece")))["#/parent_id"]
    assert redraw.plan(redraw.wish("merge", "street", "foreign")).status_code == 404
    assert redraw.plan(redraw.wish("dissolve", "district")).status_code == 404


def test_a_code_that_is_taken_contradicts(redraw, world):
    change = redraw.apply(redraw.wish("merge", "sibling", "village")).json
    code = world.code["sibling"]
    world.run("select wuji.tenant_make(%s, 'new', 'new', %s, 4, 'territory')", world.tenant["street"], code)
    answer = redraw.undo(change["id"])
    assert answer.status_code == 409, answer.text
    assert "new" in answer.json["errors"][0]["message"]


def test_rows_that_are_gone_or_changed_meanwhile_stay_so(redraw, world):
    for name in ("a", "b"):
        factories["wuji.file"](world, "sibling", name=name)
    change = redraw.apply(redraw.wish("merge", "sibling", "village")).json
    world.run("delete from wuji.file where name = 'a' and tenant_id = %s", world.tenant["village"])
    factories["wuji.file"](world, "village", name="c")
    told = [("added", "village", "file", 1, ["c"])]
    assert left_of(redraw.ask("official@district", "GET", f"/tenant-changes/{change['id']}", at="district")) == told
    assert left_of(redraw.undo(change["id"])) == told
    assert [(name, at) for name, at, _ in files(world)] == [("b", "sibling"), ("c", "village")]


def test_what_does_not_go_back_is_named(redraw, world):
    """What lies elsewhere by now, and what was shown to others since; what is found of it follows what it is."""
    second = factories["wuji.file"](world, "second", name="b", audience=shown(world, ("sibling", 1)))
    own = factories["wuji.file"](world, "sibling", name="a", audience=shown(world, ("sibling", 1)))
    factories["wuji.file"](world, "sibling", name="c")
    moved = factories["wuji.file"](world, "sibling", name="d")
    world.grant("member", "sibling", "member")
    document = factories["wuji.search_document"](
        world, "sibling", access=sorted(below(world, "sibling", ("sibling", 1)))
    )
    change = redraw.apply(redraw.wish("merge", "sibling", "village")).json
    assert left_of(redraw.ask("official@district", "GET", f"/tenant-changes/{change['id']}", at="district")) == []
    for row in (own, second):
        world.run("update wuji.file set audience = %s where id = %s", shown(world, ("city", 2)), row)
    world.run("update wuji.file set tenant_id = %s where id = %s", world.tenant["second"], moved)
    world.run(
        "update wuji.search_document set access = %s where (kind, id) = (%s, %s)",
        *(sorted(below(world, "village", ("city", 2))), *document),
    )
    world.grant("member", "village", "clerk")
    told = [
        ("added", "village", "role_grant", 1, ["member"]),
        ("elsewhere", "second", "file", 1, ["d"]),
        ("shown", "second", "file", 1, ["b"]),
        ("shown", "village", "file", 1, ["a"]),
    ]
    assert left_of(redraw.undo(change["id"])) == told
    assert left_of(redraw.ask("official@district", "GET", f"/tenant-changes/{change['id']}", at="district")) == told
    city = shown(world, ("city", 2))
    assert files(world) == [
        ("a", "sibling", city),
        ("b", "second", city),
        ("c", "sibling", None),
        ("d", "second", None),
    ]
    found = "select access from wuji.search_document where (kind, id) = (%s, %s) and tenant_id = %s"
    assert world.one(found, *document, world.tenant["sibling"]) == sorted(below(world, "sibling", ("city", 2)))
    redraw.check_sound()


def test_what_a_tenant_says_of_itself_stays(redraw, world):
    plugin = world.one("select id from wuji.plugin order by id limit 1")
    world.rule("sibling", plugin, rule="offer", on=False)
    factories["wuji.setting_value"](world, "sibling")
    assert redraw.apply(redraw.wish("merge", "sibling", "village")).status_code == 201
    for table in ("setting_value", "plugin_rule", "tenant_profile"):
        assert world.one(f"select count(*) from wuji.{table} where tenant_id = %s", world.tenant["sibling"]) == 1, table


def test_of_two_that_cannot_be_both_the_takers_stays(redraw, world):
    """A tip is counted once at each tenant."""
    installed_plugins()
    count = factories["plugin_agri_tips.tip_count"]
    tip = count.columns(world, "village")["tip_id"]
    for name, reads in (("village", 3), ("sibling", 5)):
        count(world, name, tip_id=tip, reads=reads)
    count(world, "sibling", reads=7)
    before = redraw.standing()
    wish = redraw.wish("merge", "sibling", "village")
    assert {"table": "agri_tips.tip_count", "goes": 1, "stays": 1} in redraw.plan(wish).json["absorbed_rows"]
    change = redraw.apply(wish).json
    reads = "select array_agg(reads order by reads) from plugin_agri_tips.tip_count where tenant_id = %s"
    assert world.one(reads, world.tenant["village"]) == [3, 7]
    assert world.one(reads, world.tenant["sibling"]) == [5]
    assert redraw.undo(change["id"]).status_code == 200
    assert redraw.standing() == before


def test_what_others_show_is_followed_in_the_whole_tree(redraw, world, app):
    """Whoever merges in a street cannot write what the city shows: the journal's consumer does."""
    factories["wuji.file"](world, "city", name="a", audience=sorted(shown(world, ("sibling", 1), ("grid", 2))))
    kept = files(world)
    change = redraw.apply(redraw.wish("merge", "sibling", "village"), "official@street", "street").json["id"]
    assert files(world) == kept
    follow(app, world)
    told = [("a", "city", sorted(shown(world, ("village", 1), ("grid", 2))))]
    assert files(world) == told
    follow(app, world)  # told twice
    assert files(world) == told
    assert redraw.undo(change, "official@street", "street").status_code == 200
    follow(app, world)
    assert files(world) == kept
    redraw.check_sound()


def follow(app, world):
    record = world.one(LAST, world.account["official@street"])
    with acting(app, world, "city") as session:
        run = Run(app.extensions["wuji"], session, Path(), lambda _progress: None)
        handle(run, HandleArgs(NAME, [record]))
