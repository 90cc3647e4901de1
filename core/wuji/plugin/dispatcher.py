"""Calls hooks of the plugins that are active where the session acts. Each call is fenced: what one plugin does wrong costs
its own answer and nobody else's.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

from pluggy import HookCaller
from sqlalchemy import text

from wuji.kit.db.session import Recorded, ScopedSession
from wuji.kit.metrics import PLUGIN_CALLS, PLUGIN_FAULTS, PLUGIN_SECONDS
from wuji.kit.problem import Problem
from wuji.kit.tracing import span
from wuji.plugin.breaker import Breaker
from wuji.plugin.hookspecs import Events
from wuji.plugin.loading import make_manager
from wuji.plugin.plugins import Plugins
from wuji.plugin.records import Projection, TenantChange

log = logging.getLogger(__name__)
SLOW = 0.5  # seconds
LIMIT = text(f"set local statement_timeout = {int(SLOW * 1000)}")
FREE = text("set local statement_timeout to default")  # what the connection was opened with

# (session) -> ids of the plugins that are active where it acts.
ActiveAt = Callable[[ScopedSession], frozenset[str]]
# (plugin, hook, what happened): keeps it where operators look.
Report = Callable[[str, str, str], None]
Fence = Callable[[ScopedSession], AbstractContextManager[None]]


class Answers(NamedTuple):
    """What plugins gave, each with its name, and those that gave nothing because something is wrong with them."""

    given: Sequence[tuple[str, Any]]
    failed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """One plugin's implementation of one hook."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    names: tuple[str, ...]
    breaker: Breaker = field(default_factory=Breaker)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Counts a call and its time. A call that does not use the database is faster than this, and is not counted."""
        began = monotonic()
        try:
            with span(f"{self.plugin} {self.hook}"):
                yield
        finally:
            PLUGIN_CALLS.labels(self.plugin, self.hook).inc()
            PLUGIN_SECONDS.labels(self.plugin, self.hook).inc(monotonic() - began)


@contextmanager
def fenced(session: ScopedSession) -> Iterator[None]:
    """A savepoint and a time limit for each statement; what the core has pending is written before."""
    session.flush()
    with session.begin_nested():
        session.execute(LIMIT)
        yield
        session.execute(FREE)


class Dispatcher:
    """Of one program. Callers of one active set are put together once."""

    def __init__(self, plugins: Plugins, active: ActiveAt, report: Report) -> None:
        self.plugins = plugins
        self.active = active
        self._report = report
        self._bound = _bind(plugins)
        self._callers = lru_cache(maxsize=4096)(self._put_together)

    def ask(self, hook: str, session: ScopedSession, **arguments: object) -> Answers:
        """Every plugin that is active where the session acts, in the order of needs."""
        return self.call(hook, self.active(session), session, arguments)

    def ask_one(self, plugin: str, hook: str, session: ScopedSession, **arguments: object) -> Answers:
        """One plugin, where it is active; otherwise nothing was given."""
        there = self.active(session) & {plugin}
        return self.call(hook, there, session, arguments)

    def tell(self, plugin: str, session: ScopedSession, changes: Sequence[TenantChange]) -> None:
        """A plugin's own switch, wherever it is thrown: it hears of it although it may not be active any more."""
        for change in changes:
            given = {"change": change}
            self.call("wuji_tenant_changed", frozenset({plugin}), session, given, passing=(Problem,))

    def call(
        self,
        hook: str,
        plugins: frozenset[str],
        session: ScopedSession,
        arguments: Mapping[str, object],
        *,
        fence: Fence | None = fenced,
        passing: tuple[type[Exception], ...] = (),
    ) -> Answers:
        """`passing` may be raised on purpose; `fence` surrounds each call, none where a hook has no use for the database."""
        return self._run(self._callers(hook, plugins), session, arguments, fence=fence, passing=passing)

    def guard(self, plugin: str, projection: Projection) -> Projection:
        """A plugin's projector of a kind that is not its own: it runs where the plugin is active, and if it breaks, the change
        goes on without it; a Problem rolls back.
        """
        bound = Bound(plugin, f"projector {projection.name}", projection.project, ("session", "recorded"))

        def project(session: ScopedSession, recorded: Recorded) -> None:
            if plugin in self.active(session):
                self._run((bound,), session, {"recorded": recorded}, fence=fenced, passing=(Problem,))

        return replace(projection, project=project)

    def _run(
        self,
        bounds: Sequence[Bound],
        session: ScopedSession,
        arguments: Mapping[str, object],
        *,
        fence: Fence | None,
        passing: tuple[type[Exception], ...],
    ) -> Answers:
        given: list[tuple[str, Any]] = []
        failed: list[str] = []
        values = {"session": session, **arguments}
        began = monotonic()
        for bound in bounds:
            breaker = bound.breaker
            if breaker.open_until and not breaker.admits(began):
                failed.append(bound.plugin)
                continue
            try:
                if fence is None:
                    result = bound.function(*[values[name] for name in bound.names])
                else:
                    with fence(session), bound.counted():
                        result = bound.function(*[values[name] for name in bound.names])
            except passing:
                raise
            except Exception as error:
                log.exception("plugin %s fails in %s", bound.plugin, bound.hook)
                began = monotonic()
                failed.append(bound.plugin)
                self._struck(bound, f"{type(error).__name__}: {error}", began)
                continue
            ended = monotonic()
            given.append((bound.plugin, result))
            if ended - began > SLOW:
                self._struck(bound, f"took {ended - began:.1f} s", ended)
            elif breaker.open_until:
                breaker.fulfilled()
            began = ended
        return Answers(given, failed)

    def blame(self, plugin: str, hook: str, what: str) -> None:
        """What came back is not what the hook says: seen by whoever asked, after the call."""
        log.error("plugin %s in %s: %s", plugin, hook, what)
        for bound in self._callers(hook, frozenset({plugin})):
            self._struck(bound, what, monotonic())

    def _struck(self, bound: Bound, what: str, now: float) -> None:
        PLUGIN_FAULTS.labels(bound.plugin, bound.hook).inc()
        opens = bound.breaker.strike(now)
        if opens:
            log.warning("plugin %s is left alone in %s for a while: %s", bound.plugin, bound.hook, what)
        self._report(bound.plugin, bound.hook, what)

    def _put_together(self, hook: str, plugins: frozenset[str]) -> tuple[Bound, ...]:
        return tuple(bound for bound in self._bound.get(hook, ()) if bound.plugin in plugins)


def _bind(plugins: Plugins) -> Mapping[str, tuple[Bound, ...]]:
    """Implementations by hook, in the order of needs."""
    manager = make_manager()
    for plugin in plugins:
        manager.register(plugin.implementation, plugin.id)
    events = [name for name in vars(Events) if name.startswith("wuji_")]
    return {name: tuple(_implementations(name, getattr(manager.hook, name), plugins)) for name in events}


def _implementations(name: str, caller: HookCaller, plugins: Plugins) -> Iterator[Bound]:
    by_object = {id(one.plugin): one for one in caller.get_hookimpls()}
    for plugin in plugins:
        if one := by_object.get(id(plugin.implementation)):
            yield Bound(plugin.id, name, one.function, tuple(one.argnames))
