"""The real web server in a process of its own, for what only it shows: bodies, open answers, clients that leave, its end."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

READY = 60.0  # seconds; other work may have the machine
LISTENING = 0.05  # seconds between two looks whether it does: nothing tells


class Stream:
    """An open page, or what stands for one: reads what it is told."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", path, headers={"Accept": "text/event-stream", **headers})
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.body = b"" if self.status == http.client.OK else self.answer.read()
        self.id = ""

    def next(self, within: float = 5.0) -> tuple[str, Any]:
        """The next event and its data; ("", None) at the end. Raises TimeoutError. Heartbeats are passed over."""
        deadline, event, data = time.monotonic() + within, "message", None
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if self.connection.sock:
                self.connection.sock.settimeout(left)
            line = self.answer.readline().decode()
            if not line:
                return "", None
            name, _, value = line.rstrip("\n").partition(": ")
            match name:
                case "id":
                    self.id = value
                case "event":
                    event = value
                case "data":
                    data = value
                case "" if data is not None:
                    return event, data if event == "bye" else json.loads(data)

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@dataclass
class Web:
    """The running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: IO[str]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it has logged by now."""
        return [json.loads(line) for line in _read(self.log).splitlines() if line.startswith("{")]

    def stream(self, path: str, **headers: str) -> Stream:
        return Stream(self.port, path, headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
        answer = connection.getresponse()
        read = answer.status, answer.read()
        connection.close()
        return read

    def raw(self, sent: bytes, *, keep: int = 0) -> socket.socket:
        """A socket that has sent this; keep: its receive buffer in bytes."""
        one = socket.socket()
        if keep:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, keep)
        one.settimeout(20)
        one.connect(("127.0.0.1", self.port))
        one.sendall(sent)
        return one

    @property
    def memory(self) -> int:
        """Bytes of its working processes."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return sum(int(one.memory_info().rss) for one in below)


@contextmanager
def serving(target: str, environment: Mapping[str, str], folder: Path | None = None, port: int = 0) -> Iterator[Web]:
    """A server as web runs it, with few words; `target` is module:factory, looked for in `folder` too.

    What it wrote to stderr must hold no traceback.
    """
    port = port or _unused_port()
    argv = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--factory"]
    argv += [
        "--no-ws",
        "--log-level",
        "warning",
        "--backlog",
        "8192",
        "--backpressure",
        "20000",
        "--port",
        str(port),
        "--workers-kill-timeout",
        "10",
        target,
    ]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WUJI_")}
    own = {**inherited, **environment, "WUJI_PORT": str(port)}
    with tempfile.TemporaryFile("a+") as log:  # a pipe that nobody reads would stop it when it is full
        process = subprocess.Popen(argv, cwd=folder, env=own, stdout=log, stderr=log)
        try:
            yield _listening(Web(process, port, log))
        finally:
            process.terminate()
            process.wait(30)
        said = _read(log)
    if "Traceback" in said:
        raise AssertionError(said)


def _unused_port() -> int:
    """One that nobody gets twice within a run: two servers on one port would both start, and share who asks."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _read(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


def _listening(web: Web) -> Web:
    deadline = time.monotonic() + READY
    while True:
        try:
            web.ask("GET", "/healthz/live")
        except OSError as error:
            if time.monotonic() > deadline or web.process.poll() is not None:
                web.process.kill()
                raise RuntimeError(_read(web.log)) from error
            time.sleep(LISTENING)
        else:
            return web
