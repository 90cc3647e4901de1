"""Spans by the libraries of OpenTelemetry, sent to a collector. Loaded by tracing.py alone, and only where one is set.

The libraries' own instruments for Flask and SQLAlchemy are left out: they tell addresses with what was asked in them, and the
text of errors, in which PostgreSQL repeats rows.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Connection, Engine, ExceptionContext, event

from wuji.kit.logs import belongings
from wuji.kit.tracing import UNSEEN, Chain, Kind, Said
from wuji.kit.tracing import Span as Told

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ExecutionContext

log = logging.getLogger("wuji.traces")
logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it would say the same of every batch
PATIENCE = 5.0  # seconds for the collector to take a batch; beside everything else, in a thread
ASKING = 2.0  # seconds for it to answer whether it is there
FAREWELL = 3.0  # seconds for the last one when the program ends
LONGEST = 2000  # characters of a statement
KINDS = {"server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER, "internal": SpanKind.INTERNAL}
CARRY = "select set_config('wuji.trace', %s, true)"  # columns of job and journal_record take it from there
QUIET = (CARRY, "SAVEPOINT ", "RELEASE SAVEPOINT ")  # statements that nobody wants to see
HEADER = "traceparent"
WRITTEN = TraceContextTextMapPropagator()
# What is written out in a statement instead of bound: strings of each form that PostgreSQL has, and numbers.
VALUES = re.compile(r"[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|(?<![\w$%])\d+(?:\.\d+)?\b", re.DOTALL)


class _Exporter(SpanExporter):
    """Says once that the collector is away, and once that it is back. What it could not take meanwhile is lost."""

    def __init__(self, url: str) -> None:
        self._sent = _exporter(url, PATIENCE)
        self._away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._sent.export(spans)
        away = result is not SpanExportResult.SUCCESS
        if away and not self._away:
            log.warning("the collector takes no traces; everything else goes on, and they are lost until it does")
        elif self._away and not away:
            log.info("the collector takes traces again")
        self._away = away
        return result

    def shutdown(self) -> None:
        self._sent.shutdown()


class _Told:
    """One span under way."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def tell(self, said: Said, *, failed: bool = False) -> None:
        self._span.set_attributes(dict(said))
        if failed:
            self._span.set_status(StatusCode.ERROR)


class Sending:
    """Of one process. Spans wait in a queue of bounded length (OTEL_BSP_MAX_QUEUE_SIZE) and are sent by a thread."""

    def __init__(self, url: str, role: str) -> None:
        resource = Resource.create({"service.namespace": "wuji", "service.name": f"wuji-{role}"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_Exporter(url)))
        self._tracer = self._provider.get_tracer("wuji")
        self._statements: WeakKeyDictionary[ExecutionContext, Span] = WeakKeyDictionary()
        self._listeners: Mapping[str, Callable[..., None]] = {
            "begin": self._begin,
            "before_cursor_execute": self._before,
            "after_cursor_execute": self._after,
            "handle_error": self._failed,
        }
        for name, listener in self._listeners.items():
            event.listen(Engine, name, listener)

    def end(self) -> None:
        """Waits for a slow collector no longer than a program may take to end."""
        for name, listener in self._listeners.items():
            event.remove(Engine, name, listener)
        last = Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(FAREWELL)

    @contextmanager
    def span(self, name: str, kind: Kind, chain: Chain, through: Connection | None, said: Said) -> Iterator[_Told]:
        """Notes the class of an error that passes through, not its text."""
        with self._tracer.start_as_current_span(
            name,
            context=_context(chain.after) if chain.after else None,
            kind=KINDS[kind],
            links=list(_links(chain)),
            attributes=dict(said),
            start_time=chain.since,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            if through is not None:
                self._begin(through)
            told = _Told(span)
            try:
                yield told
            except BaseException as error:
                told.tell({"error.type": type(error).__name__}, failed=True)
                raise
            finally:
                if kind != "internal":
                    told.tell({f"wuji.{name}": value for name, value in belongings().items()})

    def statement(self, text: str, since: int | None) -> AbstractContextManager[Told]:
        """Looking at nothing where nothing is traced around it."""
        return self._stated(text, since) if get_current_span().is_recording() else UNSEEN

    @contextmanager
    def _stated(self, text: str, since: int | None) -> Iterator[_Told]:
        span = self._ask(text, since)
        try:
            yield _Told(span)
        except BaseException as error:
            _fail(span, error)
            raise
        finally:
            span.end()

    def carried(self) -> str | None:
        """As the W3C writes it."""
        carrier: dict[str, str] = {}
        WRITTEN.inject(carrier)
        return carrier.get(HEADER)

    def _begin(self, connection: Connection) -> None:
        """What the transaction writes belongs to the span that is current now."""
        carried = self.carried()
        if carried and not connection.get_execution_options().get("postgresql_readonly"):
            connection.exec_driver_sql(CARRY, (carried,))

    def _before(self, _connection: Any, _cursor: Any, statement: str, _bound: Any, context: Any, _many: Any) -> None:
        """Only of what is done within a span: programs look into the database all day long."""
        if get_current_span().is_recording() and not statement.startswith(QUIET):
            self._statements[context] = self._ask(statement)

    def _ask(self, statement: str, since: int | None = None) -> Span:
        shown = shorn(statement)
        verb = shown.split(None, 1)[0].upper() if shown else ""
        said = {"db.system.name": "postgresql", "db.operation.name": verb, "db.query.text": shown}
        return self._tracer.start_span(f"SQL {verb}", kind=SpanKind.CLIENT, attributes=said, start_time=since)

    def _after(self, _connection: Any, _cursor: Any, _statement: Any, _bound: Any, context: Any, _many: Any) -> None:
        if span := self._statements.pop(context, None):
            span.end()

    def _failed(self, error: ExceptionContext) -> None:
        span = self._statements.pop(error.execution_context, None) if error.execution_context else None
        if span:
            _fail(span, error.original_exception)
            span.end()


def _fail(span: Span, error: BaseException) -> None:
    span.set_attribute("error.type", getattr(error, "sqlstate", None) or "connection")
    span.set_status(StatusCode.ERROR)


def _context(carrier: str | None) -> Context:
    return WRITTEN.extract({HEADER: carrier} if carrier else {})


def _links(chain: Chain) -> Iterator[Link]:
    """To what a span is no part of: the one around it, where it follows from another, and those beside."""
    others = [get_current_span()] if chain.after else []
    others += [get_current_span(_context(one)) for one in chain.beside]
    yield from (Link(one.get_span_context()) for one in others if one.get_span_context().is_valid)


@lru_cache(2048)
def shorn(statement: str) -> str:
    """A statement without values: those that are bound were never in it, and those that are written out are left out."""
    return VALUES.sub("?", statement.strip())[:LONGEST]


def is_taken(url: str) -> bool:
    """Whether a collector takes a batch of nothing there."""
    sent = _exporter(url, ASKING)
    taken = sent.export(()) is SpanExportResult.SUCCESS
    sent.shutdown()
    return taken


def _exporter(url: str, seconds: float) -> OTLPSpanExporter:
    return OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=seconds)
