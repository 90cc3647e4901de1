"""How long a review may take, how far ahead the portal looks, and how large files may be."""

from typing import Annotated, Any

from msgspec import Meta

from wuji.api import Setting
from wuji_agri_tips.models import KINDS

WRITE = "tenancy.setting.write"
# Megabytes, by kind: what somebody may set at most, and what counts where nobody has. Villages read on phones.
MOST = {"picture": 20, "audio": 60, "video": 120}
USUAL = {"picture": 10, "audio": 20, "video": 60}


def _whole(name: str, default: int, least: int, most: int) -> Setting[int]:
    return Setting(f"agri_tips.{name}", Annotated[int, Meta(ge=least, le=most)], default, WRITE)


MONTHS_AHEAD = _whole("months_ahead", 0, 0, 2)
REVIEW_DAYS = _whole("review_days", 3, 1, 30)
MEGABYTES = {kind: _whole(f"{kind}_megabytes", USUAL[kind], 1, MOST[kind]) for kind in KINDS}
SETTINGS: tuple[Setting[Any], ...] = (MONTHS_AHEAD, REVIEW_DAYS, *MEGABYTES.values())
