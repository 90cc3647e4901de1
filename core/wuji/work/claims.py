"""Claiming what is due, and ringing a worker for it: the relay's part of jobs. Any number of relays may do it."""

import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine, text

from wuji.work.bell import Bell, SilentError

log = logging.getLogger(__name__)
CLAIM = text("select job_id, secret from wuji.job_claim_due(:at_once)")
RELEASE = text("select wuji.job_release(:job_id, :secret)")


def ring_due(system: Engine, bell: Bell, at_once: int) -> int:
    """Claims jobs that are due, as long as fewer than `at_once` run, and rings for each. Returns how many bells were rung.

    Raises SilentError where the broker does not answer; what was claimed waits again. Killed in between, the leases lapse.
    """
    bell.check()
    with system.begin() as connection:
        claimed = [(row.job_id, row.secret) for row in connection.execute(CLAIM, {"at_once": at_once})]
    for number, (job_id, secret) in enumerate(claimed):
        try:
            bell.ring(job_id, secret)
        except SilentError:
            _give_back(system, claimed[number:])
            raise
    return len(claimed)


def _give_back(system: Engine, claimed: Sequence[tuple[UUID, bytes]]) -> None:
    with system.begin() as connection:
        for job_id, secret in claimed:
            connection.execute(RELEASE, {"job_id": job_id, "secret": secret})
