"""Roles of a root: made with what one holds oneself, changed with effect at once, never above the maker."""

import pytest

ROLE = {
    "name": "inspector",
    "label": {"zh-CN": "督查员", "en": "Inspector"},
    "reach": "subtree",
    "class": 3,
    "permissions": ["journal.record.read"],
}


def make(people, who="official@city", at="city", **given):
    return people.ask(who, "POST", people.at(at, "/roles"), json={**ROLE, **given})


def put(people, role, version=None, who="official@city", at="city", **given):
    sent = {**{key: value for key, value in ROLE.items() if key != "name"}, **given}
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return people.ask(who, "PUT", people.at(at, f"/roles/{role}"), json=sent, headers=headers)


def remove(people, role, who="official@city", at="city"):
    return people.ask(who, "DELETE", people.at(at, f"/roles/{role}"), json={})


def give(people, who="stranger", role="inspector", at="village"):
    sent = {"login": people.login_of(who), "role": role}
    return people.ask("official@street", "POST", people.at(at, "/grants"), json=sent)


def slug(answer):
    return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")


def test_a_root_makes_a_role_and_its_officials_give_it(people):
    made = make(people)
    assert made.status_code == 201
    assert {name: made.json[name] for name in ("name", "label", "labels", "reach", "class", "permissions", "held")} == {
        **ROLE, "label": "督查员", "labels": {"zh-CN": "督查员", "en": "Inspector"}, "held": 0
    }  # fmt: skip
    listed = people.ask("official@village", "GET", people.at("village", "/roles?sort=-name")).json["items"]
    assert [item["id"] for item in listed if not item["built_in"]] == [made.json["id"]]
    assert give(people).status_code == 201
    assert people.ask("stranger", "GET", people.at("village", "/journal")).status_code == 200
    shown = people.ask("official@city", "GET", people.at("city", f"/roles/{made.json['id']}"))
    assert shown.json["held"] == 1


def test_a_change_holds_at_once(people):
    role = make(people).json["id"]
    give(people)
    assert people.ask("stranger", "GET", people.at("village", "/grants")).status_code == 403
    changed = put(people, role, 1, permissions=["identity.grant.read"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    assert people.ask("stranger", "GET", people.at("village", "/grants")).status_code == 200
    assert people.ask("stranger", "GET", people.at("village", "/journal")).status_code == 403


@pytest.mark.parametrize("change", [{"reach": "audience"}, {"class": 2}])
def test_what_holders_see_changes_only_where_that_is_said(people, change):
    role = make(people).json["id"]
    assert put(people, role, 1, **change).status_code == 200  # nobody holds it yet
    assert put(people, role, 2).status_code == 200
    give(people, "stranger")
    give(people, "resident")
    refused = put(people, role, 3, **change)
    assert slug(refused) == (409, "identity.role_in_use")
    assert refused.json["detail"].startswith("2 people")
    assert put(people, role, 3, label={"zh-CN": "督查"}).status_code == 200  # the words are nobody's right
    assert put(people, role, 4, **change, confirm=True).status_code == 200
    seen = people.ask("stranger", "GET", people.at("village", "/journal")).status_code
    assert seen == 200
    shown = people.ask("official@city", "GET", people.at("city", f"/roles/{role}")).json
    assert {name: shown[name] for name in change} == change
    assert shown["labels"] == ROLE["label"]


def test_nobody_s_change_is_lost(people):
    role = make(people).json["id"]
    assert slug(put(people, role)) == (428, "kit.version_needed")
    assert put(people, role, 1, label={"zh-CN": "甲"}).status_code == 200
    assert slug(put(people, role, 1, label={"zh-CN": "乙"})) == (412, "kit.changed_meanwhile")


def test_only_a_role_that_was_never_given_goes(people):
    role = make(people).json["id"]
    grant = give(people).json["role_grant_id"]
    assert slug(remove(people, role)) == (409, "identity.role_given")
    people.ask("official@street", "DELETE", people.at("village", f"/grants/{grant}"), json={})
    assert slug(remove(people, role)) == (409, "identity.role_given")  # history names it
    other = make(people, name="other").json["id"]
    assert remove(people, other).status_code == 204
    assert remove(people, other).status_code == 404
    assert give(people, role="other").status_code == 422


BAD = {
    "a name with blanks": ({"name": "in spector"}, "#/name"),
    "a built-in name": ({"name": "head"}, "#/name"),
    "no Chinese words": ({"label": {"en": "Inspector"}}, "#/label/zh-CN"),
    "words of a third language": ({"label": {"zh-CN": "督查员", "fr": "x"}}, "#/label/fr"),
    "no such reach": ({"reach": "world"}, "#/reach"),
    "no such class": ({"class": 4}, "#/class"),
    "half a class": ({"class": 2.5}, "#/class"),
    "an unknown permission": ({"permissions": ["journal.record.read", "journal.record.erase"]}, "#/permissions/1"),
    "everything": ({"permissions": ["*"]}, "#/permissions/0"),
    "no list": ({"permissions": "journal.record.read"}, "#/permissions"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(people, faults, case):
    given, pointer = BAD[case]
    assert list(faults(make(people, **given))) == [pointer]


def test_a_name_is_used_once(people, faults):
    make(people)
    assert list(faults(make(people))) == ["#/name"]
    assert make(people, "official@other", "other").status_code == 201  # each root has its own


def test_roles_are_the_root_s_business(people):
    assert slug(make(people, "official@village", "village")) == (409, "identity.roles_at_root")
    role = make(people).json["id"]
    for who, at in (("official@village", "village"), ("official@other", "other"), ("official@city", "district")):
        absent, foreign = put(people, 2147483647, 1, who, at), put(people, str(role).zfill(10), 1, who, at)
        assert absent.status_code == foreign.status_code == 404
        assert foreign.data.replace(str(role).zfill(10).encode(), b"2147483647") == absent.data
        assert remove(people, role, who, at).status_code == 404


def test_built_in_roles_are_nobody_s_to_change(people):
    head = people.world.role["head"]
    assert put(people, head, 1).status_code == 404
    assert remove(people, head).status_code == 404


@pytest.fixture
def designer(people):
    """Somebody at the root who may make roles, and little else."""
    held = ["identity.role.write", "identity.grant.give", "identity.grant.read"]
    role = {"name": "designer", "label": "x", "permissions": held, "reach": "subtree", "class": 2}
    people.world.role["designer"] = people.world.insert("wuji.role", {"tenant_id": people.world.tenant["city"], **role})
    people.world.person("designer")
    people.world.grant("designer", "city", "designer")
    return "designer"


def test_nobody_makes_a_role_above_their_own_rights(people, designer):
    refused = make(people, designer)
    assert slug(refused) == (403, "kit.forbidden")
    assert "journal.record.read" in refused.json["detail"]
    fitting = {"permissions": ["identity.grant.read"]}
    assert slug(make(people, designer, **fitting)) == (403, "identity.role_above")
    made = make(people, designer, **fitting, **{"class": 2})
    assert made.status_code == 201
    above = make(people, name="above").json["id"]
    emptied = put(people, above, 1, designer, permissions=[], **{"class": 2})
    assert emptied.status_code == 403  # nor takes from a role what they could not give
    assert remove(people, above, designer).status_code == 403


def test_who_may(people):
    for who, status in (("clerk", 404), ("operator", 404), ("resident", 404), ("anonymous", 401)):
        assert make(people, who).status_code == status, who
    assert make(people, "clerk", "village").status_code == 403
