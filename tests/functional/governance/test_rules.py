"""Where a plugin is active: required, offered, forbidden, inherited; explained, foreseen, and in effect at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic

import pytest

from wuji.kit.clock import ZONE

TREE = {"city", "district", "street", "village", "sibling", "grid", "niece"}
TODAY = datetime.now(ZONE).date()  # days end at the root's midnight, not at that of the machine


def effects(answer, plugin):
    assert answer.status_code == 200, answer.text
    return {one["plugin_id"]: (one["on"], one["off"]) for one in answer.json["effects"]}.get(plugin, (0, 0))


def test_untouched_it_is_offered_and_off(show, active):
    shown = show("village")
    assert (shown["active"], shown["cause"], shown["rule"], shown["inherited"]) == (False, "default", "offer", True)
    assert [(rung["tenant"]["name"], rung["verdict"]) for rung in shown["ladder"]] == [
        ("city", "silent"), ("district", "silent"), ("street", "silent"), ("village", "silent")
    ]  # fmt: skip
    assert shown["ladder"][0]["sentence"] == "city says nothing."
    assert shown["sentence"] == "Off: nobody has switched it on yet."
    assert shown["may_change"]
    assert active() == set()


def test_required_above_it_is_on_below(say, show, active, plugin):
    answer = say("district", "require", reason="spring")
    assert effects(answer, plugin) == (6, 0)
    assert answer.headers["ETag"] == '"1"'
    assert active() == TREE - {"city"}
    shown = show("village")
    assert (shown["rule"], shown["inherited"], shown["bound_by"]["name"]) == ("require", True, "district")
    assert not shown["may_change"]
    rung = shown["ladder"][1]
    assert (rung["verdict"], rung["rule"], rung["reason"]) == ("decides", "require", "spring")
    assert rung["sentence"] == "district has it on, here and everywhere below."
    refused = say("village", "forbid")
    assert (refused.status_code, refused.json["type"]) == (409, "urn:wuji:problem:governance.bound")
    assert "district" in refused.json["detail"]


def test_a_district_exempts_a_street_which_then_chooses(say, show, active, plugin):
    say("district", "require")
    assert effects(say("district", "offer", at="street"), plugin) == (0, 5)
    assert active() == {"district"}
    assert say("street", "offer", on=True).status_code == 200
    assert active() == TREE - {"city"}
    ladder = show("street")["ladder"]
    assert [(r["tenant"]["name"], r["by"] and r["by"]["name"], r["verdict"]) for r in ladder] == [
        ("city", None, "silent"),
        ("district", "district", "overruled"),
        ("street", "district", "allows"),
        ("street", "street", "decides"),
    ]
    assert ladder[2]["sentence"] == "district leaves the choice to street and those below."


def test_the_street_cannot_exempt_itself(say, plugin, world):
    say("district", "require")
    assert say("street", "offer", on=False).status_code == 409
    with world.enter("official@street", "street") as transaction:
        put = "select wuji.plugin_rule_put(%s, %s, 'offer', false, '', null, null, false, '{}', %s)"
        assert transaction.one(put, world.tenant["street"], plugin, 0) == 1  # the wall lets it say so, as itself
        standing = "select * from wuji.plugin_rule where tenant_id = %s and plugin_id = %s"
        said = transaction.row(standing, world.tenant["street"], plugin)
        assert said.by_tenant_id == world.tenant["street"]  # and so it counts for nothing
        assert transaction.refused(put, world.tenant["district"], plugin, 0) == "P0002"
        for statement in (
            "update wuji.plugin_rule set by_tenant_id = %s",
            "delete from wuji.plugin_rule where id <> %s",
        ):
            assert transaction.refused(statement.replace("id <> %s", "by_tenant_id = %s"), 1) == "42501"
        insert = "insert into wuji.plugin_rule(tenant_id, plugin_id, by_tenant_id, rule) values (%s, 'x', %s, 'offer')"
        assert transaction.refused(insert, world.tenant["street"], world.tenant["district"]) == "42501"


def test_who_may_not_say_anything(say, ask, world, plugin):
    path = f"/plugin-rules/{world.tenant['village']}/{plugin}"
    sent = {"json": {"rule": "forbid"}, "version": 0}
    assert ask("clerk", "PUT", path, at="village", **sent).status_code == 403
    assert ask("resident", "PUT", path, at="village", **sent).status_code == 403
    assert ask("neighbour", "GET", path, at="village").status_code == 404
    beside = f"/plugin-rules/{world.tenant['sibling']}/{plugin}"
    assert ask("official@village", "PUT", beside, at="village", **sent).status_code == 404
    assert say("village", "forbid", plugin_id="nobodys_plugin").status_code == 404


def test_first_it_is_foreseen(say, active, plugin, world):
    foreseen = say("city", "offer", on=True, dry_run=True)
    assert effects(foreseen, plugin) == (7, 0)
    assert foreseen.json["dry_run"]
    levels = {one["level"]: one["on"] for one in foreseen.json["effects"][0]["levels"]}
    assert levels == {1: 1, 2: 1, 3: 1, 4: 2, 5: 2}
    assert active() == set()
    assert world.one("select count(*) from wuji.plugin_rule where plugin_id = %s", plugin) == 0
    assert effects(say("city", "offer", on=True), plugin) == (7, 0)


def test_what_those_below_have_said_is_foreseen_too(say, plugin):
    say("city", "offer", on=True)
    assert effects(say("street", "forbid"), plugin) == (0, 5)
    assert effects(say("city", "forbid", version=1, dry_run=True), plugin) == (0, 2)
    assert effects(say("city", "require", version=1), plugin) == (5, 0)


def test_versions(say):
    assert say("city", "offer", version=None).status_code == 428
    assert say("city", "offer", on=True).headers["ETag"] == '"1"'
    assert say("city", "forbid", version=0).status_code == 412
    assert say("city", "forbid", version=1).headers["ETag"] == '"2"'


def test_two_at_once(say):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda on: say("city", "offer", on=on).status_code, (True, False)))
    assert sorted(answers) == [200, 412]


def test_it_takes_effect_without_restart(workshop, serve, say, plugin, world):
    """In another process of web within about a second, without anybody telling it."""
    deployment = serve(workshop.load()).extensions["wuji"]

    def counts():
        with deployment.work(world.door("resident", "village"), read_only=True) as session:
            return deployment.active(session, plugin)

    assert not counts()
    for version, (word, on) in enumerate((("require", True), ("forbid", False))):
        assert say("city", word, version=version).status_code == 200
        began = monotonic()
        while counts() is not on:
            assert monotonic() - began < 5


def test_what_was_rolled_back_was_never_active(app, world, plugin):
    deployment = app.extensions["wuji"]
    rule = "select wuji.plugin_rule_put(%s, %s, 'require', null, '', null, null, false, '{}', 0)"
    with world.enter("official@city", "city") as transaction:
        transaction.one(rule, world.tenant["city"], plugin)
    with deployment.work(world.door("resident", "village"), read_only=True) as session:
        assert not deployment.active(session, plugin)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"rule": "require", "on": True}, "#/on"),
        ({"rule": "forbid", "until": "2020-01-01"}, "#/until"),
        ({"rule": "forbid", "stages": [{"on": "2030-01-01"}]}, "#/stages"),
        ({"rule": "require", "stages": []}, "#/stages"),
        ({"rule": "require", "stages": [{"on": "2030-01-01", "codes": ["999"]}]}, "#/stages/0/codes"),
        ({"rule": "require", "stages": [{"on": "soon"}]}, "#/stages/0/on"),
        ({"rule": "require", "allows": ["ranking"]}, "#/allows"),
        ({"rule": "perhaps"}, "#/rule"),
        ({}, "#/rule"),
    ],
)
def test_what_cannot_be_said(ask, world, plugin, sent, pointer):
    path = f"/plugin-rules/{world.tenant['city']}/{plugin}"
    for query in ("", "?dry_run=true"):
        answer = ask("official@city", "PUT", path + query, at="city", version=0, json=sent)
        assert answer.status_code == 422, answer.text
        assert pointer in {fault["pointer"] for fault in answer.json["errors"]}
    assert world.one("select count(*) from wuji.plugin_rule where plugin_id = %s", plugin) == 0


def test_a_rule_ends_by_itself(say, show, world, plugin):
    say("city", "require", until=TODAY.isoformat())
    assert show("village")["active"]
    world.run("update wuji.plugin_rule set until = current_date - 2 where plugin_id = %s", plugin)
    world.run("update wuji.plugin_epoch set n = n + 1")
    shown = show("village")
    assert (shown["active"], shown["ladder"][0]["verdict"]) == (False, "silent")
    assert "held until" in shown["ladder"][0]["sentence"]


def test_a_roll_out_by_stages_is_paused_and_goes_on(say, ask, show, world, plugin):
    past, later = TODAY - timedelta(days=2), TODAY + timedelta(days=9)
    stages = [{"on": past.isoformat(), "codes": [world.code["village"]]}, {"on": later.isoformat(), "codes": None}]
    answer = say("street", "require", stages=stages)
    assert effects(answer, plugin) == (3, 0)  # the street itself, the village, its grid
    assert (show("grid")["active"], show("niece")["active"]) == (True, False)
    assert show("niece")["ladder"][2]["sentence"] == "The roll-out of street has not come this far."
    said = show("street")["own"]["stages"]
    assert [(s["on"], s["tenants"] and [t["name"] for t in s["tenants"]]) for s in said] == [
        (past.isoformat(), ["village"]),
        (later.isoformat(), None),
    ]
    path = f"/plugin-rules/{world.tenant['street']}/{plugin}"
    paused = ask("official@street", "POST", f"{path}/pause", at="street")
    assert paused.status_code == 200, paused.text
    assert paused.json["plugin"]["own"]["paused_at"]
    assert show("grid")["active"]
    assert ask("official@street", "POST", f"{path}/resume", at="street").json["plugin"]["own"]["paused_at"] is None
    assert ask("official@city", "POST", f"{path}/pause", at="city").status_code == 409


def test_levels_and_needs_bound_it(workshop, serve, world, ask):
    base = workshop.write(manifest='levels = ["street", "community"]')
    top = workshop.write(manifest=f"needs = ['{base}']")
    app = serve(workshop.load())
    world.rule("city", base, top)
    shown = {}
    for tenant in ("district", "street", "grid"):
        items = ask(f"official@{tenant}", "GET", "/plugins", at=tenant, app=app).json["items"]
        shown[tenant] = {item["id"]: (item["active"], item["cause"]) for item in items if item["id"] in {base, top}}
    assert shown["district"] == {base: (False, "level"), top: (False, "needs")}
    assert shown["street"] == {base: (True, "rule"), top: (True, "rule")}
    path = f"/plugin-rules/{world.tenant['street']}/{base}?dry_run=true"
    answer = ask("official@city", "PUT", path, at="city", version=0, json={"rule": "forbid"}, app=app)
    assert effects(answer, base) == (0, 3)
    assert effects(answer, top) == (0, 3)


def test_a_sensitive_feature_needs_the_roots_word(workshop, serve, world, ask):
    ranking = '[[sensitive]]\nid = "ranking"\n[sensitive.name]\nzh-CN = "排行"\nen = "Ranking"'
    name = workshop.write(manifest=ranking)
    app = serve(workshop.load())
    path = f"/plugin-rules/{{}}/{name}"

    def send(at, **sent):
        where = path.format(world.tenant[at])
        return ask(
            "official@city", "PUT", where, at="city", version=0, json={"rule": "offer", "on": True, **sent}, app=app
        )

    until = (TODAY + timedelta(days=30)).isoformat()
    assert send("district", allows=["ranking"], reason="a trial", until=until).status_code == 422
    assert send("city", allows=["ranking"], until=until).status_code == 422
    assert send("city", allows=["ranking"], reason="a trial").status_code == 422
    answer = send("city", allows=["ranking"], reason="a trial", until=until)
    assert answer.status_code == 200, answer.text
    shown = ask("official@village", "GET", f"/plugins/{name}", at="village", app=app).json
    assert shown["sensitive"] == [{"id": "ranking", "name": "Ranking", "allowed": True}]


def test_side_by_side(say, ask, world, plugin):
    say("city", "offer", on=True)
    say("district", "forbid", at="street")
    first = ask("official@district", "GET", "/plugin-rules?limit=1", at="district").json
    cell = {c["plugin_id"]: c for row in first["items"] for c in row["cells"] if row["self"]}[plugin]
    assert (cell["active"], cell["rule"], cell["inherited"]) == (True, "offer", True)
    below = first["items"][1]
    assert (below["tenant"]["name"], below["tenant"]["children"], below["cells"][0]["rule"]) == ("street", 2, "forbid")
    street = f"/plugin-rules?parent_id={world.tenant['street']}&limit=1"
    opened = ask("official@district", "GET", street, at="district").json
    assert [row["tenant"]["name"] for row in opened["items"]] == ["street", "village"]
    assert all(not cell["active"] for row in opened["items"] for cell in row["cells"])
    rest = ask("official@district", "GET", f"{street}&cursor={opened['next']}", at="district").json
    assert [row["tenant"]["name"] for row in rest["items"]] == ["sibling"]
    assert rest["next"] is None
    assert (
        ask("official@district", "GET", f"/plugin-rules?parent_id={world.tenant['other']}", at="district").status_code
        == 404
    )


def test_rules_as_a_list(say, ask, plugin):
    say("city", "offer", on=True, reason="spring")
    say("street", "forbid", reason="concrete")
    listed = ask("official@district", "GET", f"/plugin-rules/all?plugin_id={plugin}", at="district").json
    assert [(row["name"], row["rule"], row["set_by"], row["reason"]) for row in listed["items"]] == [
        ("street", "forbid", "street", "concrete")
    ]
    sent = {"list": "governance.rules", "format": "csv", "filters": {}}
    assert ask("official@district", "POST", "/exports", at="district", json=sent).status_code in {200, 201}


def test_everything_is_recorded(say, world, plugin):
    say("district", "forbid", at="street", reason="concrete")
    row = world.run(
        "select verb, kind, reason from wuji.journal_record where subject_id = %s and tenant_id = %s",
        *(plugin, world.tenant["street"]),
    ).fetchone()
    assert row == ("governance.rule.forbid", "plugin_rule", "concrete")


HEARS = (
    "heard = []\n@hook\ndef wuji_tenant_changed(self, session, change):\n"
    "    self.heard.append((change.what, change.tenant_id))"
)


def test_a_plugin_hears_of_its_own_switch(workshop, serve, world, ask):
    name = workshop.write(HEARS)
    plugins = workshop.load()
    app, path = serve(plugins), f"/plugin-rules/{world.tenant['village']}/{name}"
    ask("official@street", "PUT", path, at="street", version=0, json={"rule": "require"}, app=app)
    ask("official@street", "PUT", path, at="street", version=1, json={"rule": "forbid"}, app=app)
    heard = plugins.by_id[name].implementation.heard
    tenants = sorted(world.tenant[t] for t in ("village", "grid"))
    assert sorted(heard[:2]) == [("activate", t) for t in tenants]
    assert sorted(heard[2:]) == [("deactivate", t) for t in tenants]
