"""An account ends when its person wants that: after seven days, with all of its own, its offices handed over."""

import pytest
from psycopg.types.json import Jsonb

from wuji.identity.life.services.closing import REFLECTION
from wuji.kit.db.model import Model
from wuji.testing.factories import factories


def slug(answer):
    return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")


def close(people, who, **given):
    return people.ask(who, "POST", "/me/closure", json={"login": people.login_of(who), **given})


def purge(world):
    """What the rule of retention does, and it alone: other worlds stand in the same database."""
    rule = "select keep_for from wuji.retention where table_name = 'wuji.account_erase'"
    world.run(f"select wuji.account_erase(now() - ({rule}))")


def wait(world, who, days):
    world.run(
        "update wuji.account_closure set asked_at = now() - make_interval(days => %s) where account_id = %s",
        *(days, world.account[who]),
    )


def left(world, account):
    """Tables of people's own rows that still hold some of this account."""
    own = {n: t.info["wall"] for n, t in Model.metadata.tables.items() if t.info["wall"].kind == "account"}
    found = [
        name
        for name, wall in own.items()
        if wall.own == "account_id" and world.one(f"select count(*) from {name} where account_id = %s", account)
    ]
    return sorted(found)


@pytest.fixture
def closing(people):
    answer = close(people, "resident")
    assert answer.status_code == 201, answer.text
    return answer.json


def test_it_can_be_taken_back_for_seven_days(people, closing):
    world = people.world
    assert closing["due_at"] > closing["asked_at"]
    again = close(people, "resident").json
    assert again["asked_at"] == closing["asked_at"]
    wait(world, "resident", 6)
    purge(world)
    assert people.ask("resident", "GET", "/me/closure").json["due_at"]
    assert people.ask("resident", "DELETE", "/me/closure").status_code == 204
    assert people.ask("resident", "DELETE", "/me/closure").status_code == 404
    assert people.ask("resident", "GET", "/me/closure").json["asked_at"] is None
    purge(world)
    assert people.ask("resident", "GET", "/me").status_code == 200


def test_nothing_of_its_own_is_left(people):
    world, account = people.world, people.world.account["resident"]
    people.give_password("resident")
    tables = [n for n, t in Model.metadata.tables.items() if t.info["wall"].kind == "account" and n in factories]
    for table in {*tables, "wuji.factor", "wuji.recovery_code"} - {"wuji.account"}:
        factories[table](world, "village")
    assert "plugin_agri_tips.crop_choice" in left(world, account)
    assert close(people, "resident").status_code == 201
    wait(world, "resident", 8)
    purge(world)
    assert left(world, account) == ["wuji.consent"]
    for table in ("credential", "factor", "recovery_code", "one_time_link"):
        assert world.one(f"select count(*) from wuji.{table} where account_id = %s", account) == 0
    assert people.ask("resident", "GET", "/me").status_code == 401
    assert people.log_in("resident").status_code == 401
    state, login, name = world.run("select state, login, name from wuji.account where id = %s", account).fetchone()
    assert (state, login, name) == ("closed", f"closed-{account}", "—")
    names = world.run("select account_name, revoked_at is null from wuji.role_grant where account_id = %s", account)
    assert names.fetchall() == [("—", False)]
    assert world.one("select count(*) from wuji.consent where account_id = %s and withdrawn_at is null", account) == 0


def test_every_table_of_peoples_own_rows_can_let_go_of_them(people):
    """Of plugins `check_tables` says so when they are loaded."""
    found = people.world.run(
        "select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') "
        "and obj_description(c.oid, 'pg_class') = 'kind=account' and c.relname <> 'account' "
        "and not has_table_privilege('wuji_definer', c.oid, 'delete')"
    )
    assert [name for (name,) in found.fetchall()] == ["wuji.consent"]


def test_a_login_is_free_again_and_nobody_can_be_the_account(people):
    world, login = people.world, people.login_of("resident")
    close(people, "resident")
    wait(world, "resident", 8)
    purge(world)
    newcomer = {"login": login, "name": "另一个人", "role": "resident"}
    made = people.ask("official@village", "POST", people.at("village", "/accounts"), json=newcomer)
    assert made.status_code == 201, made.text
    account = world.account["resident"]
    path = people.at("village", f"/accounts/{account}/link")
    assert people.ask("official@village", "POST", path).status_code == 404


def test_it_ends_when_it_says(people):
    found = people.world.one("select keep_for from wuji.retention where table_name = 'wuji.account_erase'")
    assert found == REFLECTION


def test_offices_are_handed_over_first(people):
    asked = close(people, "official@village")
    assert slug(asked) == (409, "identity.closure_official")
    assert "village" in asked.json["detail"]
    shown = people.ask("official@village", "GET", "/me/closure").json
    assert [office["tenant"]["name"] for office in shown["offices"]] == ["village"]
    assert slug(close(people, "operator")) == (409, "identity.closure_official")


def test_whoever_was_given_an_office_meanwhile_keeps_the_account(people):
    world = people.world
    assert close(people, "resident").status_code == 201
    world.grant("resident", "village", "clerk")
    wait(world, "resident", 8)
    purge(world)
    assert people.ask("resident", "GET", "/me").status_code == 200
    assert people.ask("resident", "GET", "/me/closure").json["asked_at"] is None
    assert people.ask("resident", "GET", "/me/access-log").json["items"][0]["verb"] == "identity.closure.end"


def test_another_login_closes_nothing(people):
    answer = close(people, "resident", login="somebody-else")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/login")
    assert people.ask("resident", "GET", "/me/closure").json["asked_at"] is None


def test_it_takes_a_fresh_proof_and_ends_other_sessions(people):
    people.give_password("resident")
    other = people.log_in("resident")
    assert other.status_code == 200
    people.world.run(
        "update wuji.account_session set auth_time = now() - interval '1 hour' where account_id = %s",
        people.world.account["resident"],
    )
    assert close(people, "resident").json["how"] == "password"
    people.world.run(
        "update wuji.account_session set auth_time = now() where account_id = %s", people.world.account["resident"]
    )
    assert close(people, "resident").status_code == 201
    assert len(people.ask("resident", "GET", "/me/sessions").json["items"]) == 1


def test_what_was_decided_elsewhere_stays(people):
    """Settings, tips and the journal are the place's: they know the account by its number."""
    world, account = people.world, people.world.account["resident"]
    assert close(people, "resident").status_code == 201
    before = world.one("select count(*) from wuji.journal_record where account_id = %s", account)
    factories["wuji.setting_value"](world, "village", key="onboarding.registration", value=Jsonb("review"))
    wait(world, "resident", 8)
    purge(world)
    assert world.one("select count(*) from wuji.journal_record where account_id = %s", account) >= before
    assert world.one("select count(*) from wuji.setting_value where tenant_id = %s", world.tenant["village"]) == 1
