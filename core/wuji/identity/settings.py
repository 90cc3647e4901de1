"""Settings of accounts and sessions."""

from typing import Annotated, Literal

from msgspec import Meta

from wuji.kit.setting import Setting

SESSION_IDLE_MINUTES = Setting(
    "identity.session_idle_minutes", Annotated[int, Meta(ge=5, le=480)], 30, "tenancy.setting.write"
)
DEVICE_GRACE_MINUTES = Setting(
    "identity.device_grace_minutes", Annotated[int, Meta(ge=0, le=1440)], 10, "tenancy.setting.write"
)
POLICY = Setting("identity.policy", Literal["asvs", "dengbao3"], "asvs", "identity.policy.write")
STEP_UP_MINUTES = Setting("identity.step_up_minutes", Annotated[int, Meta(ge=5, le=720)], 30, "tenancy.setting.write")
SETTINGS = (POLICY, SESSION_IDLE_MINUTES, STEP_UP_MINUTES, DEVICE_GRACE_MINUTES)
