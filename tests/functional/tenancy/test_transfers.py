"""A root comes to stand below a tenant of another tree, a tenant becomes a root: both sides agree, and both take it back."""

from dataclasses import dataclass
from typing import Any

import pytest

from wuji.testing import World, factories

ADOPT = {"op": "adopt", "subject": "lone", "parent": "district"}
RELEASE = {"op": "release", "subject": "street"}
LONE, DISTRICT, STREET = ("official@lone", "lone"), ("official@district", "district"), ("official@street", "street")


@dataclass(frozen=True)
class Transfers:
    """Asks, agrees and takes back as somebody at a tenant; tenants are named as the world names them."""

    ask: Any
    world: World

    def wanted(self, wish: dict[str, Any]) -> dict[str, Any]:
        return {name: self.world.code.get(value, value) for name, value in wish.items()}

    def plan(self, wish: dict[str, Any], who: str, at: str) -> Any:
        return self.ask(who, "POST", "/transfer-plans", at=at, json=self.wanted(wish))

    def put(self, wish: dict[str, Any], who: str, at: str) -> Any:
        """As it was planned just now."""
        planned = self.plan(wish, who, at)
        assert planned.status_code == 200, planned.text
        sent = {**self.wanted(wish), "fingerprint": planned.json["fingerprint"], "reason": "both want it"}
        return self.ask(who, "POST", "/tenant-transfers", at=at, json=sent)

    def get(self, transfer: str, who: str, at: str) -> Any:
        return self.ask(who, "GET", f"/tenant-transfers/{transfer}", at=at)

    def do(self, verb: str, transfer: str, who: str, at: str, **given: Any) -> Any:
        if verb == "agree" and not given:
            seen = self.get(transfer, who, at)
            assert seen.status_code == 200, seen.text
            given = {"fingerprint": seen.json["plan"]["fingerprint"]}
        sent = {"reason": "said so", **given}
        return self.ask(who, "POST", f"/tenant-transfers/{transfer}/{verb}", at=at, json=sent)

    def carry_out(self, wish: dict[str, Any], asker: tuple[str, str], other: tuple[str, str]) -> str:
        asked = self.put(wish, *asker)
        assert asked.status_code == 201, asked.text
        done = self.do("agree", asked.json["id"], *other)
        assert (done.status_code, done.json["state"]) == (200, "applied"), done.text
        found: str = asked.json["id"]
        return found


@pytest.fixture
def transfers(ask: Any, world: World) -> Transfers:
    """With a root of its own, one village below it."""
    world.grow("lone", None, 3)
    world.grow("hamlet", "lone", 4)
    world.person("official@lone", ("lone", "head"))
    return Transfers(ask, world)


@pytest.mark.parametrize(("asker", "other"), [(LONE, DISTRICT), (DISTRICT, LONE), (("official@city", "city"), LONE)])
def test_a_root_is_adopted_and_let_go_again(transfers, redraw, asker, other):
    ask = transfers.ask
    before = redraw.standing()
    transfer = transfers.carry_out(ADOPT, asker, other)
    redraw.check_sound()
    assert [one["name"] for one in ask("anonymous", "GET", at="hamlet").json["ancestors"]] == [
        "city",
        "district",
        "lone",
    ]
    assert ask("official@city", "GET", "/tenants", at="hamlet").status_code == 200
    asked = transfers.do("undo", transfer, *asker)
    assert (asked.status_code, asked.json["state"], asked.json["may_undo"]) == (200, "applied", False), asked.text
    undone = transfers.do("undo", transfer, *other)
    assert (undone.status_code, undone.json["state"]) == (200, "undone"), undone.text
    assert redraw.standing() == before
    redraw.check_sound()
    assert ask("official@city", "GET", "/tenants", at="hamlet").status_code == 404


@pytest.mark.parametrize(("asker", "other"), [(STREET, DISTRICT), (DISTRICT, STREET)])
def test_a_street_becomes_a_root_and_comes_back(transfers, redraw, asker, other):
    ask, world = transfers.ask, transfers.world
    before = redraw.standing()
    transfer = transfers.carry_out(RELEASE, asker, other)
    redraw.check_sound()
    assert world.one("select root_id from wuji.tenant where id = %s", world.tenant["grid"]) == world.tenant["street"]
    assert ask("official@district", "GET", "/tenants", at="village").status_code == 404
    assert ask("official@street", "GET", "/tenants", at="village").status_code == 200
    assert transfers.get(transfer, *DISTRICT).json["state"] == "applied"
    assert transfers.do("undo", transfer, *other).status_code == 200
    assert transfers.do("undo", transfer, *asker).json["state"] == "undone"
    assert redraw.standing() == before
    redraw.check_sound()


