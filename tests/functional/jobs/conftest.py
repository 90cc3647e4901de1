"""Real processes: a worker and a Valkey of the test's own on a database of its own; the relay's part in a thread."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import psutil
import pytest
from flask import Flask
from psycopg.types.json import Jsonb
from werkzeug.test import TestResponse

from wuji.installation import install
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.valkey import Valkey
from wuji.kit.options import load
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.testing.workshop import Workshop
from wuji.work.bell import Bell, SilentError
from wuji.work.claims import ring_due

PATIENCE = 120.0  # seconds: a busy machine needs many to start a program
TASKS = """
import os, time
from pathlib import Path
from msgspec import Struct

class Args(Struct):
    mark: str = ""
    steps: int = 0
    pause: float = 0.0

def note(run, args, verb="made"):
    record(run.session, f"test.thing.{verb}", "thing", args.mark, tenant_id=run.session.actor.tenant_id)

@task("works.make", Args, limit=60)
def make(run, args):
    note(run, args)
    for step in range(args.steps):
        run.report(100 * step // args.steps)
        time.sleep(args.pause)

@task("works.fail", Args, attempts=2)
def fail(run, args):
    note(run, args)
    raise RuntimeError("it cannot be done")

@task("works.refuse", Args)
def refuse(run, args):
    raise Problem("kit.invalid", 422)

@task("works.stick", Args, limit=1)
def stick(run, args):
    time.sleep(600)

@task("works.once_repaired", Args, attempts=1)
def once_repaired(run, args):
    if not Path(args.mark).exists():
        raise OSError("not yet")
    note(run, args)
"""
HOOKS = """
@hook
def wuji_tasks(self):
    return [make, fail, refuse, stick, once_repaired]
"""


def await_true(true: Callable[[], Any], patience: float = PATIENCE) -> None:
    ends, look = time.monotonic() + patience, Event()
    while not true():
        assert time.monotonic() < ends, "it never came true"
        look.wait(0.2)


@pytest.fixture
def until() -> Callable[..., None]:
    return await_true


@dataclass
class Crew:
    """A deployment whose jobs are done by real processes."""

    world: World
    app: Flask
    valkey: Valkey
    environment: dict[str, str]
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """A worker."""
        with (self.folder / "worker.log").open("ab") as log:
            argv = [sys.executable, "-m", "wuji.worker"]
            self.workers.append(subprocess.Popen(argv, env=self.environment, stderr=log, stdout=log))
        return self.workers[-1]

    @property
    def log(self) -> str:
        return (self.folder / "worker.log").read_text()

    def children(self, number: int = -1) -> list[psutil.Process]:
        return psutil.Process(self.workers[number].pid).children()

    @contextmanager
    def relaying(self, at_once: int = 2) -> Iterator[None]:
        """What the relay does for jobs, in a thread."""
        stop = Event()
        engine = make_engine(self.world.server.url("wuji_system", self.world.database), pool_size=1)

        def work() -> None:
            with Bell(self.valkey.broker_url) as bell:
                while not stop.wait(0.1):
                    try:
                        ring_due(engine, bell, at_once)
                    except SilentError:
                        stop.wait(0.2)

        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(work)
            try:
                yield
            finally:
                stop.set()
                running.result(PATIENCE)
                engine.dispose()

    def add(
        self, kind: str, tenant: str = "village", most_attempts: int = 5, lane: str | None = None, **args: Any
    ) -> UUID:
        """A job of account system, as the relay makes one."""
        with self.world.enter(login="wuji_system") as tx:
            made: UUID = tx.one(
                "select wuji.job_make(%s, %s, %s, lane => %s, most_attempts => %s)",
                *(kind, Jsonb(args), self.world.tenant[tenant], lane, most_attempts),
            )
            tx.commit()
        return made

    def row(self, job: UUID) -> Any:
        columns = "state, attempts, progress, fault, problem, lease_until, due_at, finished_at"
        with self.world.enter(login="wuji_system") as tx:
            return tx.row(f"select {columns} from wuji.job where id = %s", job)

    def state(self, job: UUID) -> str:
        return str(self.row(job).state)

    def made(self, mark: str) -> int:
        """How often the effect is there."""
        return int(
            self.world.one("select count(*) from wuji.journal_record where kind = 'thing' and subject_id = %s", mark)
        )

    def ask(self, who: str, method: str, path: str, **given: Any) -> TestResponse:
        """`path` below /api/v1."""
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie("wuji-8000", self.world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, headers=headers, buffered=True, **given)


@pytest.fixture
def crew(
    server: Server, make_database: Callable[[], str], workshop: Workshop, valkey: Valkey, tmp_path: Path
) -> Iterator[Crew]:
    world = World(server, make_database())
    workshop.write(HOOKS, before=TASKS, name="works")
    owner = server.engine("wuji_owner", world.database)
    assert install(owner, server.seal, workshop.load()) == []
    owner.dispose()
    environ = {
        "WUJI_MODE": "development",
        "WUJI_HOME": str(valkey.home),
        "WUJI_DATABASE_URL": server.url("wuji_app", world.database),
        "WUJI_BROKER_URL": valkey.broker_url,
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_FILES_DIR": str(tmp_path / "files"),
        "WUJI_PLUGINS_DIR": str(workshop.folder),
    }
    options = load(
        {name: value for name, value in environ.items() if name not in {"WUJI_DATABASE_URL", "WUJI_SEAL_KEY"}}
    )
    app = make_app(server, world.database, options)
    inherited = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    made = Crew(world, app, valkey, {**inherited, **environ}, tmp_path)
    yield made
    for worker in made.workers:
        for process in (*(psutil.Process(worker.pid).children() if worker.poll() is None else ()), worker):
            process.kill()
        worker.wait()
    app.extensions["wuji"].engine.dispose()
    world.close()
