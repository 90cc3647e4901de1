"""Open pages: how soon they are told, and what that costs the server and whoever asks for ordinary pages meanwhile."""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles

import psutil
from tests.scale.ground import HEADS, Ground
from tests.scale.measure import Figure

from wuji.testing import STAGE
from wuji.testing.web import Web, serving

CHANGES = 200  # a second
PLACES = 50  # where they happen
EACH = 3  # topics of one page at most
ASKED = 20  # ordinary requests a second
ANSWER = f"/api/v1/tenants/{HEADS[2].code}/tenants"  # a list that does not grow by what is changed meanwhile
CHANGE = "select wuji.journal_add('scale.tip.add', 'tenant', '1', %s, null, null, null, null), pg_current_xact_id()::text::bigint"
SESSIONS = """
insert into wuji.account_session(token_hash, account_id, idle_at, ends_at)
select sha256(('page-' || n)::bytea), (select id from wuji.account where login = 'head-1'),
       now() + interval '9 h', now() + interval '9 h'
  from generate_series(1, %s) n on conflict do nothing
"""
FIRST = 112  # of the communities (load.sql), whose changes reach few pages each
CLIENT = Path(__file__).with_name("live_client.py")


@dataclass(frozen=True)
class Limits:
    """What is asked with so many pages: percent of a core, and what a short run allows."""

    pages: int
    cpu: float
    loose_cpu: float


BOTH = (Limits(1_000, 25, 60), Limits(5_000, 60, 100))
FEW = (Limits(300, 25, 60),)
TURN = 0.0005  # seconds: whoever asks for ordinary pages must not wait for our own thread that makes changes
LATEST, HELD, SLOWER, BACK, OFF = 1.0, 40.0, 1.5, 10.0, 5.0


def live(ground: Ground) -> Iterator[Figure]:
    """Both sizes, each with a server of its own that is then restarted."""
    sys.setswitchinterval(TURN)
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(SESSIONS, [max(one.pages for one in BOTH)])
    for limits in FEW if ground.size.short else BOTH:
        yield from opened(ground, limits)


def opened(ground: Ground, limits: Limits) -> Iterator[Figure]:
    seconds = 5 if ground.size.short else 20
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        web = stack.enter_context(serving("wuji.app:serve", environment(ground)))
        settled(web)
        alone, empty = ordinary(web, seconds), resident(web)
        client = stack.enter_context(pages(web, limits.pages, Path(folder) / "told"))
        client.hear("open")
        held = (resident(web) - empty) / limits.pages / 1024
        changes = Changes(ground)
        with changes:
            used = busy(web, seconds)
            beside = ordinary(web, seconds)
        yield from told(limits, client, changes, used)
        yield figure(f"{limits.pages:,} pages: memory of one", held, HELD, "KiB")
        yield figure(
            f"{limits.pages:,} pages: p50 of an ordinary request", beside / alone, SLOWER, "×", f"{alone:.1f} ms"
        )
    yield from restarted(ground, limits)


def told(limits: Limits, client: "Client", changes: "Changes", used: float) -> Iterator[Figure]:
    late = sorted(changes.until_seen(*client.stop()))
    if len(late) < CHANGES:
        raise RuntimeError(f"only {len(late)} changes were seen")
    p99 = late[int(len(late) * 0.99)]
    what = f"{limits.pages:,} pages, {CHANGES} changes a second"
    said = f"{p99:.2f} s (p50 {median(late):.2f} s, {len(late):,} seen)"
    yield Figure(f"{what}: committed → seen, p99", f"≤ {LATEST} s", said, "–", p99, LATEST, LATEST * 2)
    yield Figure(f"{what}: of one core", f"≤ {limits.cpu} %", f"{used:.0f} %", "–", used, limits.cpu, limits.loose_cpu)


