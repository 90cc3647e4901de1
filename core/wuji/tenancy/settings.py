"""Settings of the tree itself."""

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Meta

from wuji.kit.db.session import ScopedSession
from wuji.kit.setting import Setting, read_setting

WRITE = "tenancy.setting.write"
ZONES = frozenset(available_timezones())

# The day of the tree's own history is asked by its key in SQL too (tenant_today).
TIME_ZONE = Setting(
    "tenancy.time_zone",
    Annotated[str, Meta(max_length=64)],
    "Asia/Shanghai",
    WRITE,
    root_only=True,
    fits=ZONES.__contains__,
)
PORTAL_NOTICE = Setting("tenancy.portal_notice", Annotated[str, Meta(max_length=200)], "", WRITE)
SETTINGS = (TIME_ZONE, PORTAL_NOTICE)


def read_zone(session: ScopedSession) -> ZoneInfo:
    """In which days and months are counted at the acting tenant."""
    return ZoneInfo(read_setting(session, TIME_ZONE))
