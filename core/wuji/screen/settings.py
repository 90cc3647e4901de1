"""What a tenant chooses for its screen."""

import re
from typing import Annotated

from msgspec import Meta

from wuji.kit.setting import Setting

MOST = 3
NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_.]*")


def split(value: str) -> list[str]:
    """Names in the order in which they are written."""
    return [name for name in (part.strip() for part in value.replace("，", ",").split(",")) if name]


def _fits(value: str) -> bool:
    names = split(value)
    return len(names) <= MOST and all(NAME.fullmatch(name) for name in names)


FIGURES = Setting("screen.figures", Annotated[str, Meta(max_length=300)], "", "tenancy.setting.write", fits=_fits)
SETTINGS = (FIGURES,)