def test_one_side_alone_changes_nothing(transfers, redraw, world):
    before = redraw.places()
    asked = transfers.put(RELEASE, *DISTRICT).json
    assert (asked["may_agree"], asked["may_withdraw"], asked["side"]) == (False, True, "parent")
    given = {"fingerprint": asked["plan"]["fingerprint"]}
    assert transfers.do("agree", asked["id"], *DISTRICT, **given).status_code == 409
    # somebody of the city, who has the right at the street by their range, is not the street
    assert transfers.do("agree", asked["id"], "official@city", "city", **given).status_code == 409
    assert transfers.do("agree", asked["id"], "official@city", "street", **given).status_code == 409
    # who holds both does not agree with themselves
    world.grant("official@district", "street", "head")
    both = transfers.do("agree", asked["id"], "official@district", "street", **given)
    assert (both.status_code, both.json["type"].rpartition(".")[2]) == (409, "transfer_side"), both.text
    assert transfers.put(RELEASE, *STREET).status_code == 409
    assert redraw.places() == before


def test_it_is_declined_withdrawn_and_runs_out(transfers, world):
    for verb, who, state in (("decline", LONE, "declined"), ("withdraw", DISTRICT, "withdrawn")):
        asked = transfers.put(ADOPT, *DISTRICT).json["id"]
        wrong = transfers.do(verb, asked, *(LONE if who is DISTRICT else DISTRICT))
        assert wrong.status_code == 409, wrong.text
        done = transfers.do(verb, asked, *who)
        assert (done.json["state"], done.json["answer"]) == (state, "said so")
        assert transfers.do("agree", asked, *LONE, fingerprint="0" * 64).status_code == 409
    asked = transfers.put(ADOPT, *DISTRICT).json
    world.run("update wuji.tenant_transfer set expires_at = now() where id = %s", asked["id"])
    given = {"fingerprint": asked["plan"]["fingerprint"]}
    late = transfers.do("agree", asked["id"], *LONE, **given)
    assert (late.status_code, late.json["type"].rpartition(".")[2]) == (409, "transfer_over"), late.text
    listed = transfers.ask(*LONE[:1], "GET", "/tenant-transfers", at="lone").json["items"]
    assert [row["state"] for row in listed] == ["expired", "withdrawn", "declined"]


def test_nobody_agrees_to_what_they_did_not_see(transfers, redraw, world):
    before = redraw.standing()
    asked = transfers.put(ADOPT, *LONE).json
    assert transfers.do("agree", asked["id"], *DISTRICT, fingerprint="0" * 64).status_code == 409
    factories["wuji.setting_value"](world, "district")
    assert transfers.get(asked["id"], *LONE).json["changed"] is True
    assert transfers.do("agree", asked["id"], *DISTRICT).status_code == 409
    world.run("delete from wuji.setting_value where tenant_id = %s", world.tenant["district"])
    world.run("update wuji.account set state = 'suspended' where id = %s", world.account["official@lone"])
    gone = transfers.do("agree", asked["id"], *DISTRICT, fingerprint=asked["plan"]["fingerprint"])
    assert gone.status_code == 409, gone.text
    assert redraw.standing() == before


def test_a_side_sees_the_others_numbers_once_it_was_asked(transfers, world):
    factories["wuji.setting_value"](world, "district")
    own = transfers.plan(ADOPT, *LONE).json
    assert (own["complete"], own["settings"], own["side"]) == (False, [], "subject")
    assert [one["officials"] for one in own["above"]] == [None, None]
    assert [one["tenants"] for one in own["tenants"]] == [1, 1]
    above = transfers.plan(ADOPT, *DISTRICT).json
    assert (above["tenants"], above["people"], above["rows"]) == ([], [], [])
    assert [one["tenant"]["name"] for one in above["settings"]] == ["district"]
    assert own["fingerprint"] == above["fingerprint"]
    asked = transfers.put(ADOPT, *DISTRICT).json["id"]
    seen = transfers.get(asked, *LONE).json["plan"]
    assert (seen["complete"], [one["officials"] for one in seen["above"]]) == (True, [1, 1])
    assert (seen["root"]["now"]["name"], seen["root"]["then"]["name"]) == ("lone", "city")
    assert [one["class"] for one in seen["people"]] == [3]


