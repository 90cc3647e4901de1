"""Settings of accounts and sessions."""

from typing import Annotated

from msgspec import Meta

from wuji.kit.setting import Setting

SESSION_IDLE_MINUTES = Setting(
    "identity.session_idle_minutes", Annotated[int, Meta(ge=5, le=480)], 30, "tenancy.setting.write"
)
DEVICE_GRACE_MINUTES = Setting(
    "identity.device_grace_minutes", Annotated[int, Meta(ge=0, le=1440)], 10, "tenancy.setting.write"
)
SETTINGS = (SESSION_IDLE_MINUTES, DEVICE_GRACE_MINUTES)
