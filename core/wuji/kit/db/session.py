"""The unit of work: one transaction with one scope, bound at a door before the first statement, committed before the
reply.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from wuji.kit.db.doors import Actor, Door


@dataclass(frozen=True)
class Recorded:
    """What a projector is told: what happened to which row, inside the transaction that did it."""

    verb: str
    kind: str
    subject_id: str
    tenant_id: int | None


# (session, what happened): a projector that raises rolls the change back.
Projector = Callable[["ScopedSession", Recorded], None]
Projectors = Mapping[str, Sequence[Projector]]
# (session, "plugin.feature"): whether the root allows that sensitive feature where the session acts.
Allows = Callable[["ScopedSession", str], bool]


class NoScopeError(RuntimeError):
    """A session was used before its door was opened."""


class ScopedSession(Session):
    """One session is one scope for its whole life: a switched scope would hand out the other scope's objects from the
    identity map.
    """

    def __init__(
        self,
        bind: Engine | Connection,
        door: Door | None,
        projectors: Projectors | None = None,
        allows: Allows | None = None,
        **options: Any,
    ) -> None:
        super().__init__(bind, expire_on_commit=False, **options)
        self._door = door
        self.projectors: Projectors = projectors or {}
        self.allows = allows
        self._actor: Actor | None = None

    @property
    def door(self) -> Door | None:
        return self._door

    @property
    def actor(self) -> Actor:
        if self._actor is None:
            raise NoScopeError("no transaction has begun")
        return self._actor

    def enter(self, connection: Connection) -> None:
        if self._door is not None:
            self._actor = self._door.open(connection)


@event.listens_for(ScopedSession, "after_begin")
def _enter(session: ScopedSession, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:  # fires for savepoints too, which keep the scope of their transaction
        session.enter(connection)


@lru_cache(16)  # making one costs as much as a statement; a process has one or two engines
def _reading(engine: Engine) -> Engine:
    """The same pool, every transaction READ ONLY."""
    return engine.execution_options(postgresql_readonly=True)


@contextmanager
def unit_of_work(
    engine: Engine,
    door: Door,
    *,
    read_only: bool = False,
    projectors: Projectors | None = None,
    allows: Allows | None = None,
) -> Iterator[ScopedSession]:
    """Commits when the block ends, rolls back when it raises. A read is READ ONLY in the database too."""
    with ScopedSession(_reading(engine) if read_only else engine, door, projectors, allows) as session:
        session.connection()  # opens the door before anything else may happen
        yield session
        session.commit()
