"""Grants: listed in the subtree, given within own rights, taken with what rested on them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest


def give(people, who, whom, role, at="village", **given):
    sent = {"login": people.login_of(whom), "role": role, **given}
    return people.ask(who, "POST", people.at(at, "/grants"), json=sent)


def take(people, who, number, at="village", **given):
    return people.ask(who, "DELETE", people.at(at, f"/grants/{number}"), **given)


def holders(people, who, query="", at="village"):
    answer = people.ask(who, "GET", people.at(at, f"/grants?limit=100{query}"))
    assert answer.status_code == 200, answer.text
    return sorted(item["account_name"] for item in answer.json["items"])


def test_the_list_is_of_the_subtree_alone(people):
    people.world.grant("official@village", "other", "resident")  # the reader's own, elsewhere
    everybody = ["clerk", "expired", "member", "official@grid", "official@village", "resident", "revoked", "suspended"]
    assert holders(people, "official@village") == everybody
    assert holders(people, "clerk", at="grid") == ["official@grid"]
    assert "neighbour" in holders(people, "official@street", at="street")


def test_filters(people):
    for query, names in (
        ("&state=revoked", ["revoked"]),
        ("&state=expired", ["expired"]),
        ("&state=live&role=clerk", ["clerk"]),
        ("&q=resid", ["resident"]),
        (f"&tenant={people.world.code['grid']}", ["official@grid"]),
        ("&account_state=suspended", ["suspended"]),
        ("&q=%25", []),
    ):
        assert holders(people, "official@village", query) == names
    for query in ("state=dead", "account_state=active", "limit=101", "sort=expires_at", "x=1", "cursor=zzz", "q=%00"):
        assert people.ask("official@village", "GET", people.at("village", f"/grants?{query}")).status_code == 422


def test_those_that_end_soon(people):
    world, now = people.world, datetime.now(UTC)
    for who, days in (("soon", 29), ("later", 31)):
        world.person(who)
        world.grant(who, "grid", "clerk", expires_at=now + timedelta(days=days))
    assert holders(people, "official@village", "&ending=soon") == ["soon"]
    assert holders(people, "official@village", "&ending=later") == ["later"]
    assert {"expired", "revoked", "clerk"} <= set(holders(people, "official@village", "&ending=never"))


def test_whose_account_is_suspended(people):
    """Of those who hold something here now; whoever holds nothing any more is no business of this tenant's."""
    world = people.world
    more = [world.account["revoked"], world.account["neighbour"]]
    world.run("update wuji.account set state = 'suspended' where id = any(%s)", more)

    def standing(who, at):
        items = people.ask(who, "GET", people.at(at, "/grants?limit=100")).json["items"]
        return {item["account_name"]: item["account_state"] for item in items}

    seen = standing("official@village", "village")
    assert {name: seen[name] for name in ("suspended", "clerk", "revoked", "expired")} == {
        "suspended": "suspended", "clerk": "active", "revoked": None, "expired": None
    }  # fmt: skip
    assert holders(people, "official@street", "&account_state=suspended", "street") == ["neighbour", "suspended"]
    assert holders(people, "official@foreign", "&account_state=suspended", "foreign") == []


def test_pages(people):
    url, names = people.at("village", "/grants?limit=3&sort=account_name"), []
    while url:
        page = people.ask("official@village", "GET", url).json
        assert page["total"] == {"value": 8, "capped": False}
        names += [item["account_name"] for item in page["items"]]
        url = page["next"] and people.at("village", f"/grants?limit=3&sort=account_name&cursor={page['next']}")
    assert names == sorted(names)
    assert len(names) == 8


def test_an_item_says_who_what_where_until_when(people):
    (item,) = people.ask("official@village", "GET", people.at("village", "/grants?role=clerk")).json["items"]
    assert item.pop("given_at")
    assert item == {
        "id": people.make_grant("clerk"),
        "account_id": str(people.world.account["clerk"]),
        "account_name": "clerk",
        "role": "clerk",
        "label": "identity.role.clerk",
        "labels": {},
        "expires_at": None,
        "state": "live",
        "account_state": "active",
        "ending": "never",
        "tenant": people.world.code["village"],
        "tenant_name": "village",
    }


def test_roles_that_can_be_given(people):
    people.world.insert(
        "wuji.role",
        {"tenant_id": people.world.tenant["city"], "name": "porter", "label": "门卫", "reach": "audience", "class": 2},
    )
    shown = {
        r["name"]: r["built_in"]
        for r in people.ask("clerk", "GET", people.at("village", "/roles?limit=100")).json["items"]
    }
    assert {"clerk", "head", "member", "porter", "resident"} <= shown.keys()
    assert not shown["porter"]
    assert shown["resident"]
    assert "operator" not in shown
    page = people.ask("official@foreign", "GET", people.at("foreign", "/roles?limit=100")).json
    assert "porter" not in [role["name"] for role in page["items"]]
    assert give(people, "official@village", "stranger", "porter").status_code == 201
    assert give(people, "official@foreign", "stranger", "porter", "foreign").status_code == 422


