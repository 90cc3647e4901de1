"""A plugin that counts what a test says, and people who look at it."""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wuji.api import Fact
from wuji.journal.handling import HandleArgs, handle
from wuji.kit.db.session import ScopedSession, unit_of_work
from wuji.kit.deployment import Deployment, Run
from wuji.plugin.figures import Figure
from wuji.rollup.following import FOLLOW
from wuji.rollup.periods import start
from wuji.rollup.registry import Figures
from wuji.rollup.services.counting import count, hold, note_swept
from wuji.rollup.services.ground import get_ground
from wuji.tenancy.services.joining import Wanted
from wuji.tenancy.services.steps import Wish
from wuji.tenancy.services.surgery import apply_change, plan_change
from wuji.tenancy.services.switching import Switching
from wuji.tenancy.services.transferring import agree_transfer, ask_transfer, plan_transfer
from wuji.tenancy.services.undoing import undo_change
from wuji.testing import World
from wuji.testing.acting import acting
from wuji.testing.workshop import Workshop

HOOKS = """
@hook
def wuji_figures(self):
    def figure(name, measure, **more):
        def read(session, ids):
            return [fact for one in ids for fact in FACTS.get(one, ())]
        def scan(session):
            yield sorted(FACTS)
        changed = lambda session, since: sorted(CHANGED)
        text = f"{self.name}.text"
        return Figure(name=name, title=text, unit=text, measure=measure, read=read, scan=scan, changed=changed, **more)
    return (
        figure("visits", "count", better="up", kind="file"),
        figure("hours", "sum", decimals=1, gaps=True),
        figure("fed", "ratio", share=True, target=Decimal("0.75")),
        figure("guests", "distinct"),
        figure("helped", "distinct", people=True),
        figure("given", "sum", people=True),
    )
"""
BEFORE = """
from decimal import Decimal
from wuji.api import Figure
FACTS = {}
CHANGED = set()
"""
COOKIE = "wuji-8000"
RECORDS = """
  select id from wuji.journal_record where kind = 'tenant' and account_id = any(%s) and root_id = %s
   and exists(select from wuji.tenant t where t.id = tenant_id and t.root_id = journal_record.root_id) order by id desc limit 6"""
NOW = datetime(2026, 4, 15, 4, tzinfo=UTC)


