"""`python -m wuji_station_watch_fleet`: registers devices at the stations of a demo, and pushes until Ctrl-C.

Where that would be more than eight devices a station, it adds simulated stations; residents are not shown those.
"""

import argparse
import heapq
import http.client
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random
from threading import BoundedSemaphore, Event
from typing import Any
from zoneinfo import ZoneInfo

from wuji_station_watch_fleet.api import Api, RefusedError
from wuji_station_watch_fleet.courses import DAY, Course
from wuji_station_watch_fleet.devices import Device, fault_of
from wuji_station_watch_fleet.turns import Turn

KINDS = {"counter": "门口计数器", "occupancy": "在场计数器", "climate": "温湿度计"}  # and what a device is called
MOST = 8  # devices of a station
NAME = "模拟驿站"
HOURS = [["06:30", "22:00"]]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, TOLD_EACH, THREADS, WAITING = 60.0, 10.0, 8, 64
LEAST_SECONDS = 10  # between two reports, as a device may say of itself
ZONE = ZoneInfo("Asia/Shanghai")  # of the demo's roots
log = logging.getLogger("fleet")


def main() -> None:
    """Ends with 0 after Ctrl-C; with 1 where the deployment refuses, or asks again each minute if it is patient."""
    options, stop = read_options(), Event()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Turn(options.tokens.with_suffix(".lock"), stop, gives_way=options.patient) as turn:
        while turn.waited():
            api = Api(options.url)
            try:
                api.log_in(options.login, os.environ["FLEET_PASSWORD"])
                fleet = muster(api, options, stop)
            except (RefusedError, OSError, http.client.HTTPException) as error:
                if not options.patient:
                    sys.exit(f"{options.url}: {error}")
                log.info("%s: %s; asks again in a minute", options.url, error)
                stop.wait(MINUTE)
            else:
                drive(api, fleet, options.speed, turn)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wuji demo devices", description=__doc__)
    here = os.environ.get("WUJI_BASE_URL")  # of the deployment that has started it
    parser.add_argument("--url", default=here, required=here is None)
    parser.add_argument("--login", required=True)
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--tokens", type=Path, required=True, help="where registered devices are kept")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--speed", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--patient", action="store_true")
    return parser.parse_args()


def muster(api: Api, options: argparse.Namespace, stop: Event) -> list[Device]:
    """So many devices, spread over all stations; those that an earlier run has registered are taken first."""
    stations = list(api.stations(options.tenant))
    stations += add_stations(api, options, stations, stop)
    if not stations:
        raise RefusedError("there are no stations, and no communities to add some")
    known: list[dict[str, Any]] = json.loads(options.tokens.read_text()) if options.tokens.exists() else []
    ids = {one["id"] for one in stations}
    known = [one for one in known if one["station"] in ids and one["url"] == options.url]
    taken = Counter((one["station"], one["kind"]) for one in known)
    number = taken.copy()
    wanted = list(islice(cycle((station, kind) for kind in KINDS for station in stations), options.count))
    seconds = max(LEAST_SECONDS, round(MINUTE / options.speed))
    for station, kind in wanted:
        if stop.is_set() or len(known) >= options.count:
            break
        if taken[station["id"], kind] > 0:
            taken[station["id"], kind] -= 1
            continue
        number[station["id"], kind] += 1
        name = f"{number[station['id'], kind]} 号{KINDS[kind]}"
        made = api.register(options.tenant, station["id"], name, kind, seconds)
        one = {"station": station["id"], "kind": kind, "url": options.url}
        known.append({**one, "token": made["token"], "path": made["push_path"]})
        if len(known) % 100 == 0:
            log.info("%d devices registered", len(known))
    keep(options.tokens, known)
    return build(stations, known[: options.count], options)


