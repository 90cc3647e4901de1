"""A collector that takes OTLP over HTTP, as a real one does, and what sends to it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from wuji.kit import tracing
from wuji.kit.options import load

SOON = "100"  # milliseconds between two batches


@dataclass(frozen=True)
class Seen:
    """One span, as it was received."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    links: tuple[str, ...]
    failed: bool
    said: dict[str, Any]


@dataclass
class Collector:
    """What it has received."""

    spans: list[Seen] = field(default_factory=list)
    raw: bytes = b""
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        self.raw += body
        self.headers.append(headers)
        for one in request.resource_spans:
            service = {said.key: said.value.string_value for said in one.resource.attributes}["service.name"]
            self.spans += [seen(service, span) for scope in one.scope_spans for span in scope.spans]

    def find(self, name: str) -> list[Seen]:
        return [span for span in self.spans if span.name == name]


def seen(service: str, span: Any) -> Seen:
    said = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
    links = tuple(link.trace_id.hex() for link in span.links)
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return Seen(service, span.name, *ids, links, span.status.code == span.status.STATUS_CODE_ERROR, said)


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[int]:
    """An HTTP server in a thread; yields its port."""
    handler = type("Answering", (BaseHTTPRequestHandler,), {"do_POST": answer, "log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()

    def answer(call: BaseHTTPRequestHandler) -> None:
        assert call.path == "/v1/traces"
        made.take(call.rfile.read(int(call.headers["Content-Length"])), dict(call.headers))
        call.send_response(200)
        call.end_headers()

    with serving(answer) as made.port:
        yield made


@pytest.fixture
def trace_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Has this very process send its traces there."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", SOON)
    yield lambda url: tracing.start(load({"WUJI_TRACES_URL": url}), "test")
    tracing.end()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], subprocess.Popen[bytes]]]:
    """Starts a program as the supervisor does; ended by the test or killed."""
    with ExitStack() as held:

        def start(module: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
            log = held.enter_context((tmp_path / f"{module}.log").open("wb"))
            own = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment}
            argv = [sys.executable, "-m", "wuji.kit.entering", module]
            process = subprocess.Popen(argv, env=own, stdout=log, stderr=log)
            held.callback(process.wait)
            held.callback(process.kill)
            return process

        yield start
