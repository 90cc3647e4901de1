"""A deployment of each test's own, with consumers that write down what they are told: consumers are the deployment's."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from wuji.journal.following import Follower, Following
from wuji.kit.db.engine import make_engine
from wuji.plugin.running import Happened
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.work.running import do_job

SEEN = (
    "create table public.seen(n bigint generated always as identity, consumer text, record uuid, subject text, verb text)",
    "grant all on public.seen to wuji_system, wuji_app",
)
WRITE = text("insert into public.seen(consumer, record, subject, verb) values (:consumer, :record, :subject, :verb)")
CLAIM = text("select job_id, secret from wuji.job_claim_due(:at_once)")


@pytest.fixture
def database(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture
def world(server: Server, database: str) -> Iterator[World]:
    made = World(server, database)
    for statement in SEEN:
        made.run(statement)
    made.run("delete from wuji.consumer where runs <> 'chore'")
    yield made
    made.close()


@pytest.fixture
def system(server: Server, database: str) -> Iterator[Engine]:
    engine = make_engine(server.url("wuji_system", database), pool_size=1)
    yield engine
    engine.dispose()


@pytest.fixture
def app(server: Server, database: str) -> Iterator[Flask]:
    made = make_app(server, database)
    yield made
    made.extensions["wuji"].engine.dispose()


def writes(consumer: str) -> Follower:
    """A consumer of the relay that keeps what it is told where a rollback takes it back."""

    def follow(connection: Connection, records: Sequence[Happened]) -> None:
        rows = [
            {"consumer": consumer, "record": one.id, "subject": one.subject_id, "verb": one.verb} for one in records
        ]
        connection.execute(WRITE, rows)

    return follow


@dataclass
class Journal:
    """One deployment's journal, and its consumers."""

    world: World
    system: Engine
    followers: dict[str, Follower] = field(default_factory=dict)

    def declare(self, name: str, *, runs: str = "relay", kinds: Sequence[str] = (), start: str = "0") -> str:
        """A consumer that begins with the first record, or with a transaction's."""
        columns = {"name": name, "runs": runs, "kinds": list(kinds), "xid": start}
        self.world.run(
            "insert into wuji.consumer(name, runs, kinds, xid) values (%s, %s, %s, %s::text::xid8)", *columns.values()
        )
        if runs == "relay":
            self.followers[name] = writes(name)
        return name

    def happen(
        self, subject: object = "7", *, at: str | None = "village", verb: str = "made", kind: str = "thing"
    ) -> UUID:
        """By the official of a tenant; without one by the operator."""
        with self.world.enter(f"official@{at}" if at else "operator", at) as tx:
            place = at and self.world.tenant[at]
            statement = "select wuji.record(%s, %s, %s, %s, null, null, null)"
            made: UUID = tx.one(statement, f"test.thing.{verb}", kind, str(subject), place)
            tx.commit()
        return made

    def follow(self, system: Engine | None = None) -> int:
        """Until there is nothing more; returns how many records were looked at."""
        following, total = Following(system or self.system, self.followers), 0
        while read := following.go_on():
            total += read
        return total

    def seen(self, consumer: str) -> list[str]:
        """Subjects, in the order in which it was told."""
        return [row[0] for row in self.rows(consumer)]

    def rows(self, consumer: str) -> list[tuple[Any, ...]]:
        return self.world.run(
            "select subject, verb from public.seen where consumer = %s order by n", consumer
        ).fetchall()

    def by_subject(self, consumer: str) -> dict[str, list[str]]:
        found = defaultdict(list)
        for subject, verb in self.rows(consumer):
            found[subject].append(verb)
        return found

    def poison(self, consumer: str) -> list[tuple[str, int, str]]:
        """(subject, attempts, state) of what was set aside."""
        return self.world.run(
            "select r.subject_id, p.attempts, p.state from wuji.poison p join wuji.journal_record r on r.id = p.record_id "
            "where p.consumer = %s order by r.id",
            consumer,
        ).fetchall()


@pytest.fixture
def journal(world: World, system: Engine) -> Journal:
    return Journal(world, system)


@pytest.fixture
def do_jobs(system: Engine) -> Callable[[Flask], list[str | None]]:
    """What workers of an application do, until no job is due; returns the states in which they leave their jobs."""

    def work(app: Flask) -> list[str | None]:
        states: list[str | None] = []
        while True:
            with system.begin() as connection:
                claimed = connection.execute(CLAIM, {"at_once": 10}).all()
            if not claimed:
                return states
            states += [do_job(app.extensions["wuji"], job_id, bytes(secret)) for job_id, secret in claimed]

    return work
