"""What happened to one's account, for oneself to read: what officials did is told by their places, not by their names."""

from tests.functional.identity.conftest import WORDS


def told(people, who, **query):
    answer = people.ask(who, "GET", "/me/access-log", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_it_tells_what_others_and_oneself_did(people):
    people.give_password("resident")
    people.log_in("resident")
    account = people.world.account["resident"]
    path = people.at("village", f"/accounts/{account}/state")
    tag = people.ask("official@village", "GET", path).headers["ETag"]
    done = people.ask("official@village", "PUT", path, json={"state": "suspended"}, headers={"If-Match": tag})
    assert done.status_code == 200, done.text
    tag = done.headers["ETag"]
    done = people.ask("official@village", "PUT", path, json={"state": "active"}, headers={"If-Match": tag})
    assert done.status_code == 200
    client = people.browser()
    people.log_in("resident", client=client)
    items = told(people, client)
    found = [(one["verb"], one["author"], one["tenant_code"]) for one in items]
    code = people.world.code["village"]
    assert found[:4] == [
        ("identity.session.open", "oneself", None),
        ("identity.account.restore", "official", code),
        ("identity.account.suspend", "official", code),
        ("identity.session.open", "oneself", None),
    ]
    assert [one["said"] for one in items[:2]] == ["Logged in", "Restored the account"]
    names = {one["tenant_name"] for one in items if one["tenant_name"]}
    assert names == {people.world.one("select name from wuji.tenant where id = %s", people.world.tenant["village"])}


def test_roles_that_were_given_and_taken_are_told(people):
    asked = {"login": people.login_of("resident"), "role": "member"}
    given = people.ask("official@village", "POST", people.at("village", "/grants"), json=asked)
    assert given.status_code == 201, given.text
    path = people.at("village", f"/grants/{given.json['role_grant_id']}")
    assert people.ask("official@village", "DELETE", path, json={"reason": "转出到外省"}).status_code == 200
    found = [(one["verb"], one["author"], one["reason"]) for one in told(people, "resident")[:2]]
    assert found == [
        ("identity.grant.take", "official", "转出到外省"),
        ("identity.grant.give", "official", ""),
    ]


def test_nobody_reads_of_another(people):
    people.give_password("member")
    people.log_in("member")
    ids = {one["id"] for one in told(people, "member")}
    assert ids
    assert not ids & {one["id"] for one in told(people, "resident")}
    assert people.ask("anonymous", "GET", "/me/access-log").status_code == 401


def test_it_goes_on_page_by_page(people):
    people.give_password("resident")
    for _ in range(5):
        people.log_in("resident", WORDS)
    first = people.ask("resident", "GET", "/me/access-log", query_string={"limit": 2}).json
    assert len(first["items"]) == 2
    second = people.ask("resident", "GET", "/me/access-log", query_string={"limit": 2, "cursor": first["next"]}).json
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}
    assert first["total"]["value"] >= 5
