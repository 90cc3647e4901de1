"""How long single readings are kept; quarters of an hour are kept for years, and hold nothing but sums."""

from typing import Annotated, Any

from msgspec import Meta

from wuji.api import Setting

# A reading lies in the partition of its month, of which there are as many as a year needs (functions/retention.sql reads
# the same bounds).
RAW_DAYS: Setting[int] = Setting(
    "station_watch.raw_days", Annotated[int, Meta(ge=7, le=365)], 90, "tenancy.setting.write"
)
SETTINGS: tuple[Setting[Any], ...] = (RAW_DAYS,)
