"""A report dated before tenants were merged or moved is the same afterwards, to the byte, and after the merge was taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from wuji.journal.handling import HandleArgs, handle
from wuji.kit.db.session import unit_of_work
from wuji.kit.deployment import Run
from wuji.rollup.following import FOLLOW
from wuji.tenancy.services.joining import Wanted
from wuji.tenancy.services.steps import Wish
from wuji.tenancy.services.surgery import apply_change, plan_change
from wuji.tenancy.services.switching import Switching
from wuji.tenancy.services.transferring import agree_transfer, ask_transfer, plan_transfer
from wuji.tenancy.services.undoing import undo_change
from wuji.testing.acting import acting

NAMES = ("visits", "hours", "fed", "guests", "helped", "given")
SPAN = {"period": "month", "first": "2026-01-01", "last": "2026-04-30"}
DAY = "2026-04-14"
RECORDS = """
  select id from wuji.journal_record where kind = 'tenant' and account_id = any(%s) and root_id = %s
   and exists(select from wuji.tenant t where t.id = tenant_id and t.root_id = journal_record.root_id) order by id desc limit 6"""


@pytest.fixture
def aged(counting):
    world = counting.world
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(
            f"update wuji.{table} set valid_from = '2026-01-01' where tenant_id = any(%s)", list(world.tenant.values())
        )
    for number in range(24):
        for subject, tenant in (("v", "village"), ("s", "sibling"), ("n", "niece"), ("g", "grid")):
            counting.fact(f"{subject}{number}", tenant, "2026-03-05", "2", part="3", person=f"{subject}{number % 12}")
    counting.fact("two", "village", "2026-02-01", person="x")  # one subject at two places
    counting.fact("two", "sibling", "2026-02-01", person="y")
    counting.count()
    counting.sweep()
    return counting


def reports_of(counting, places):
    return reports(counting, sorted({key[0] for key in places}), as_of=DAY)


def reports(counting, places=("city", "street", "sibling"), **more):
    found = {}
    for at in places:
        official = f"official@{'city' if at == 'city' else 'street'}"
        asked = [(name, what, {}) for name in NAMES for what in ("children", "series")]
        for name, what, how in [*asked, *((name, "children", {"together": "true"}) for name in NAMES[:3])]:
            answer = counting.ask(official, f"figures/~{name}/{what}", at, **SPAN, **how, **more)
            assert answer.status_code == 200, answer.text
            found[at, name, what, *how] = answer.data
        found[at, "values"] = counting.ask(official, "figure-values", at, on="2026-03-05", **more).data
    return found


def follow(counting, at="city"):
    """What the journal's consumer does of the last records of a root."""
    rows = counting.world.run(RECORDS, list(counting.world.account.values()), counting.world.tenant[at]).fetchall()
    with acting(counting.app, counting.world, at) as session:
        run = Run(counting.deployment, session, Path(), lambda _progress: None)
        handle(run, HandleArgs(FOLLOW, [row[0] for row in rows]))


def redraw(counting, **wish):
    world, switching = counting.world, counting.deployment.part(Switching)
    wished = Wish(op=wish["op"], tenant_id=world.tenant[wish["which"]], parent_id=world.tenant[wish["to"]])
    with unit_of_work(counting.app.extensions["wuji"].engine, world.door("official@city", "city")) as session:
        plan = plan_change(session, switching, wished, "en")
        return apply_change(session, switching, wished, fingerprint=plan["fingerprint"], reason="2026", locale="en")


def belong(counting, old, new):
    """What the plugin's rows say once they are another tenant's."""
    tenants = counting.world.tenant
    for facts in counting.facts.values():
        facts[:] = [replace(f, tenant_id=tenants[new]) if f.tenant_id == tenants[old] else f for f in facts]


def test_a_report_of_before_stays_as_it_was(aged):
    counting, world = aged, aged.world
    plain, before = reports(counting), reports(counting, as_of=DAY)
    assert {key: value for key, value in before.items() if key[-1] != "values"} == {
        key: value for key, value in plain.items() if key[-1] != "values"
    }
    kept = {one: list(facts) for one, facts in counting.facts.items()}
    change = redraw(counting, op="merge", which="sibling", to="village")
    belong(counting, "sibling", "village")
    follow(counting)
    world.parent["niece"] = "village"
    assert counting.sums("guests") == counting.expected("guests")
    places = [key for key in before if key[0] != "sibling"]  # nobody acts there any more
    after = reports_of(counting, places)
    assert after == {key: before[key] for key in places}
    with unit_of_work(counting.app.extensions["wuji"].engine, world.door("official@city", "city")) as session:
        undo_change(session, counting.deployment.part(Switching), change, "a mistake")
    counting.facts.update(kept)
    follow(counting)
    world.parent["niece"] = "sibling"
    for name in NAMES:  # right at once, not when the clock comes round
        assert counting.sums(name) == counting.expected(name), name
    assert reports(counting, as_of=DAY) == before
    assert reports_of(counting, places) == {key: before[key] for key in places}


def transfer(counting, wanted):
    """Both sides agree."""
    engine, switching = counting.app.extensions["wuji"].engine, counting.deployment.part(Switching)
    with unit_of_work(engine, counting.world.door("official@other", "other")) as session:
        seen = plan_transfer(session, switching, wanted, "en")["fingerprint"]
        made = ask_transfer(session, wanted, fingerprint=seen, reason="2026")
    with unit_of_work(engine, counting.world.door("official@city", "city")) as session:
        agree_transfer(session, switching, made, fingerprint=seen, reason="", locale="en")


def test_sums_follow_a_tree_that_joins_and_leaves(counting):
    world = counting.world
    counting.fact("a", "village", "2026-03-05", "2", person="x")
    counting.count()
    counting.fact("f", "foreign", "2026-03-05", "3", person="x")
    counting.count("f", at="other")
    code = f"{world.code['city']}88"
    transfer(counting, Wanted("adopt", world.code["other"], world.code["city"], level=2, code=code))
    world.parent["other"], world.code["other"] = "city", code
    follow(counting)
    for name in NAMES:
        assert counting.sums(name) == counting.expected(name), name
    transfer(counting, Wanted("release", code))
    world.parent["other"] = None
    follow(counting)
    follow(counting, "other")
    for name in NAMES:
        assert counting.sums(name) == counting.expected(name), name
