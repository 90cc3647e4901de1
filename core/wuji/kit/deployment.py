"""What one running program consists of; made by `assembly`, handed to every entry point, reached from a request through
the app.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import Engine

from wuji.kit.clock import Clock, now
from wuji.kit.db.doors import Actor, Door, Seal
from wuji.kit.db.session import Allows, Projectors, ScopedSession, unit_of_work
from wuji.kit.http.columns import List
from wuji.kit.options import Options
from wuji.kit.setting import Setting
from wuji.kit.storage import Files
from wuji.kit.texts import Texts
from wuji.kit.visibility import VisibleKind

# (token, actor) of a session that was just used: prolongs it, in a transaction of its own.
Used = Callable[["Deployment", str, Actor], None]
# Whether a plugin is active where the session acts.
Active = Callable[[ScopedSession, str], bool]
# The same at a tenant in the session's range, for what works for a whole tree.
ActiveAt = Callable[[ScopedSession, str, int], bool]
Part = TypeVar("Part")


def nowhere(_session: ScopedSession, _plugin: str) -> bool:
    """What holds of plugins in a program that has none."""
    return False


def nowhere_at(_session: ScopedSession, _plugin: str, _tenant_id: int) -> bool:
    """The same of every tenant."""
    return False


@dataclass(frozen=True)
class Deployment:
    """Engines, keys and registries. Two of them in one process do not know of each other."""

    options: Options
    engine: Engine
    seal: Seal
    texts: Texts
    permissions: frozenset[str]
    used: Used
    files: Files
    lists: Mapping[str, List] = field(default_factory=dict)
    tasks: Mapping[str, "Task"] = field(default_factory=dict)
    projectors: Projectors = field(default_factory=dict)
    settings: Mapping[str, Setting[Any]] = field(default_factory=dict)
    visible: Mapping[str, VisibleKind] = field(default_factory=dict)
    active: Active = nowhere
    active_at: ActiveAt = nowhere_at
    allows: Allows | None = None
    parts: Mapping[type[Any], Any] = field(
        default_factory=dict
    )  # what upper layers put there for each other, by its type
    clock: Clock = now

    def part(self, kind: type[Part]) -> Part:
        """What assembly made of that type for this program."""
        found: Part = self.parts[kind]
        return found

    def work(self, door: Door, *, read_only: bool = False) -> AbstractContextManager[ScopedSession]:
        """A unit of work of this deployment: web, command line and jobs record alike."""
        return unit_of_work(self.engine, door, read_only=read_only, projectors=self.projectors, allows=self.allows)


@dataclass(frozen=True)
class Run:
    """What a job function works with. `folder` is its own and gone afterwards; `report` takes progress from 0 to 100, and
    raises JobCancelledError where whoever asked wants it no more.

    Everything is one transaction, which ends with the job: what it writes, it should write late, because readers of the
    journal wait for transactions that have written.
    """

    deployment: Deployment
    session: ScopedSession
    folder: Path
    report: Callable[[int], None]


class JobCancelledError(Exception):
    """Whoever asked for the job wants it no more; what it did is rolled back."""


class TryLaterError(RuntimeError):
    """What was tried may work after that time; the job is done again then. It is logged in one line."""

    def __init__(self, said: str, after: timedelta) -> None:
        super().__init__(said)
        self.after = after


class GivenUpError(RuntimeError):
    """It was tried often enough: the job stays as a dead letter."""


@dataclass(frozen=True)
class Produced:
    """A file that a job leaves behind for the account that asked, until it expires."""

    path: Path
    name: str
    media: str
    expires_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What a job has found or done, in a few words and numbers: kept in its row as JSON."""

    said: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """A job function and what it takes; made by `work.task`, which types both. One attempt lasts `limit` seconds at most; what
    fails otherwise than by a Problem is tried again until there were so many `attempts`.
    """

    kind: str
    args: type[Struct]
    run: Callable[[Run, Any], Produced | Outcome | None]
    limit: int = 600
    attempts: int = 5
