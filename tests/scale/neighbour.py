"""Somebody of another city, in a process of its own: asks for a page again and again, and says how long each took."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter

import psycopg

PAUSE = 0.005  # seconds between two requests
WARM = 20  # requests that a new connection needs until it has its plans


def ask(url: str, code: str, statement: str, pipe: Connection) -> None:
    """Until something is sent; then sends back the seconds of every request."""
    times: list[float] = []
    with psycopg.connect(url, prepare_threshold=None) as app:
        for _ in range(WARM):
            once(app, code, statement)
        pipe.send("ready")
        while not pipe.poll(PAUSE):
            times.append(once(app, code, statement))
    pipe.send(times)


def once(app: psycopg.Connection, code: str, statement: str) -> float:
    """Seconds of one request."""
    began = perf_counter()
    app.execute("select wuji.enter_public(%s)", (code,))
    app.execute(statement.encode()).fetchall()
    app.rollback()
    return perf_counter() - began


@contextmanager
def asking(url: str, code: str, statement: str, times: list[float]) -> Iterator[None]:
    """While the block runs; `times` has grown when it has ended."""
    spawned = get_context("spawn")
    here, there = spawned.Pipe()
    process = spawned.Process(target=ask, args=(url, code, statement, there))
    process.start()
    here.recv()
    yield
    here.send("enough")
    times += here.recv()
    process.join()
