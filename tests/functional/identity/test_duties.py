"""三员分立: by policy one person runs the system, another decides who may do what, a third reads the audit."""

import pytest
from psycopg.types.json import Jsonb
from tests.functional.identity.conftest import People

from wuji.testing import World
from wuji.testing.application import make_app
from wuji.testing.factories import factories

ROLE = {"name": "inspector", "label": {"zh-CN": "督查员", "en": "Inspector"}, "reach": "subtree", "class": 3}


def slug(answer):
    return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")


class Place:
    """A village with one for each duty; `separate` sets the policy."""

    def __init__(self, people):
        self.people, self.world = people, people.world
        for who, role in (("security", "security_admin"), ("audit", "audit_admin")):
            self.world.person(who, ("village", role))

    def separate(self, at="village"):
        factories["wuji.setting_value"](self.world, at, key="identity.policy", value=Jsonb("dengbao3"))
        self.prove()

    def prove(self):
        """Everybody of this world has shown a second step just now."""
        ids = list(self.world.account.values())
        self.world.run("update wuji.account_session set acr = 'urn:wuji:acr:2' where account_id = any(%s)", ids)

    def ask(self, who, method, path, at="village", **given):
        return self.people.ask(who, method, self.people.at(at, path), **given)

    def give(self, who, role, login="stranger", at="village"):
        return self.ask(who, "POST", "/grants", at, json={"login": self.people.login_of(login), "role": role})

    def read_journal(self, who):
        return self.ask(who, "GET", "/journal").status_code

    def rename(self, who):
        tenant = self.ask("official@village", "GET", "")
        given = {"headers": {"If-Match": tenant.headers["ETag"]}, "json": {"name": "新名字村", "reason": "改名"}}
        code = self.world.code["village"]
        return self.people.ask(who, "PUT", f"/tenants/{code}/tenants/{code}/name", **given)


@pytest.fixture
def place(people):
    return Place(people)


@pytest.fixture
def own(server, make_database):
    name = make_database()
    app, world = make_app(server, name), World(server, name)
    yield Place(People(app, world))
    world.close()
    app.extensions["wuji"].engine.dispose()


def test_without_the_policy_a_head_does_it_all(place):
    assert place.give("official@village", "clerk").status_code == 201
    assert place.read_journal("official@village") == 200
    assert place.give("official@village", "audit_admin").status_code == 201


def test_with_it_a_head_runs_the_system_alone(place):
    place.separate()
    assert slug(place.give("official@village", "clerk")) == (403, "kit.forbidden")
    assert place.read_journal("official@village") == 403
    held = {p for g in place.people.ask("official@village", "GET", "/me").json["grants"] for p in g["permissions"]}
    assert "tenancy.tenant.rename" in held
    assert not held & {"identity.grant.give", "identity.role.write", "identity.policy.write", "journal.record.read"}
    assert place.read_journal("clerk") == 403


def test_the_security_administrator_decides_who_may_what_and_runs_nothing(place):
    place.separate()
    given = place.give("security", "head")
    assert given.status_code == 201, given.text
    grants = place.ask("security", "GET", "/grants").json["items"]
    (grant,) = [g for g in grants if g["account_name"] == "stranger"]
    assert place.ask("security", "DELETE", f"/grants/{grant['id']}").status_code == 200
    assert place.read_journal("security") == 403
    held = {p for g in place.people.ask("security", "GET", "/me").json["grants"] for p in g["permissions"]}
    assert not any(p.startswith(("tenancy.tenant.add", "governance.rule.write", "journal.")) for p in held)


def test_the_audit_administrator_reads_and_changes_nothing(place):
    place.separate()
    assert place.read_journal("audit") == 200
    assert slug(place.give("audit", "clerk")) == (403, "kit.forbidden")


@pytest.mark.parametrize(("who", "role"), [
    ("security", "audit_admin"),
    ("audit", "security_admin"),
    ("audit", "head"),
    ("official@village", "security_admin"),
    ("official@grid", "audit_admin"),
])  # fmt: skip
def test_nobody_is_given_a_second_duty(place, who, role):
    place.separate("street")
    place.world.person("chief", ("street", "security_admin"))
    place.prove()
    assert slug(place.give("chief", role, who, "street")) == (409, "identity.duties")
    assert place.give("chief", "member", who, "street").status_code == 201


