"""The inbox of applications: who sees what, and for how long."""

from uuid import uuid4

import pytest


def test_who_may_do_what(door, slug):
    token = door.apply()
    path = f"/applications/{door.id_of(token)}"
    assert door.ask("clerk", "GET", path, at="village").json["contact_phone"] == "0562-1234567"
    refused = door.review("clerk", "village", token)
    assert slug(refused) == (403, "kit.forbidden")
    assert "onboarding.application.review" in refused.json["detail"]
    for who in ("resident", "member"):  # they hold something there, so they are told what is missing
        assert door.ask(who, "GET", path, at="village").status_code == 403
        assert door.review(who, "village", token).status_code == 403
    for who in ("stranger", "expired", "revoked", "official@grid", "official@sibling", "operator"):
        assert door.ask(who, "GET", path, at="village").status_code == 404
        assert door.review(who, "village", token).status_code == 404
    assert door.ask("anonymous", "GET", path, at="village").status_code == 401


@pytest.mark.parametrize(("parent", "who", "at"), [
    ("sibling", "official@village", "village"),
    ("street", "official@village", "village"),
    ("other", "official@city", "city"),
    ("village", "official@other", "other"),
])  # fmt: skip
def test_foreign_is_absent(door, uscc, parent, who, at):
    token = door.apply(parent=parent, code=uscc(), category="agency")
    foreign, absent = door.id_of(token), str(uuid4())
    for method, tail, sent in (("GET", "", None), ("POST", "/review", {"decision": "accept"})):
        one, other = (
            door.ask(who, method, f"/applications/{found}{tail}", at=at, json=sent) for found in (foreign, absent)
        )
        assert one.status_code == other.status_code == 404
        assert one.data.replace(foreign.encode(), b"?") == other.data.replace(absent.encode(), b"?")
    assert door.status(token)["state"] == "open"


def test_the_inbox_as_a_list(door, uscc):
    tokens = [door.apply(name=name) for name in ("甲网格", "乙网格", "丙网格")]
    above = door.apply(parent="street", code=uscc(), category="agency", name="农技站")
    door.review("official@village", "village", tokens[0], "reject", reason="重复")

    def names(query: str, who: str = "official@village", at: str = "village") -> list[str]:
        answer = door.ask(who, "GET", f"/applications{query}", at=at)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json["items"]]

    assert names("") == ["丙网格", "乙网格", "甲网格"]
    assert names("?state=open&sort=submitted_at") == ["乙网格", "丙网格"]
    assert names("?q=甲") == ["甲网格"]
    assert names("?level=4") == []
    assert names("?state=open", "official@street", "street") == ["农技站", "丙网格", "乙网格"]
    assert names(f"?tenant={door.world.code['street']}", "official@street", "street") == ["农技站"]
    assert names("", "official@sibling", "sibling") == []
    (first, *_) = door.ask("clerk", "GET", "/applications", at="village").json["items"]
    assert not {name for name in first if name.startswith("contact")}  # no list and no export says how to reach anybody
    assert door.status(above)["state"] == "open"


def test_an_unknown_filter_is_refused(door, faults):
    assert "?state" in faults(door.ask("clerk", "GET", "/applications?state=lost", at="village"))


def test_roots_are_the_operator_s(own, slug):
    token, below = own.apply(parent=None), own.apply()
    one = f"/operator/applications/{own.id_of(token)}"
    listed = own.ask("operator", "GET", "/operator/applications").json["items"]
    assert [item["id"] for item in listed] == [own.id_of(token)]
    assert own.ask("official@city", "GET", "/operator/applications").status_code == 404
    assert own.ask("official@city", "GET", one).status_code == 404
    assert own.ask("official@city", "GET", f"/applications/{own.id_of(token)}", at="city").status_code == 404
    assert own.ask("operator", "GET", f"/operator/applications/{own.id_of(below)}").status_code == 404
    assert own.ask("operator", "GET", one).json["parent"] is None
    refused = own.ask("operator", "POST", f"{one}/review", json={"decision": "reject"})
    assert refused.status_code == 422
    accepted = own.ask("operator", "POST", f"{one}/review", json={"decision": "accept"})
    assert (accepted.status_code, accepted.json["decided_by"]) == (200, "operator")
    found = own.status(token)
    assert (found["tenant_code"], found["login"]) == (found["code"], found["code"])
    assert found["link"]["link"]
    (accept, add) = own.accepted_event(token)
    assert (accept[1], add[1]) == (None, "河东网格")
    assert accept[2] == add[2]
    again = own.ask("operator", "POST", f"{one}/review", json={"decision": "accept"})
    assert slug(again) == (409, "onboarding.accepted_by")


def test_an_operator_does_not_admit_themselves(own, slug):
    token = own.apply("operator", parent=None)
    path = f"/operator/applications/{own.id_of(token)}/review"
    assert slug(own.ask("operator", "POST", path, json={"decision": "accept"})) == (403, "onboarding.application_own")


def test_contact_data_goes_half_a_year_after_the_decision_or_without_one(own):
    old, young, waiting, forgotten = (own.apply() for _ in range(4))
    for token in (old, young):
        own.review("official@village", "village", token, "reject", reason="重复")
    for token, days in ((old, 181), (young, 179)):
        own.world.run(
            "update wuji.application set decided_at = now() - make_interval(days => %s) where id = %s",
            days,
            own.id_of(token),
        )
    for token, days in ((waiting, 179), (forgotten, 181)):
        own.world.run(
            "update wuji.application set submitted_at = now() - make_interval(days => %s) where id = %s",
            days,
            own.id_of(token),
        )
    with own.world.enter(login="wuji_system") as tx:
        tx.execute("select * from wuji.purge()")
        tx.commit()
    left = own.ask("anonymous", "POST", "/applications/status", json={"token": old})
    assert left.status_code == 404
    assert [own.status(token)["state"] for token in (young, waiting, forgotten)] == ["rejected", "open", "withdrawn"]
    assert [own.status(token)["contact_phone"] for token in (waiting, forgotten)] == ["0562-1234567", ""]
    told = own.ask("official@village", "GET", "/journal?verb=onboarding.application.lapse", at="village").json["items"]
    assert [(item["author"], item["subject_id"]) for item in told] == [("system", own.id_of(forgotten))]


def test_who_sees_an_application_and_why(door):
    query = f"?kind=application&id={door.id_of(door.apply())}"
    found = door.ask("official@village", "GET", f"/visibility{query}", at="village")
    assert found.status_code == 200, found.text
    roles = {step["tenant"]["name"]: [role["name"] for role in step["roles"]] for step in found.json["ladder"]}
    assert roles["village"] == ["clerk", "head"]
    assert roles["city"] == ["head"]
    assert door.ask("official@sibling", "GET", f"/visibility{query}", at="sibling").status_code == 404
