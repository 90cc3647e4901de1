"""The time, so that a test can set it. Rights and expiry are decided by the database's clock; this one only labels and
schedules.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """A time as the wall clock of a root tenant shows it, for people to read."""
    return moment.astimezone(ZONE)
