"""What must be true afterwards."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.faults.caller import Caller
from tests.faults.deployment import Deployment
from tests.faults.load import TIPS, Ledger

from wuji.cli.status import Status

CAUGHT_UP = 20.0  # seconds after the last fault
GIVEN_UP = 180.0
LOOK = 0.2
VERIFIED = (("journal", "verify"), ("rollup", "verify"), ("search", "verify"))
MOST = 100  # on a page


def settle(deployment: Deployment) -> float:
    """Returns when everything has been followed and done, with the seconds that took. Raises RuntimeError where it never is."""
    began = time.monotonic()
    while time.monotonic() - began < GIVEN_UP:
        found = deployment.status()
        if not found.problems and _is_done(found):
            return time.monotonic() - began
        time.sleep(LOOK)
    raise RuntimeError(f"it does not come to rest: {found}")


def _is_done(found: Status) -> bool:
    waits = sum((found.jobs or {}).get(state, 0) for state in ("waiting", "running"))
    return not waits and not any(one.unread for one in found.consumers or () if one.name != "journal.seal")


def complaints(
    deployment: Deployment, ledger: Ledger, village: Caller, member: Caller, before: Counter[str]
) -> list[str]:
    """Everything that is not as it was said to be; empty where all is well."""
    found = deployment.status()
    said = [f"{one.name} set {one.set_aside} records aside" for one in found.consumers or () if one.set_aside]
    failed = (found.jobs or {}).get("failed")
    said += [f"{failed} jobs failed"] if failed else []
    said += [*_tips(ledger, village), *_messages(ledger, member, before)]
    return said + deployment.complaints(VERIFIED)


def _tips(ledger: Ledger, village: Caller) -> Iterator[str]:
    rows = [row for row in pages(village, TIPS) if row["title"].startswith("fault-")]
    twice = [title for title, count in Counter(row["title"] for row in rows).items() if count > 1]
    if twice:
        yield f"tips that were written twice: {twice}"
    there = {row["id"]: row["state"] for row in rows}
    lost = [mark for mark, tip_id in ledger.tips.items() if tip_id not in there]
    if lost:
        yield f"tips that were acknowledged and are gone: {lost}"
    unpublished = [tip_id for tip_id in ledger.published if there.get(tip_id) != "published"]
    if unpublished:
        yield f"tips whose publishing was acknowledged and is gone: {unpublished}"


def _messages(ledger: Ledger, member: Caller, before: Counter[str]) -> Iterator[str]:
    told = topics(member) - before
    if told["inbox.grant_taken"] != ledger.taken:
        yield f"{ledger.taken} roles were taken, and of {told['inbox.grant_taken']} the member was told"
    if told["inbox.grant_given"] > ledger.given:  # nobody is told of one that is gone again
        yield f"{ledger.given} roles were given, and of {told['inbox.grant_given']} the member was told"


def topics(member: Caller) -> Counter[str]:
    return Counter(row["topic"] for row in pages(member, "/me/notifications"))


def pages(caller: Caller, path: str) -> Iterator[Any]:
    """Every row of a list."""
    following = ""
    while True:
        page = caller.ask("GET", f"{path}?limit={MOST}{following}")
        yield from page["items"]
        if not page["next"]:
            return
        following = f"&cursor={page['next']}"