def test_what_cannot_be(transfers, faults):
    assert set(faults(transfers.plan({"op": "release", "subject": "lone"}, *LONE))) == {"#/subject"}
    assert set(faults(transfers.plan({"op": "adopt", "subject": "street", "parent": "other"}, *STREET))) == {
        "#/subject"
    }
    assert set(faults(transfers.plan({"op": "adopt", "subject": "lone"}, *LONE))) == {"#/parent"}
    assert "level" in faults(transfers.plan({**ADOPT, "parent": "village"}, *LONE))["#/parent"]
    assert "below itself" in faults(transfers.plan({**ADOPT, "parent": "hamlet", "level": 5}, *LONE))["#/parent"]
    assert set(faults(transfers.plan(ADOPT, *STREET))) == {"#/subject"}
    assert transfers.plan({**ADOPT, "parent": "0000"}, *LONE).status_code == 404
    assert transfers.plan(ADOPT, "clerk", "village").status_code == 403
    asked = transfers.put(ADOPT, *LONE).json["id"]
    assert transfers.get(asked, "official@other", "other").status_code == 404
    assert transfers.get(asked, *STREET).status_code == 404


def test_a_tree_comes_in_as_another_level(transfers, faults, world):
    wish, code = {"op": "adopt", "subject": "lone", "parent": "city", "level": 2}, f"{world.code['city']}98"
    assert set(faults(transfers.plan(wish, *LONE))) == {"#/code"}  # a code of that level
    transfers.carry_out({**wish, "code": code}, LONE, ("official@city", "city"))
    found = transfers.ask("anonymous", "GET", f"/tenants/{code}").json
    assert (found["level"], found["children"], [one["name"] for one in found["ancestors"]]) == (2, 1, ["city"])


def test_what_is_shown_by_name_across_the_new_border_is_counted(transfers, world):
    for at, *tokens in (
        ("village", ("district", 1), ("street", 1)),
        ("district", ("village", 2)),
        ("city", ("grid", 3)),
    ):
        factories["wuji.file"](world, at, audience=sorted(world.token(*token) for token in tokens))
    out = ("out", "district", 1, 1)
    for who, expected in ((STREET, {out}), (DISTRICT, {out, ("in", "village", 2, 1)})):
        told = transfers.plan(RELEASE, *who).json["shown"]
        assert {(one["way"], one["tenant"]["name"], one["class"], one["rows"]) for one in told} == expected, who
    assert transfers.plan(ADOPT, *LONE).json["shown"] == []


def test_roles_of_the_old_tree_go_along(transfers, redraw, world):
    role = factories["wuji.role"](world, "city", name="warden")
    grant = factories["wuji.role_grant"](world, "village", role_id=role)
    held = (
        "select r.id, r.name, r.tenant_id from wuji.role_grant g join wuji.role r on r.id = g.role_id where g.id = %s"
    )
    before = redraw.standing()
    transfer = transfers.carry_out(RELEASE, STREET, DISTRICT)
    assert world.run(held, grant).fetchone()[1:] == ("warden", world.tenant["street"])
    for who in (STREET, DISTRICT):
        assert transfers.do("undo", transfer, *who).status_code == 200
    assert world.run(held, grant).fetchone() == (role, "warden", world.tenant["city"])
    assert redraw.standing() == before


def test_a_later_change_contradicts(transfers, redraw, world):
    transfer = transfers.carry_out(ADOPT, LONE, DISTRICT)
    assert redraw.apply(redraw.wish("move", "hamlet", "second")).status_code == 201  # hamlet is not what went
    assert redraw.apply(redraw.wish("relevel", "lone", level=3), "official@city", "city", "0" * 64).status_code == 422
    world.run("select wuji.tenant_make(null, 'new', 'new', '999', 3, 'territory')")
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["lone"])
    answer = transfers.do("undo", transfer, *DISTRICT)
    assert answer.status_code == 409, answer.text
    assert "lone" in answer.json["errors"][0]["message"]


