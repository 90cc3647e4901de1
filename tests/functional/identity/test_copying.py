"""A copy of what is kept of oneself: all of it, nobody else's, and readable."""

from wuji.inbox.sealing import Vault
from wuji.testing.factories import factories


def copy(people, who, **given):
    return people.ask(who, "POST", "/me/copy", **given)


def test_it_holds_what_the_wall_says_is_theirs(people):
    world = people.world
    for table in ("wuji.notification", "plugin_agri_tips.crop_choice"):
        factories[table](world, "village")
    account = world.account["resident"]
    sealed = Vault(world.server.seal).close(account, "email", "zhang@example.org")
    factories["wuji.address"](world, "village", channel="email", address=sealed)
    answer = copy(people, "resident")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    tables = answer.json["tables"]
    assert tables["wuji.account"][0]["login"] == people.login_of("resident")
    assert [row["account_name"] for row in tables["wuji.role_grant"]] == [tables["wuji.account"][0]["name"]]
    assert len(tables["plugin_agri_tips.crop_choice"]) == 1
    assert len(tables["wuji.notification"]) == 1
    assert [row["address"] for row in tables["wuji.address"]] == ["zhang@example.org"]
    assert len(tables["sessions"]) == 1


def test_nothing_in_it_is_anybody_elses_or_opens_anything(people):
    people.give_password("resident")
    text = copy(people, "resident").text
    others = [id_ for who, id_ in people.world.account.items() if who != "resident"]
    owners = {row.get("account_id") for rows in copy(people, "resident").json["tables"].values() for row in rows}
    assert owners <= {None, str(people.world.account["resident"])}
    assert others
    assert "argon2" not in text
    assert people.world.cookie["resident"] not in text


def test_it_is_told_in_ones_own_record(people):
    copy(people, "resident")
    assert people.ask("resident", "GET", "/me/access-log").json["items"][0]["verb"] == "identity.account.copy"


def test_only_of_somebody_who_is_there(people):
    people.give_password("resident")
    people.world.run(
        "update wuji.account_session set auth_time = now() - interval '1 hour' where account_id = %s",
        people.world.account["resident"],
    )
    answer = copy(people, "resident")
    assert (answer.status_code, answer.json["how"]) == (403, "password")
    assert copy(people, "anonymous").status_code == 401
