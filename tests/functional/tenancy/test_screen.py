"""What a tenant's screen shows beside figures."""

from datetime import UTC, datetime


def happen(world, at, verb, subject="1", kind="tenant"):
    world.run(
        "insert into wuji.journal_record(tenant_id, root_id, account_id, verb, kind, subject_id) values (%s, %s, %s, %s, %s, %s)",
        world.tenant[at],
        world.tenant["city"],
        world.account["resident"],
        verb,
        kind,
        subject,
    )


def test_the_frame(ask, world):
    for at, verb in (
        ("village", "tenancy.tenant.rename"),
        ("village", "identity.grant.give"),
        ("sibling", "tenancy.tenant.move"),
    ):
        happen(world, at, verb)
    found = ask("official@village", "GET", "/screen", at="village")
    told = [(one["text"], one["tenant"]["code"]) for one in found.json["happenings"]]
    assert told == [("Renamed a tenant", world.code["village"])]
    assert found.json["below"] == [{"level": 5, "tenants": 1}]
    assert (found.json["tenant"]["code"], found.json["zone"]) == (world.code["village"], "Asia/Shanghai")
    assert abs((datetime.fromisoformat(found.json["today"]).replace(tzinfo=UTC) - datetime.now(UTC)).days) <= 1
    assert "account" not in found.text
    assert "resident" not in found.text
    again = ask("official@village", "GET", "/screen", at="village", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    above = ask("official@street", "GET", "/screen", at="street").json["happenings"]
    assert {one["tenant"]["code"] for one in above} == {world.code["village"], world.code["sibling"]}


def test_it_is_for_officials(ask):
    for who, status in (("resident", 403), ("official@sibling", 404), ("anonymous", 401)):
        assert ask(who, "GET", "/screen", at="village").status_code == status, who


def test_figures_are_chosen(ask, faults):
    def choose(value):
        return ask(
            "official@village",
            "PUT",
            "/settings/screen.figures",
            at="village",
            version=0,
            json={"mode": "set", "value": value},
        )

    assert "#/value" in faults(choose("agri_tips.reads"))
    refused = choose(["nothing.there"])
    assert "#/value" in faults(refused)
    assert "nothing.there" in refused.text
    assert choose([]).status_code == 200
    active = [one["name"] for one in ask("official@village", "GET", "/figures", at="village").json["items"]]
    assert ask("official@village", "GET", "/screen", at="village").json["figures"] == active[:3]