def test_it_is_written_down_where_it_happened(transfers, journal, world):
    transfers.carry_out(ADOPT, LONE, DISTRICT)
    kept = [(verb, fields) for verb, _, fields, _ in journal("lone")]
    ask, agree = (f"tenancy.transfer.{verb}" for verb in ("ask", "agree"))
    assert kept == [(ask, ["state"]), ("tenancy.tenant.adopt", ["parent_id", "root_id"]), (agree, ["state"])]
    assert [verb for verb, *_ in journal("district")] == [ask, agree]
    events = "select count(distinct event_id) from wuji.journal_record where verb = %s and account_id = any(%s)"
    assert [world.one(events, verb, list(world.account.values())) for verb in (ask, agree)] == [1, 1]
    roots = world.run(
        "select root_id from wuji.journal_record where subject_id = %s and kind = 'tenant' and verb ~ 'adopt' order by id",
        str(world.tenant["lone"]),
    ).fetchall()
    assert roots == [(world.tenant["city"],), (None,)]  # the operator, who looks after roots, reads it too


BY_HAND = (
    "select wuji.transfer_ask('release', {street}, {district}, 3, '1', '', 'x')",
    "select wuji.transfer_ask('adopt', {lone}, {district}, 3, '1', '', 'x')",
    "select wuji.transfer_foresee('adopt', {lone}, {district}, 3, '1')",
    "select wuji.transfer_close('{asked}', 'decline', 'x')",
    "select wuji.transfer_agree('{asked}', '', '{{}}', 'x')",
    "select wuji.transfer_undo('{asked}', 'x')",
    "select wuji.transfer_contradictions('{asked}')",
)


@pytest.mark.parametrize("statement", BY_HAND)
def test_who_is_neither_side_does_nothing_by_sql(transfers, world, statement):
    asked = transfers.put(ADOPT, *LONE).json["id"]
    sent = statement.format(asked=asked, **world.tenant)
    for who, at in (
        ("official@other", "other"),
        ("official@village", "village"),
        ("resident", "village"),
        ("operator", None),
        ("anonymous", "city"),
        (None, None),
    ):
        with world.enter(who, at) as tx:
            assert tx.refused(sent) == "P0002", (statement, who)


def test_by_sql_one_side_does_nothing_either(transfers, redraw, world):
    before = redraw.places()
    asked = transfers.put(ADOPT, *LONE).json
    given = (asked["id"], asked["plan"]["fingerprint"])
    with world.enter(*LONE) as tx:
        assert tx.refused("select wuji.transfer_agree(%s, %s, '{}', 'x')", *given) == "23514"
        assert tx.refused("select wuji.transfer_close(%s, 'decline', 'x')", asked["id"]) == "23514"
        rules = "select * from wuji.transfer_rules('adopt', %s, %s)"
        assert tx.refused(rules, world.tenant["lone"], world.tenant["district"]) == "42501"
        assert tx.refused("select wuji.change_told(%s, '{}')", asked["id"]) == "42501"
        assert tx.refused("select wuji.facts_settle('x', %s)", world.tenant["lone"]) == "42501"
    assert redraw.places() == before


def test_what_is_over_for_a_year_loses_names_and_plans(transfers, redraw, world):
    wish = redraw.wish("merge", "sibling", "village")
    change, gone = redraw.apply(wish).json["id"], transfers.put(RELEASE, *STREET).json["id"]
    kept = transfers.carry_out(ADOPT, LONE, DISTRICT)
    for table, one in (("tenant_change", change), ("tenant_transfer", kept), ("tenant_transfer", gone)):
        world.run(f"update wuji.{table} set expires_at = now() - interval '366 days' where id = %s", one)
        assert world.one(f"select wuji.{table}_lapse(now() - interval '365 days')") >= 1, table
    left = world.run(
        "select carried, plan #> '{absorbed,grants}' from wuji.tenant_change where id = %s", change
    ).fetchone()
    assert left == ({}, [])
    rows = "select id::text, plan, undo from wuji.tenant_transfer where id = any(%s)"
    assert world.run(rows, [kept, gone]).fetchall() == [(kept, {}, {})]
    assert transfers.get(kept, *LONE).json["plan"] is None
    assert redraw.undo(change).status_code == 409
