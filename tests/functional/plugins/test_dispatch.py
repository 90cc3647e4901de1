"""The fence: a plugin that raises, drags or breaks SQL costs its own answer and nothing else."""

from time import monotonic

import pytest
from sqlalchemy import text

from wuji.governance.faults import make_report
from wuji.kit.db.doors import Seal
from wuji.kit.db.engine import make_engine
from wuji.kit.problem import Problem
from wuji.plugin.breaker import MOST
from wuji.plugin.records import TenantChange

CARD = "return (Card(name='one', place='main', title='t', text='x'),)"
GOOD = f"@hook\ndef wuji_cards(self, surface):\n    {CARD}"
RAISES = "@hook\ndef wuji_cards(self, session):\n    raise RuntimeError('no harvest')"
DRAGS = f"@hook\ndef wuji_cards(self, session):\n    session.execute(text('select pg_sleep(20)'))\n    {CARD}"
BREAKS = f"@hook\ndef wuji_cards(self, session):\n    session.execute(text('select 1/0'))\n    {CARD}"
SWALLOWS = (
    "@hook\ndef wuji_cards(self, session):\n"
    f"    try:\n        session.execute(text('select 1/0'))\n    except Exception: pass\n    {CARD}"
)
SQL = "from sqlalchemy import text"


def cards(dispatcher, session):
    answers = dispatcher.ask("wuji_cards", session, surface="portal", locale="en")
    return [name for name, _ in answers.given], list(answers.failed)


@pytest.mark.parametrize("hooks", [RAISES, DRAGS, BREAKS, SWALLOWS], ids=["raises", "drags", "breaks", "swallows"])
def test_one_that_is_broken_costs_its_own_answer(workshop, start, world, limit, hooks):
    good, bad, last = workshop.write(GOOD), workshop.write(hooks, before=SQL), workshop.write(GOOD)
    at_work = start()
    began = monotonic()
    with at_work("resident", "village") as (dispatcher, session):
        before = limit(session)
        given, failed = cards(dispatcher, session)
        assert (sorted(given), failed) == (sorted([good, last]), [bad])
        assert limit(session) == before
        assert session.execute(text("select 1")).scalar_one() == 1  # the transaction goes on
        assert session.actor.tenant_code == world.code["village"]
    assert monotonic() - began < 10
    fault = world.one("select fault from wuji.plugin where id = %s", bad)
    assert fault is None  # it is in no database: nothing to note it at


def test_a_fault_is_noted_where_the_operator_looks(workshop, start, world):
    bad = workshop.write(RAISES)
    world.insert("wuji.plugin", {"id": bad, "version": "1.0.0"})
    at_work = start()
    with at_work("resident", "village", read_only=True) as (dispatcher, session):
        assert cards(dispatcher, session) == ([], [bad])
    assert world.one("select fault from wuji.plugin where id = %s", bad) == {
        "hook": "wuji_cards",
        "said": "RuntimeError: no harvest",
    }


def test_a_fault_that_cannot_be_noted_is_no_second_one(caplog):
    """The database may be what is wrong."""
    nowhere = make_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere", pooled=False)
    make_report(nowhere, Seal(bytes(32)))("some_plugin", "wuji_cards", "RuntimeError: no harvest")
    assert "a fault of plugin some_plugin could not be noted" in caplog.text


def test_injected_sql_accuses_nobody(workshop, world):
    name = workshop.write()
    world.insert("wuji.plugin", {"id": name, "version": "1.0.0"})
    with world.enter("official@city", "city") as transaction:
        assert transaction.refused("select wuji.plugin_fault(%s, 'h', 's', %s)", name, b"\0" * 32) == "42501"
        assert transaction.refused("update wuji.plugin set state = 'suspended'") == "42501"
        assert transaction.refused("select wuji.plugin_state_set(%s, 'suspended', '')", name) == "42501"


