"""Settings of joining."""

from typing import Literal

from wuji.kit.setting import Setting

# SQL asks it by its key (registration_mode).
REGISTRATION = Setting("onboarding.registration", Literal["off", "review", "open"], "off", "tenancy.setting.write")
SETTINGS = (REGISTRATION,)