def test_giving_and_taking(people):
    given = give(people, "official@village", "stranger", "clerk")
    assert given.status_code == 201, given.text
    assert given.json["expires_at"] is None
    assert holders(people, "stranger", "&role=clerk") == ["clerk", "stranger"]
    number = given.json["role_grant_id"]
    answer = take(people, "official@village", number, json={"reason": "调走了"})
    assert (answer.status_code, answer.json) == (200, {"ended": 1})
    assert people.ask("stranger", "GET", people.at("village", "/grants")).status_code == 404
    assert take(people, "official@village", number).status_code == 404
    reason = people.world.one(
        "select reason from wuji.journal_record where verb = 'identity.grant.take' and subject_id = %s", number
    )
    assert reason == "调走了"


@pytest.mark.parametrize(
    ("whom", "given", "pointer"),
    [
        ("stranger", {"role": "king"}, "#/role"),
        ("stranger", {"role": "operator"}, "#/role"),
        ("nobody", {}, "#/login"),
        ("suspended", {}, "#/login"),
        ("clerk", {}, "#/role"),
        ("stranger", {"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at"),
    ],
)
def test_what_does_not_fit_is_named(people, faults, whom, given, pointer):
    found = faults(give(people, "official@village", whom, **{"role": "clerk", **given}))
    assert list(found) == [pointer]


def test_not_to_oneself(people):
    answer = give(people, "official@village", "official@village", "clerk")
    assert answer.json["type"] == "urn:wuji:problem:identity.not_oneself"


def test_not_above_own_rights(people):
    world = people.world
    for name, permissions in (("treasurer", ["test.purse.open"]), ("deputy", ["identity.grant.give"])):
        world.insert(
            "wuji.role",
            {
                "tenant_id": world.tenant["city"],
                "name": name,
                "label": name,
                "reach": "subtree",
                "class": 2,
                "permissions": permissions,
            },
        )
    answer = give(people, "official@village", "stranger", "treasurer")
    assert answer.status_code == 403
    assert "test.purse.open" in answer.json["detail"]
    assert give(people, "clerk", "stranger", "resident").status_code == 403
    world.person("deputy")
    assert give(people, "official@village", "deputy", "deputy").status_code == 201
    people.world.insert(
        "wuji.role",
        {"tenant_id": world.tenant["city"], "name": "inspector", "label": "x", "reach": "subtree", "class": 3},
    )
    answer = give(people, "deputy", "stranger", "inspector")  # nothing but a higher class
    assert answer.json["type"] == "urn:wuji:problem:identity.role_above"
    assert take(people, "deputy", people.make_grant("official@village")).status_code == 403


def test_nothing_outlives_what_it_rests_on(people, faults):
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    people.world.person("temporary")
    people.world.grant("temporary", "village", "head", expires_at=soon)
    later = (soon + timedelta(hours=1)).isoformat()
    assert list(faults(give(people, "temporary", "stranger", "clerk", expires_at=later))) == ["#/expires_at"]
    given = give(people, "temporary", "stranger", "clerk")
    assert datetime.fromisoformat(given.json["expires_at"]) == soon


def test_taking_cascades(people):
    for who in ("a", "b", "c"):
        people.world.person(who)
    first = give(people, "official@street", "a", "head").json["role_grant_id"]
    assert give(people, "a", "b", "clerk", "grid").status_code == 201
    assert give(people, "a", "c", "resident").status_code == 201
    assert take(people, "official@street", first).json == {"ended": 2}
    assert people.ask("b", "GET", people.at("grid", "/grants")).status_code == 404
    (belongs,) = people.ask("c", "GET", "/me").json["grants"]
    assert belongs["role"] == "resident"  # carries no right, so it rests on nobody's


def test_foreign_and_absent_grants_are_one_answer(people):
    seen = set()
    for number in (
        *(people.make_grant(who) for who in ("neighbour", "official@street", "official@other", "operator", "revoked")),
        str(uuid4()),
    ):
        answer = take(people, "official@village", number)
        assert answer.status_code == 404
        seen.add(answer.data.replace(number.encode(), b"?"))
    assert len(seen) == 1


def test_the_same_grant_at_once_is_given_once(people):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: give(people, "official@village", "stranger", "clerk").status_code, range(6)))
    assert sorted(answers) == [201] + [422] * 5


def test_a_right_that_is_taken_while_it_is_used_leaves_nothing_behind(people):
    """Whichever comes first: what was given goes with the right, or was never given."""
    for turn in range(5):
        head, clerk = f"head{turn}", f"clerk{turn}"
        people.world.person(head)
        people.world.person(clerk)
        number = give(people, "official@street", head, "head").json["role_grant_id"]
        with ThreadPoolExecutor(2) as pool:
            taken = pool.submit(take, people, "official@street", number)
            pool.submit(give, people, head, clerk, "clerk").result()
        assert taken.result().status_code == 200
        assert people.ask(clerk, "GET", "/me").json["grants"] == []


def test_a_repeated_call_gives_once(people):
    headers = {"Idempotency-Key": "k1"}
    sent = {"login": people.login_of("stranger"), "role": "clerk"}
    path = people.at("village", "/grants")
    first, again = (people.ask("official@village", "POST", path, json=sent, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
