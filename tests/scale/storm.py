"""A city begins its day: a thousand people log in within a minute, argon2 and all, while somebody else goes on reading."""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from time import perf_counter, sleep

from tests.scale.ground import HEADS, PASSWORD, PEOPLE, Ground
from tests.scale.measure import Figure

from wuji.testing.web import Web, serving

LOGINS, SHORT_LOGINS, MINUTE = 1000, 150, 60.0
AT_ONCE = 8  # of them wait at a time, as people do in front of their screens
PAUSE = 0.02  # seconds between two requests of whoever reads
RATIO, LOOSE_RATIO = 1.5, 6.0
LOOSE = 2.0  # times the seconds, on a busy machine


def storm(ground: Ground) -> Iterator[Figure]:
    number = SHORT_LOGINS if ground.size.short else LOGINS
    asked = MINUTE * number / LOGINS
    environment = {
        "WUJI_DATABASE_URL": ground.server.url("wuji_app", ground.server.shared),
        "WUJI_SEAL_KEY": ground.server.seal.key.hex(),
        "WUJI_BROKER_URL": f"valkey+socket://{ground.server.postgres.home}/no-broker",
        "WUJI_RATE_LIMITS": "0",
        "WUJI_FILES_DIR": str(ground.server.files),
    }
    with serving("wuji.app:serve", environment) as web:
        read(web, 2.0)
        alone = p95(read(web, asked / 2))
        spawned = get_context("spawn")
        here, there = spawned.Pipe()
        process = spawned.Process(target=log_in_all, args=(web.port, number, asked, there))
        process.start()
        here.recv()
        beside = p95(read(web, asked * 0.9))
        took: float = here.recv()
        process.join()
    yield Figure(
        f"{number} logins", f"within {asked:.0f} s", f"{took:.1f} s", "none", took, asked * 1.02, asked * LOOSE
    )
    yield Figure(
        "GET /api/v1/me meanwhile, p95",
        f"≤ {RATIO}×",
        f"{beside:.1f} ms ({beside / alone:.2f}×)",
        f"{alone:.1f} ms alone",
        beside / alone,
        RATIO,
        LOOSE_RATIO,
    )


def read(web: Web, seconds: float) -> list[float]:
    """Milliseconds of each request, one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    headers, taken, until = {"Cookie": f"wuji-{web.port}={HEADS[2].cookie}"}, [], perf_counter() + seconds
    while perf_counter() < until:
        began = perf_counter()
        connection.request("GET", "/api/v1/me", headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"GET /api/v1/me answered {answer.status}")
        taken.append((perf_counter() - began) * 1000)
        sleep(PAUSE)
    connection.close()
    return taken


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]


def log_in_all(port: int, number: int, seconds: float, pipe: Connection) -> None:
    """Evenly over the time, in a process of its own; sends back how long it took until the last one was in."""
    began, people = perf_counter(), cycle(f"person-{n}" for n in range(1, PEOPLE + 1))

    def enter(given: tuple[int, str]) -> None:
        number_, login = given
        sleep(max(0.0, began + number_ * seconds / number - perf_counter()))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "X-Wuji-Request": "1"}
        connection.request("POST", "/api/v1/session", json.dumps({"login": login, "password": PASSWORD}), headers)
        status = connection.getresponse().status
        connection.close()
        if status != HTTPStatus.OK:
            raise RuntimeError(f"{login} could not log in: {status}")

    pipe.send("ready")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(enter, ((n, next(people)) for n in range(number))))
    pipe.send(perf_counter() - began)
