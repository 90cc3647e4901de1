"""The operator and the roots."""

from wuji.testing.world import CODES


def one(world, name="city", part=""):
    return f"/operator/tenants/{world.tenant[name]}{part}"


def test_a_root_is_added(ask, world, journal):
    code = next(CODES)
    answer = ask(
        "operator", "POST", "/operator/tenants", json={"name": "示例市", "code": code, "category": "territory"}
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json["level"], answer.json["parent"]) == (1, None)
    world.tenant["made"] = answer.json["id"]
    assert journal("made")[0][0] == journal(None)[-1][0] == "tenancy.tenant.add"
    events = world.run(
        "select distinct event_id from wuji.journal_record where subject_id = %s and kind = 'tenant'",
        str(answer.json["id"]),
    )
    assert len(events.fetchall()) == 1


def test_a_lone_village(ask):
    code = next(CODES) + "00000001"
    sent = {"name": "孤村", "code": code, "category": "territory", "level": 4}
    assert ask("operator", "POST", "/operator/tenants", json=sent).json["level"] == 4


def test_a_suspended_root_stays_on_the_operators_list(ask, world):
    def listed(query):
        rows = ask("operator", "GET", f"/operator/tenants?q={world.code['city']}{query}").json["items"]
        return [(row["name"], row["state"]) for row in rows]

    assert listed("") == [("city", "active")]
    sent = {"state": "suspended", "reason": "not paid"}
    assert ask("operator", "PUT", one(world, part="/state"), version=1, json=sent).status_code == 200
    assert listed("&state=suspended") == [("city", "suspended")]
    assert ask("anonymous", "GET", at="village").status_code == 404
    assert ask("official@city", "GET", "/tenants", at="city").status_code == 404
    there = ask("operator", "GET", one(world))
    assert (there.json["state"], there.headers["ETag"]) == ("suspended", '"2"')
    sent = {"state": "active", "reason": "paid"}
    assert ask("operator", "PUT", one(world, part="/state"), version=2, json=sent).status_code == 200
    assert ask("anonymous", "GET", at="village").status_code == 200


def test_rename(ask, world, journal):
    answer = ask("operator", "PUT", one(world, part="/name"), version=1, json={"name": "新市"})
    assert (answer.status_code, answer.json["name"]) == (200, "新市")
    assert journal("city")[-1][0] == journal(None)[-1][0] == "tenancy.tenant.rename"


def test_the_operator_has_roots_only(ask, world):
    for name in ("district", "village"):
        assert ask("operator", "GET", one(world, name)).status_code == 404
        answer = ask("operator", "PUT", one(world, name, "/name"), version=1, json={"name": "x"})
        assert answer.status_code == 404
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["district"])
    assert ask("operator", "GET", f"/operator/tenants?q={world.code['district']}").json["items"] == []
    with world.enter("operator", None) as tx:
        assert (
            tx.all("select name from wuji.tenant where id = any(%s) and state <> 'active'", list(world.tenant.values()))
            == []
        )


def test_nobody_else(ask, world):
    for who, status in (("official@city", 404), ("resident", 404), ("anonymous", 401)):
        assert ask(who, "GET", "/operator/tenants").status_code == status
        assert ask(who, "PUT", one(world, part="/name"), version=1, json={"name": "x"}).status_code == status
