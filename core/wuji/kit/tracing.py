"""Traces, where a collector takes them: what took how long, from a request to the jobs and consumers that follow from it.
Where none is set nothing is loaded and nothing is made; otel.py is what sends them.

A trace is handed on as the W3C writes it (`traceparent`), in rows: whatever a transaction writes into the journal or asks for
as a job says in which span that was.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from types import TracebackType
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import Connection

from wuji.kit.options import Options

Kind = Literal["server", "consumer", "internal"]
Said = Mapping[str, str | int]
NOTHING: Said = {}


class Chain(NamedTuple):
    """What a span follows from, as it was handed on, and what else it has to do with."""

    after: str | None
    beside: Sequence[str | None]
    since: int | None


class Span(Protocol):
    """Something that takes time."""

    def tell(self, said: Said, *, failed: bool = False) -> None:
        """What is known of it by now. Names and ids only: never what a row holds or somebody typed."""


class Tracer(Protocol):
    """Makes spans."""

    def span(
        self, name: str, kind: Kind, chain: Chain, through: Connection | None, said: Said
    ) -> AbstractContextManager[Span]: ...

    def statement(self, text: str, since: int | None) -> AbstractContextManager[Span]: ...

    def carried(self) -> str | None: ...

    def end(self) -> None: ...


class _Unseen:
    """A span that nobody looks at."""

    def tell(self, said: Said, *, failed: bool = False) -> None:
        """Goes nowhere."""

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing began."""


UNSEEN = _Unseen()
_tracers: list[Tracer] = []  # of this process: one, or none


def start(options: Options, role: str) -> None:
    """Once per process, before it works."""
    if options.traces_url and not _tracers:
        # named, not imported: whoever sends no traces need not have the library, nor hold it in memory
        _tracers.append(import_module("wuji.kit.otel").Sending(options.traces_url, role))


def end(**_signal: object) -> None:
    """What was not sent yet is, unless the collector keeps it waiting."""
    while _tracers:
        _tracers.pop().end()


def span(
    name: str,
    kind: Kind = "internal",
    *,
    after: str | None = None,
    beside: Sequence[str | None] = (),
    through: Connection | None = None,
    said: Said = NOTHING,
    since: int | None = None,
) -> AbstractContextManager[Span]:
    """A span of the block. `after` is what it follows from, as it was handed on; otherwise it is part of the one around it.
    `beside` is what else it has to do with. What the transaction `through` writes belongs to it; a transaction that begins
    within does so anyway. `since`: when it began, in nanoseconds since 1970, where only its end shows that it is worth one.
    """
    return _tracers[0].span(name, kind, Chain(after, beside, since), through, said) if _tracers else UNSEEN


def statement(text: str, *, since: int | None = None) -> AbstractContextManager[Span]:
    """A span of a statement that goes past SQLAlchemy, whose own are traced anyway; like those only within another span."""
    return _tracers[0].statement(text, since) if _tracers else UNSEEN


def carried() -> str | None:
    """The span around this, as it is handed on."""
    return _tracers[0].carried() if _tracers else None


def is_taken(url: str) -> bool:
    """Whether a collector takes something there; asks for two seconds."""
    taken: bool = import_module("wuji.kit.otel").is_taken(url)
    return taken
