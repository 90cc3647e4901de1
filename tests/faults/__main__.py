"""`python -m tests.faults`: a whole deployment under load while its processes are killed, starved and stopped.

Real processes, a seeded course of events. Afterwards nothing that was acknowledged may be lost, nothing may have happened
twice, everything must be caught up with in time, journal and figures must hold, and nobody may be logged out.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.caller import Caller, LostError
from tests.faults.checks import CAUGHT_UP, complaints, settle, topics
from tests.faults.deployment import Deployment
from tests.faults.load import Load
from tests.faults.page import Page
from tests.faults.scenes import cut_off, empty_broker, fill_disk, jump, kill_many, restart_database

log = logging.getLogger("tests.faults")


def main() -> None:
    asked = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    home = Path(tempfile.mkdtemp(prefix="wuji-faults-", dir=asked.scratch))
    home.chmod(0o755)  # as root, the servers run as somebody else
    deployment = Deployment(home)
    try:
        deployment.start()
        wrong = run(deployment, asked)
    finally:
        deployment.stop()
    for one in wrong:
        log.error("%s", one)
    if wrong:
        sys.exit(f"seed {asked.seed} found {len(wrong)} faults; the logs lie in {home / 'logs'}")
    shutil.rmtree(home)


def run(deployment: Deployment, asked: argparse.Namespace) -> list[str]:
    """Every scene under load, each followed by a rest; what was wrong."""
    load = Load(deployment.port, "fault")
    member, village = load.log_in("member"), load.log_in("community")
    before, page = topics(member), Page(deployment.port, member.cookie)
    wrong: list[str] = []
    load.begin()
    for name, scene in scenes(deployment, asked).items():
        load.go_on()
        time.sleep(asked.between)
        log.info("%s", name)
        scene()
        load.pause()
        took = settle(deployment)
        log.info(
            "%s: caught up %.1f s after the last fault; %d writes acknowledged so far", name, took, load.ledger.writes
        )
        if took > asked.within:
            wrong.append(f"{name}: caught up after {took:.1f} s of {asked.within:.0f}")
        wrong += [f"{name}: {said}" for said in blind(page, member)]
    try:
        log.info("the callers met %s", dict(load.end()))
    except LostError as error:
        wrong.append(str(error))
    settle(deployment)
    wrong += [*blind(page, member), *([] if page.opened > 1 else ["the open page was never cut off"])]
    page.close()
    wrong += complaints(deployment, load.ledger, village, member, before)
    for caller in load.callers:  # nobody was logged out
        caller.ask("GET", "/me")
    return wrong


def blind(page: Page, member: Caller) -> list[str]:
    """What a page that stayed open has missed."""
    try:
        page.await_shown(lambda: {"unread": topics(member).total()})
    except LostError as error:
        return [str(error)]
    return []


def scenes(deployment: Deployment, asked: argparse.Namespace) -> dict[str, Callable[[], object]]:
    chance = Random(asked.seed)  # noqa: S311 - the same course again is the point
    found: dict[str, Callable[[], object]] = {
        f"{asked.kills} processes killed": lambda: log.info("%s", dict(kill_many(deployment, chance, asked.kills))),
        "the broker emptied, then killed": lambda: empty_broker(deployment),
        "PostgreSQL restarted": lambda: restart_database(deployment),
        "the clock a day ahead and back": lambda: jump(deployment),
        "the broker silent for 30 s": lambda: cut_off(deployment, "valkey"),
        "PostgreSQL silent for 30 s": lambda: cut_off(deployment, "postgres"),
        "the worker silent for 30 s": lambda: cut_off(deployment, "worker"),
    }
    if asked.scratch:
        found["the disk full"] = lambda: fill_disk(deployment, asked.scratch)
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--between", type=float, default=3, help="seconds of load before each scene")
    parser.add_argument(
        "--within", type=float, default=CAUGHT_UP, help="seconds after the last fault until all is well"
    )
    parser.add_argument("--scratch", type=Path, help="a small file system of its own, to be filled")
    return parser.parse_args()


if __name__ == "__main__":
    main()
