"""The set-up list: what has happened ticks itself off, the rest is said by people."""

import pytest


@pytest.fixture
def fresh(door):
    """A tenant that was just admitted, named `new`; its head acts through the village's official."""
    token = door.apply()
    door.review("official@village", "village", token)
    door.world.code["new"] = door.status(token)["tenant_code"]
    return door


def done(door, at: str = "new") -> dict[str, bool]:
    items = door.ask("official@village", "GET", "/setup", at=at).json["items"]
    return {item["key"]: item["done"] for item in items}


def test_a_tenant_that_was_not_admitted_here_has_nothing_to_do(door):
    items = door.ask("official@village", "GET", "/setup", at="village").json["items"]
    assert all(item["done"] for item in items)
    assert [item["url"] for item in items] == [
        f"/console/{door.world.code['village']}/{page}" for page in ("settings", "accounts", "governance")
    ]


def test_what_is_said_holds_and_can_be_taken_back(fresh, slug):
    first = fresh.ask("official@village", "GET", "/setup", at="new")
    version = first.headers["ETag"].strip('"')
    changed = fresh.ask("official@village", "PUT", "/setup", at="new", version=version, json={"done": ["modules"]})
    assert changed.status_code == 200
    assert done(fresh) == {"theme": False, "officials": False, "modules": True}
    late = fresh.ask("official@village", "PUT", "/setup", at="new", version=version, json={"done": []})
    assert slug(late) == (412, "kit.changed_meanwhile")
    assert fresh.ask("official@village", "PUT", "/setup", at="new", json={"done": []}).status_code == 428
    version = changed.headers["ETag"].strip('"')
    fresh.ask("official@village", "PUT", "/setup", at="new", version=version, json={"done": []})
    assert done(fresh)["modules"] is False


def test_what_has_happened_needs_nobody_to_say_it(fresh):
    tenant = fresh.world.one(
        "select tenant_id from wuji.tenant_code where code = %s and valid_to is null", fresh.world.code["new"]
    )
    fresh.world.tenant["new"] = tenant
    fresh.world.person("member of new", ("new", "member"))
    assert done(fresh)["officials"] is False
    fresh.world.person("second", ("new", "clerk"))
    fresh.world.run("""update wuji.tenant_profile set theme = '{"brand": "#0a0"}' where tenant_id = %s""", tenant)
    fresh.world.rule("new", "tea", by="village")
    assert done(fresh) == {"theme": True, "officials": True, "modules": False}, (
        "what others say of its modules is no choice of its own"
    )
    fresh.world.rule("new", "tea", rule="forbid")
    assert done(fresh) == {"theme": True, "officials": True, "modules": True}
    read = fresh.ask("official@village", "GET", "/setup", at="new")
    version = read.headers["ETag"].strip('"')
    fresh.ask("official@village", "PUT", "/setup", at="new", version=version, json={"done": []})
    assert done(fresh)["officials"] is True


@pytest.mark.parametrize("sent", [{"done": ["tea"]}, {"done": "theme"}, {"done": None}, {}, {"done": [], "x": 1}])
def test_bad_input(fresh, sent):
    assert fresh.ask("official@village", "PUT", "/setup", at="new", version=1, json=sent).status_code == 422


def test_who_reads_and_who_writes(fresh):
    version = fresh.ask("clerk", "GET", "/setup", at="village").headers["ETag"].strip('"')
    assert fresh.ask("clerk", "PUT", "/setup", at="village", version=version, json={"done": []}).status_code == 403
    assert fresh.ask("resident", "GET", "/setup", at="village").status_code == 403
    assert fresh.ask("official@sibling", "GET", "/setup", at="village").status_code == 404
