"""A batch of readings: one transaction, one statement, no journal row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from wuji.api import Fault, ScopedSession, invalid
from wuji_station_watch.services.reading import read_batch

PUSH = text(
    "select * from plugin_station_watch.readings_push(:received_at, :seconds, :refused, cast(:places as int[]), "
    "cast(:measures as text[]), cast(:times as timestamptz[]), cast(:numbers as float8[]))"
)
# A device that lost its battery begins with 1970; what is earlier, or so far from now that its seconds are no int4, is no clock.
EARLIEST, FURTHEST = datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=24_000)
TAKEN = ("kept", "repeated", "conflict")


@dataclass(frozen=True)
class Pushed:
    """What became of a batch."""

    accepted: int
    repeated: int
    conflicts: int
    rejected: list[tuple[int, str]]
    skew_seconds: int


def push_readings(session: ScopedSession, sent: Mapping[str, Any], received_at: datetime) -> Pushed:
    """Keeps what can be read, for the device that acts. Raises 404 for an account that is no device of the acting tenant."""
    ahead = sent["sent_at"] - received_at
    if sent["sent_at"] < EARLIEST or abs(ahead) > FURTHEST:
        raise invalid(Fault("#/sent_at", "station_watch.invalid.clock"))
    batch = read_batch(sent["readings"])
    row = session.execute(
        PUSH,
        {
            "received_at": received_at,
            "seconds": round(ahead.total_seconds()),
            "refused": len(batch.rejected),
            "places": batch.places,
            "measures": batch.measures,
            "times": batch.times,
            "numbers": batch.numbers,
        },
    ).one()
    outcomes: list[str] = row.outcomes or []
    late = [(place, outcome) for place, outcome in zip(batch.places, outcomes, strict=True) if outcome not in TAKEN]
    counts = {outcome: outcomes.count(outcome) for outcome in TAKEN}
    return Pushed(
        accepted=counts["kept"],
        repeated=counts["repeated"],
        conflicts=counts["conflict"],
        rejected=sorted([*batch.rejected, *late]),
        skew_seconds=row.ahead,
    )