def test_who_held_two_before_has_the_first_alone(place):
    place.world.grant("security", "village", "audit_admin")
    place.world.grant("audit", "village", "head")
    assert place.read_journal("security") == 200
    place.separate()
    assert place.read_journal("security") == 403
    assert place.give("security", "clerk").status_code == 201
    assert place.read_journal("audit") == 200
    held = {p for g in place.people.ask("audit", "GET", "/me").json["grants"] for p in g["permissions"]}
    assert "tenancy.tenant.add" not in held


def test_a_role_of_the_roots_own_conveys_none_of_it(place):
    body = {**ROLE, "permissions": ["journal.record.read", "identity.grant.give", "identity.grant.read"]}
    made = place.ask("official@city", "POST", "/roles", "city", json=body)
    assert made.status_code == 201, made.text
    place.separate()
    assert place.give("security", "inspector").status_code == 201
    held = {p for g in place.people.ask("stranger", "GET", "/me").json["grants"] for p in g["permissions"]}
    assert held == {"identity.grant.read"}


def test_roles_are_made_by_whoever_decides_who_may_what(own):
    """A root with the policy: in a database of its own, as operators are as strict as the strictest root."""
    own.world.person("chief", ("city", "security_admin"))
    own.separate("city")
    body = {**ROLE, "permissions": ["tenancy.tenant.rename", "identity.grant.read"]}
    assert own.ask("official@city", "POST", "/roles", "city", json=body).status_code == 403
    made = own.ask("chief", "POST", "/roles", "city", json=body)
    assert made.status_code == 201, made.text
    assert own.give("chief", "inspector", at="city").status_code == 201


def test_only_the_security_administrator_loosens_the_policy(place):
    place.separate()
    path = "/settings/identity.policy"
    tag = place.ask("security", "GET", path).headers["ETag"]
    given = {"headers": {"If-Match": tag}, "json": {"mode": "set", "value": "asvs"}}
    assert place.ask("official@village", "PUT", path, **given).status_code == 403
    assert place.ask("security", "PUT", path, **given).status_code == 200
    assert place.give("official@village", "clerk").status_code == 201


def test_an_organisation_is_admitted_with_its_head(place):
    place.separate()
    wish = {"name": "河东网格", "reason": "给居民发通知", "code": f"{place.world.code['village']}777", "category": "territory",
            "contact_name": "吴桂芳", "contact_phone": "0562-1234567", "parent_code": place.world.code["village"]}  # fmt: skip
    assert place.people.ask("anonymous", "POST", "/applications", json=wish).status_code == 201
    (one,) = place.ask("official@village", "GET", "/applications").json["items"]
    answer = place.ask("official@village", "POST", f"/applications/{one['id']}/review", json={"decision": "accept"})
    assert answer.status_code == 200, answer.text
    assert answer.json["state"] == "accepted"


def test_invitations_of_a_head_carry_no_duties(place):
    place.separate()
    soon = "2099-01-01T00:00:00+08:00"
    offer = {"role": "clerk", "uses": 1, "expires_at": soon}
    assert place.ask("official@village", "POST", "/invitations", json=offer).status_code == 403


def test_accounts_of_two_duties_are_not_merged(place):
    place.separate()
    code = place.people.ask("audit", "POST", "/me/merge-code").json["code"]
    assert slug(place.people.ask("security", "POST", "/me/merge", json={"code": code})) == (409, "identity.duties")
    assert place.people.ask("security", "GET", "/me").status_code == 200


def test_the_operator_names_the_three_of_a_root(people):
    world = people.world
    for role in ("security_admin", "audit_admin"):
        name = f"{role}-{world.mark}".replace("_", "-")
        body = {"login": name, "name": "安全员", "root": world.code["city"], "role": role}
        made = people.ask("operator", "POST", "/operator/accounts", json=body)
        assert made.status_code == 201, made.text
        held = world.one("select r.name from wuji.role_grant g join wuji.role r on r.id = g.role_id join wuji.account a "
                         "on a.id = g.account_id where a.login = %s", name)  # fmt: skip
        assert held == role
    body = {"login": people.login_of("stranger"), "root": world.code["city"], "role": "clerk"}
    assert people.ask("operator", "POST", "/operator/grants", json=body).status_code == 422