@dataclass
class Counting:
    """`counting.fact("a", "village", "2026-03-05")` says what is there; `count` has it counted, as a job would."""

    app: Flask
    world: World
    plugin: str
    facts: dict[str, list[Fact]]
    changed: set[str]  # what the clock is told of when it asks
    told: set[str] = field(default_factory=set)

    @property
    def deployment(self) -> Deployment:
        made: Deployment = self.app.extensions["wuji"]
        return made

    def figure(self, name: str) -> Figure:
        return self.deployment.part(Figures).by_name[f"{self.plugin}.{name}"]

    @property
    def figures(self) -> Mapping[str, Figure]:
        return self.deployment.part(Figures).by_name

    def fact(
        self, subject: str, tenant: str, on: str, value: str = "1", *, part: str = "1", person: str = "somebody"
    ) -> None:
        """One more of a subject."""
        numbers = {"value": Decimal(value), "part": Decimal(part)}
        made = Fact(
            subject_id=subject, tenant_id=self.world.tenant[tenant], on=date.fromisoformat(on), person=person, **numbers
        )
        self.facts.setdefault(subject, []).append(made)
        self.changed.add(subject)

    def count(self, *subjects: str, at: str = "city", names: tuple[str, ...] = ()) -> int:
        """Of these subjects, or of all there ever were; returns how many facts differed."""
        self.told |= self.facts.keys()
        with acting(self.app, self.world, at) as session:
            return sum(self._count(session, self.figure(name), subjects or self.told) for name in self.names(names))

    def sweep(self, until: datetime = NOW) -> None:
        """As if everything had been counted once."""
        with acting(self.app, self.world, "city") as session:
            for figure in self.figures.values():
                hold(session, figure)
                note_swept(session, figure, until)
        self.changed.clear()

    def names(self, names: tuple[str, ...] = ()) -> list[str]:
        return sorted(names or (figure.partition(".")[2] for figure in self.figures))

    @staticmethod
    def _count(session: ScopedSession, figure: Figure, subjects: Any) -> int:
        hold(session, figure)
        return count(session, figure, subjects)

    def sums(self, name: str) -> dict[tuple[str, str, str], Any]:
        """What is said: (tenant, period, start) to (sum, part, facts, people)."""
        named = {key: tenant for tenant, key in self.world.tenant.items()}
        rows = self.world.run(
            "select tenant_id, period, starts_on, sum, part, n, people from wuji.rollup "
            "where figure = %s and tenant_id = any(%s)",
            f"{self.plugin}.{name}",
            list(named),
        )
        return {(named[row[0]], row[1], str(row[2])): tuple(map(int, row[3:])) for row in rows}

    def expected(self, name: str) -> dict[tuple[str, str, str], Any]:
        """The same, out of the facts by hand."""
        figure = self.figure(name)
        named = {key: tenant for tenant, key in self.world.tenant.items()}
        cells: dict[tuple[str, str, str], list[Fact]] = {}
        for fact in (fact for facts in self.facts.values() for fact in facts):
            assert fact.on
            for place in self.world.path(named[fact.tenant_id]):
                for period in ("day", "month", "year"):
                    cells.setdefault((place, period, str(start(period, fact.on))), []).append(fact)
        return {key: _sum(figure, facts) for key, facts in cells.items()}

    def ask(self, who: str, path: str, at: str = "city", **query: str) -> TestResponse:
        client, url = self._reach(who, path, at)
        return client.get(url, query_string=query, headers={"Accept-Language": "en"})

    def choose(self, key: str, names: list[str], at: str = "street") -> TestResponse:
        """A setting of figures, which said nothing there before."""
        client, url = self._reach(f"official@{at}", f"settings/{key}", at)
        value = [f"{self.plugin}.{name}" for name in names]
        headers = {"Accept-Language": "en", "If-Match": '"0"', "X-Wuji-Request": "1"}
        return client.put(url, json={"mode": "set", "value": value}, headers=headers)

    def redraw(self, *, op: str, which: str, to: str | None = None, **more: Any) -> Any:
        """Changes the tree as an official of the city does; returns what `unmake` takes."""
        tenants, switching = self.world.tenant, self.deployment.part(Switching)
        wished = Wish(op=op, tenant_id=tenants[which], parent_id=tenants[to] if to else None, **more)
        with self._official() as session:
            seen = plan_change(session, switching, wished, "en")["fingerprint"]
            return apply_change(session, switching, wished, fingerprint=seen, reason="2026", locale="en")

    def unmake(self, change: Any) -> None:
        with self._official() as session:
            undo_change(session, self.deployment.part(Switching), change, "a mistake")

    def transfer(self, wanted: Wanted, by: str = "other") -> None:
        """Both sides agree."""
        switching = self.deployment.part(Switching)
        with unit_of_work(self.deployment.engine, self.world.door(f"official@{by}", by)) as session:
            seen = plan_transfer(session, switching, wanted, "en")["fingerprint"]
            made = ask_transfer(session, wanted, fingerprint=seen, reason="2026")
        with self._official() as session:
            agree_transfer(session, switching, made, fingerprint=seen, reason="", locale="en")

    def _official(self) -> AbstractContextManager[ScopedSession]:
        return unit_of_work(self.app.extensions["wuji"].engine, self.world.door("official@city", "city"))

    def follow(self, at: str = "city") -> None:
        """What the journal's consumer does of the last records of a root."""
        rows = self.world.run(RECORDS, list(self.world.account.values()), self.world.tenant[at]).fetchall()
        with acting(self.app, self.world, at) as session:
            run = Run(self.deployment, session, Path(), lambda _progress: None)
            handle(run, HandleArgs(FOLLOW, [row[0] for row in rows]))

    def belong(self, old: str, new: str) -> None:
        """What the plugin's rows say once they are another tenant's."""
        tenants = self.world.tenant
        for facts in self.facts.values():
            facts[:] = [replace(f, tenant_id=tenants[new]) if f.tenant_id == tenants[old] else f for f in facts]

    def _reach(self, who: str, path: str, at: str) -> tuple[FlaskClient, str]:
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        return client, f"/api/v1/tenants/{self.world.code[at]}/{path.replace('~', f'{self.plugin}.')}"

    def sound(self, who: str, path: str, at: str = "city", **query: str) -> Any:
        answer = self.ask(who, path, at, **query)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json


def _sum(figure: Figure, facts: list[Fact]) -> tuple[int, ...]:
    by_person = figure.people or figure.measure == "distinct"
    people = len({fact.person for fact in facts}) if by_person else 0
    total = sum((fact.value for fact in facts), Decimal(0))
    said = {"distinct": people, "count": len(facts)}.get(figure.measure, total)
    part = sum((fact.part for fact in facts), Decimal(0)) if figure.measure == "ratio" else 0
    return int(said), int(part), len(facts), people


@pytest.fixture
def counting(
    workshop: Workshop, serve: Callable[..., Flask], world: World, monkeypatch: pytest.MonkeyPatch
) -> Counting:
    name = workshop.write(HOOKS, before=BEFORE, texts=json.dumps({"text": "数"}, ensure_ascii=False))
    plugins = workshop.load()
    assert not plugins.quarantined
    world.rule("city", name)
    world.rule("other", name)
    world.run(
        "update wuji.tenant set created_at = '2026-01-01T00:00:00Z' where id = any(%s)", list(world.tenant.values())
    )
    # Only for what is read: sessions live by the deployment's clock.
    monkeypatch.setattr(
        "wuji.rollup.routes.get_ground", lambda session, _clock, asked: get_ground(session, lambda: NOW, asked)
    )
    app = serve(plugins)
    module = sys.modules[f"wuji_{name}"]
    return Counting(app, world, name, module.FACTS, module.CHANGED)