def test_it_is_called_only_where_it_is_active(workshop, start):
    name = workshop.write(GOOD)
    at_work = start()
    with at_work("official@other", "other") as (dispatcher, session):
        assert cards(dispatcher, session) == ([], [])
    with at_work("anonymous", "grid") as (dispatcher, session):
        assert cards(dispatcher, session) == ([name], [])
    with at_work("anonymous", None) as (dispatcher, session):
        assert cards(dispatcher, session) == ([], [])


def test_the_breaker_leaves_it_alone(workshop, start):
    bad = workshop.write(
        "calls = []\n@hook\ndef wuji_cards(self):\n    self.calls.append(1)\n    raise RuntimeError('no')"
    )
    at_work = start()
    with at_work("resident", "village") as (dispatcher, session):
        for _ in range(MOST + 3):
            assert cards(dispatcher, session) == ([], [bad])
        assert len(dispatcher.plugins.by_id[bad].implementation.calls) == MOST


REFUSES = "@hook\ndef wuji_tenant_changed(self, session, change):\n    raise Problem('kit.against_rules', 422)"
LISTENS = (
    "heard = []\n@hook\ndef wuji_tenant_changed(self, session, change):\n"
    "    self.heard.append((change.what, change.tenant_id))"
)


@pytest.fixture
def rename_village(world):
    """The street renames the village."""

    def send(at_work):
        client = at_work.app.test_client()
        client.set_cookie("wuji-8000", world.cookie["official@street"])
        rule = next(r.rule for r in at_work.app.url_map.iter_rules() if r.endpoint == "tenancy.rename_child")
        path = rule.replace("<tenant_code>", world.code["street"])
        path = path.replace("<int(max=2147483647):tenant_id>", str(world.tenant["village"]))
        headers = {"X-Wuji-Request": "1", "If-Match": '"1"', "Accept-Language": "en"}
        return client.put(path, json={"name": "新名"}, headers=headers)

    return send


def name_of(world):
    return world.one("select name from wuji.tenant where id = %s", world.tenant["village"])


def test_a_plugin_hears_what_happens_to_a_tenant(workshop, start, world, rename_village):
    name = workshop.write(LISTENS)
    at_work = start()
    assert rename_village(at_work).status_code == 200
    heard = at_work.deployment.part(type(workshop.load())).by_id[name].implementation.heard
    assert heard == [("rename", world.tenant["village"])]


def test_it_may_refuse_on_purpose(workshop, start, world, rename_village):
    workshop.write(REFUSES)
    answer = rename_village(start())
    assert (answer.status_code, answer.json["type"]) == (422, "urn:wuji:problem:kit.against_rules")
    assert name_of(world) == "village"


def test_breaking_is_no_refusal(workshop, start, world, rename_village):
    workshop.write(REFUSES.replace("Problem('kit.against_rules', 422)", "KeyError('tip')"))
    assert rename_village(start()).status_code == 200
    assert name_of(world) == "新名"


PROJECTS = """
@hook
def wuji_projections(self):
    def project(session, recorded):
        raise {error}
    return (Projection("names", "tenant", project),)
"""


@pytest.mark.parametrize(
    "case",
    [("RuntimeError('no')", 200, "新名"), ("Problem('kit.against_rules', 422)", 422, "village")],
    ids=["broken", "on purpose"],
)
def test_a_projector_of_what_is_the_cores(workshop, start, world, rename_village, case):
    error, status, name = case
    workshop.write(PROJECTS.format(error=error))
    assert rename_village(start()).status_code == status
    assert name_of(world) == name


def test_its_own_switch(workshop, start):
    name = workshop.write(LISTENS)
    at_work = start()
    with at_work("official@city", "city") as (dispatcher, session):
        dispatcher.tell(name, session, [TenantChange("activate", 1), TenantChange("deactivate", 2)])
    assert dispatcher.plugins.by_id[name].implementation.heard == [("activate", 1), ("deactivate", 2)]


def test_only_a_problem_passes(workshop, start):
    name = workshop.write(REFUSES)
    at_work = start()
    with at_work("official@city", "city") as (dispatcher, session), pytest.raises(Problem):
        dispatcher.tell(name, session, [TenantChange("activate", 1)])