def restarted(ground: Ground, limits: Limits) -> Iterator[Figure]:
    """A process ends with all its pages, the next one takes them; then one of them loses its right."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        with serving("wuji.app:serve", environment(ground)) as web:
            settled(web)
            # one short of them all: there is to be room for the page that loses its right
            client = stack.enter_context(pages(web, limits.pages - 1, Path(folder) / "told"))
            client.hear("open")
        with serving("wuji.app:serve", environment(ground), port=web.port) as web:
            back = client.hear("back")
            yield figure(f"{limits.pages:,} pages: all back after a restart", back, BACK, "s")
            page = web.stream("/live?topic=access", Cookie=f"wuji-{web.port}=page-1")
            with ground.connect(STAGE, autocommit=True) as stage:
                stage.execute("update wuji.account_session set revoked_at = now() where token_hash = %s", [proof(1)])
            begun = time.monotonic()
            while (said := page.next(30)[0]) != "bye":
                if not said:
                    raise RuntimeError(f"the page that is to be cut off was answered {page.status}")
            off = time.monotonic() - begun
            page.close()
            with ground.connect(STAGE, autocommit=True) as stage:
                stage.execute("update wuji.account_session set revoked_at = null where token_hash = %s", [proof(1)])
            yield figure(f"{limits.pages:,} pages: right gone without a record → cut off", off, OFF, "s")


def figure(what: str, value: float, most: float, unit: str, baseline: str = "–") -> Figure:
    return Figure(what, f"≤ {most:g} {unit}", f"{value:.2f} {unit}", baseline, value, most, most * 2)


def proof(number: int) -> bytes:
    return sha256(f"page-{number}".encode()).digest()


def environment(ground: Ground) -> Mapping[str, str]:
    """Of web alone, on the loaded database."""
    server = ground.server
    return {
        "WUJI_DATABASE_URL": server.url("wuji_app", server.shared),
        "WUJI_LIVE_DATABASE_URL": server.url("wuji_live", server.shared),
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_BROKER_URL": f"valkey+socket://{server.postgres.home}/no-broker",
        "WUJI_RATE_LIMITS": "0",
        "WUJI_FILES_DIR": str(server.files),
    }


def settled(web: Web) -> None:
    """Until live updates are ready."""
    while web.ask("GET", "/live?topic=tenants@absent")[0] != 404:  # noqa: PLR2004 - not 503
        time.sleep(0.05)


def workers(web: Web) -> list[psutil.Process]:
    return psutil.Process(web.process.pid).children(recursive=True)


def resident(web: Web) -> int:
    return sum(one.memory_info().rss for one in workers(web))


def busy(web: Web, seconds: float) -> float:
    """Percent of one core that the server takes."""
    before = [sum(one.cpu_times()[:2]) for one in workers(web)]
    time.sleep(seconds)
    return (sum(sum(one.cpu_times()[:2]) for one in workers(web)) - sum(before)) / seconds * 100


def ordinary(web: Web, seconds: float) -> float:
    """Median milliseconds of a list, asked for at an even pace."""
    taken = []
    for _ in range(int(seconds * ASKED)):
        begun = time.perf_counter()
        status, _ = web.ask("GET", ANSWER, Cookie=f"wuji-{web.port}={HEADS[2].cookie}")
        taken.append(time.perf_counter() - begun)
        if status != 200:  # noqa: PLR2004 - or it would be no answer
            raise RuntimeError(f"{ANSWER}: {status}")
        time.sleep(max(0.0, 1 / ASKED - taken[-1]))
    return quantiles(taken, n=2)[0] * 1000


class Client:
    """The process that holds the pages open."""

    def __init__(self, process: "subprocess.Popen[str]", file: Path) -> None:
        self.process, self.file = process, file

    def hear(self, word: str) -> float:
        """The seconds it says with that word. Raises RuntimeError where it ends before."""
        for line in self.process.stdout or ():
            said, _, seconds = line.partition(" ")
            if said == word:
                return float(seconds)
        raise RuntimeError(f"the pages' process never said {word}")

    def stop(self) -> tuple[list[str], array]:
        """Its topics, and what was told: moment, page, topic, position, moment, …"""
        self.process.communicate("stop\n", timeout=60)
        head, _, rest = self.file.read_bytes().partition(b"\n")
        rows = array("d")
        rows.frombytes(rest)
        return json.loads(head), rows


@contextlib.contextmanager
def pages(web: Web, count: int, file: Path) -> Iterator[Client]:
    chosen = random.Random(7)  # noqa: S311 - the same pages in every run
    asked = []
    for number in range(1, count + 1):
        places = chosen.sample(range(FIRST, FIRST + PLACES), chosen.randint(1, EACH))
        path = "/live?" + "&".join(f"topic=tenants@t{place}" for place in places)
        asked.append({"path": path, "cookie": f"wuji-{web.port}=page-{number}"})
    process = subprocess.Popen(
        [sys.executable, CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        if process.stdin:
            process.stdin.write(json.dumps({"port": web.port, "pages": asked, "file": str(file)}) + "\n")
            process.stdin.flush()
        yield Client(process, file)
    finally:
        process.kill()
        process.communicate()


class Changes:
    """Commits at an even pace, with the moment at which each was done."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.by_topic: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()
        time.sleep(2)  # until the last ones are told

    def _run(self) -> None:
        chosen, due = random.Random(11), time.monotonic()  # noqa: S311 - the same changes in every run
        with self.ground.connect(STAGE, autocommit=True) as stage:
            while not self._end.wait(max(0.0, due - time.monotonic())):
                due += 1 / CHANGES
                place = chosen.randrange(FIRST, FIRST + PLACES)
                row = stage.execute(CHANGE, [place]).fetchone()
                self.by_topic[f"tenants@t{place}"].append((row[1] if row else 0, time.monotonic()))

    def until_seen(self, topics: list[str], rows: array) -> Iterator[float]:
        """Seconds from each commit until each page that listens there knew of it."""
        known: dict[tuple[float, float], int] = defaultdict(int)
        positions = {topic: [xid for xid, _ in done] for topic, done in self.by_topic.items()}
        for at in range(0, len(rows), 4):
            moment, page, number, position = rows[at : at + 4]
            topic = topics[int(number)]
            last = bisect_right(positions[topic], position)
            for _xid, done in self.by_topic[topic][known[page, number] : last]:
                yield moment - done
            known[page, number] = max(last, known[page, number])
