"""Where devices push what they count."""

from collections.abc import Mapping
from typing import Any

from wuji.api.http import Call, Rate
from wuji_station_watch.permissions import PUSH
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.schemas import StationReadingsIn, StationReadingsOut
from wuji_station_watch.services.pushing import push_readings

KIBIBYTE = 1024
# A device that was cut off for a day catches up in a few batches; one that runs wild is slowed down.
PUSHED = Rate("station_watch.pushed", 60, 60, by="account")


@feature.route(
    "POST",
    f"{AT}/readings",
    permission=PUSH,
    body=StationReadingsIn,
    answer=StationReadingsOut,
    device=True,
    most=256 * KIBIBYTE,
    rate=PUSHED,
)
def push_station_readings(call: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Push counts of people and readings of the air, at most a thousand at once, with the device's token. What was sent before
    changes nothing; what is wrong with one reading costs that reading alone.
    """
    pushed = push_readings(call.session, body, call.deployment.clock())
    rejected = [{"index": index, "reason": reason} for index, reason in pushed.rejected]
    counts = {"accepted": pushed.accepted, "repeated": pushed.repeated, "conflicts": pushed.conflicts}
    return {**counts, "rejected": rejected, "skew_seconds": pushed.skew_seconds}