def add_stations(
    api: Api, options: argparse.Namespace, stations: Sequence[dict[str, Any]], stop: Event
) -> Iterator[dict[str, Any]]:
    """As many as are missing, evenly over communities that have none. Run again, it finds those that it has added."""
    missing = -(-options.count // MOST) - len(stations)
    if missing <= 0:
        return
    there = {one["tenant"] for one in stations}
    free = [one for one in api.communities(options.tenant) if one["code"] not in there]
    for place in free[:: max(1, len(free) // missing)][:missing]:
        if stop.is_set():
            return
        chance = Random(f"{options.seed} {place['code']}")  # noqa: S311 - the same each time
        said = {"name": f"{NAME} {place['name']}", "kind": "courier", "capacity": chance.randrange(30, 130, 10)}
        yield api.add_station(place["code"], {**said, "hours": dict.fromkeys(DAYS, HOURS), "public": False})
    log.info("%d simulated stations added", min(missing, len(free)))


def keep(file: Path, known: Sequence[dict[str, Any]]) -> None:
    """For the next run, readable by its owner alone: these are tokens."""
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(known, out)
    new.replace(file)


def build(
    stations: Sequence[dict[str, Any]], known: Sequence[dict[str, Any]], options: argparse.Namespace
) -> list[Device]:
    """The same stations and the same seed live the same days."""
    courses = {
        one["id"]: Course(one["capacity"], Random(f"{options.seed} {one['name']}"))  # noqa: S311 - the same each time
        for one in stations
    }
    fleet = []
    for number, one in enumerate(known):
        chance = Random(f"{options.seed} {number}")  # noqa: S311 - the same each time
        fault = fault_of(chance) if options.faults else ""
        fleet.append(Device(one["path"], one["token"], one["kind"], courses[one["station"]], chance, fault))
    for key, course in courses.items():
        kinds = Counter(one["kind"] for one in known if one["station"] == key)
        course.doors, course.rooms = max(1, kinds["counter"]), max(1, kinds["occupancy"])
    return fleet


def drive(api: Api, fleet: Sequence[Device], speed: float, turn: Turn) -> None:
    """Each in its turn, evenly over the minute. A day at the stations goes by `speed` times as fast as the clock."""
    first, begun, pause = minute_of_week(datetime.now(ZONE)), time.monotonic(), MINUTE / speed
    due = [(begun + pause * number / len(fleet), number) for number in range(len(fleet))]
    sender, told = Sender(api), begun
    if turn.stop.is_set():  # before all were registered
        return
    log.info("%d devices, %d of them faulty; Ctrl-C ends it", len(fleet), sum(bool(one.fault) for one in fleet))
    with ThreadPoolExecutor(THREADS) as pool:
        while not turn.stop.wait(max(0.0, due[0][0] - time.monotonic())):
            at, number = due[0]
            heapq.heapreplace(due, (at + pause, number))
            device, minute = fleet[number], first + int((at - begun) * speed / MINUTE)
            bodies = list(device.report(minute, datetime.now(UTC)))
            sender.room.acquire()
            pool.submit(sender.send, device, bodies)
            if time.monotonic() - told >= TOLD_EACH:
                told = time.monotonic()
                log.info("%d s: %s", told - begun, sender)
                if turn.is_over():
                    break
    log.info("ended: %s", sender)


class Sender:
    """Sends what devices say, and counts what was answered."""

    def __init__(self, api: Api) -> None:
        self.api, self.room = api, BoundedSemaphore(WAITING)
        self.answers: Counter[str] = Counter()

    def send(self, device: Device, bodies: Sequence[bytes]) -> None:
        try:
            for body in bodies:
                self.answers[str(self.api.push(device.path, device.token, body))] += 1
        except (OSError, http.client.HTTPException):
            self.answers["unreached"] += 1
        finally:
            self.room.release()

    def __str__(self) -> str:
        said = (f"{number} × {answer}" for answer, number in sorted(self.answers.items()))
        return ", ".join(said) or "nothing sent yet"


def minute_of_week(now: datetime) -> int:
    """Counted from Monday."""
    return now.weekday() * DAY + now.hour * 60 + now.minute


if __name__ == "__main__":
    main()
