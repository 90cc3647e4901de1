"""Finds a server of ours among the processes of this machine by its command line, which everybody may read."""

import signal
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.process import LOOK, await_ends

PATIENCE = 2.0  # seconds that one answer may take


def find_server(program: str, folder: Path) -> psutil.Process | None:
    """The process that runs `program` with `folder` as an argument. A pid file may name a stranger; this does not."""
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if words and Path(words[0]).name == program and str(folder) in words:
                return process
        except psutil.Error:
            continue  # it ended while we looked, or is hidden from us and so not ours
    return None


def await_end(processes: Iterable[psutil.Process], deadline: float, *, kill: bool = False) -> None:
    """Awaits the end of these processes; past the deadline they are killed, or EmbeddedError names one that lives."""
    alive = await_ends(processes, deadline)
    if kill:
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        alive = await_ends(alive, deadline)
    for process in alive:
        raise EmbeddedError(f"{process.name()} (process {process.pid}) did not end within {deadline:.0f} s")


def end_server(program: str, folder: Path, how: signal.Signals, deadline: float) -> None:
    """Sends the signal, if the server runs, and awaits the end."""
    process = find_server(program, folder)
    if process is None:
        return
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise EmbeddedError(f"{program} (process {process.pid}) runs as another user: stop it as that user") from None
    await_end([process], deadline)


def became_ready(process: psutil.Process | None, ready: Callable[[], bool], deadline: float) -> bool:
    """Awaits a server that is starting; False if it ended instead. EmbeddedError if it takes too long."""
    until = time.monotonic() + deadline
    while not ready():
        if process is None or not await_ends([process], LOOK):
            return False
        if time.monotonic() > until:
            raise EmbeddedError(f"Process {process.pid} did not answer within {deadline:.0f} s")
    return True


def await_ready(process: psutil.Process | None, ready: Callable[[], bool], deadline: float) -> None:
    """Awaits a server that was started just now; EmbeddedError if it ends instead, or takes too long."""
    if not became_ready(process, ready, deadline):
        raise EmbeddedError("The server ended while its start was awaited")


def answers(path: Path, question: bytes, answer: bytes) -> bool:
    """Whether a server at this socket gives this answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        try:
            client.connect(str(path))
            client.sendall(question)
            return client.recv(len(answer)) == answer
        except OSError:
            return False
