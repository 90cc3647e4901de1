"""What people do meanwhile, and what they were told was done: every effect of it must be there in the end, once."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

from tests.faults.caller import Caller, LostError

from wuji.cli.demo_data import PHRASE

log = logging.getLogger(__name__)
VILLAGE, TOWN = "340722106200", "340722106"
TIPS = f"/tenants/{VILLAGE}/agri_tips/managed-tips"
TIP = {
    "months": [7],
    "subject": "rice",
    "locality": "沿江圩区",
    "summary": "田里的事要趁早做。",
    "body": "<p>上午看水，下午看虫。先把田埂走一遍，再看叶色。</p>",
}
OPEN = {"waiting", "running"}
LOOK = 0.5  # seconds between two looks at a job
TOGETHER = 3  # who write tips at once


@dataclass
class Ledger:
    """What was answered with success. Guarded by its lock."""

    tips: dict[str, str] = field(default_factory=dict)  # mark: id
    published: set[str] = field(default_factory=set)
    given: int = 0
    taken: int = 0
    exports: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def writes(self) -> int:
        return len(self.tips) * 2 + len(self.published) + self.given + self.taken + len(self.exports)


class Load:
    """Callers in threads of their own. `pause` and `go_on` between scenes; `end` says what they met."""

    def __init__(self, port: int, prefix: str) -> None:
        self._port, self._prefix = port, prefix
        self.ledger = Ledger()
        self.lost: list[BaseException] = []
        self._stop, self._go = Event(), Event()
        self._callers: list[Caller] = []
        self._threads: list[Thread] = []

    def begin(self) -> None:
        for number in range(TOGETHER):
            self._spawn(self._writes(number))
        self._spawn(self._grants())
        self._spawn(self._exports())
        self.go_on()

    def go_on(self) -> None:
        self._stop.clear()
        self._go.set()

    def pause(self) -> None:
        """Nobody begins anything new; what is asked is asked until it is answered."""
        self._go.clear()

    def end(self) -> Counter[str]:
        """How often the callers were answered what. Raises the first LostError that somebody met."""
        self._stop.set()
        self._go.set()
        for thread in self._threads:
            thread.join()
        if self.lost:
            raise self.lost[0]
        return sum((caller.met for caller in self._callers), Counter())

    def log_in(self, login: str) -> Caller:
        caller = Caller(self._port, login, PHRASE)
        self._callers.append(caller)
        return caller

    @property
    def callers(self) -> Sequence[Caller]:
        return self._callers

    def _spawn(self, step: Callable[[int], None]) -> None:
        def run() -> None:
            number = 0
            try:
                while self._go.wait() and not self._stop.is_set():
                    number += 1
                    step(number)
            except BaseException as error:
                self.lost.append(error)
                log.exception("somebody cannot go on")

        self._threads.append(Thread(target=run))
        self._threads[-1].start()

    def _writes(self, who: int) -> Callable[[int], None]:
        """A tip written in the village and published by the town."""
        village, town = self.log_in("community"), self.log_in("street")

        def step(number: int) -> None:
            mark = f"{self._prefix}-{who}-{number}"
            tip: Any = village.ask("POST", TIPS, {**TIP, "title": mark})
            with self.ledger.lock:
                self.ledger.tips[mark] = tip["id"]
            village.ask("POST", f"{TIPS}/{tip['id']}/submit", {})
            town.ask(
                "POST",
                f"/tenants/{TOWN}/agri_tips/managed-tips/{tip['id']}/review",
                {"decision": "publish", "reason": ""},
            )
            with self.ledger.lock:
                self.ledger.published.add(tip["id"])

        return step

    def _grants(self) -> Callable[[int], None]:
        """A role given and taken: the member is told of both."""
        town = self.log_in("street")

        def step(_number: int) -> None:
            at = f"/tenants/{VILLAGE}/grants"
            given: Any = town.ask("POST", at, {"login": "member", "role": "clerk"})
            with self.ledger.lock:
                self.ledger.given += 1
            town.ask("DELETE", f"{at}/{given['role_grant_id']}", {"reason": "drill"})
            with self.ledger.lock:
                self.ledger.taken += 1

        return step

    def _exports(self) -> Callable[[int], None]:
        """A list long enough to be written by a job."""
        city = self.log_in("city")

        def step(_number: int) -> None:
            job: Any = city.ask("POST", "/tenants/3407/exports", {"list": "journal.records", "format": "csv"})
            with self.ledger.lock:
                self.ledger.exports.append(job["id"])
            while job["state"] in OPEN:
                time.sleep(LOOK)
                job = city.ask("GET", f"/me/jobs/{job['id']}")
                if (
                    job["fault"] == "lapsed"
                ):  # its worker was killed as often as it was tried: it says so, and can be had after all
                    job = city.ask("POST", f"/me/jobs/{job['id']}/retry")
            if job["state"] != "done":
                raise LostError(f"an export ended as {job['state']}: {job['fault']} {job['problem']}")

        return step
