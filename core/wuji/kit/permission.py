"""A permission as a feature declares it: `feature.thing.verb`, and the built-in roles that hold it from the start."""

import re
from dataclasses import dataclass

FORM = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Permission:
    """Its label stands in the feature's text catalogue under `permission.<name>`."""

    name: str
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not FORM.fullmatch(self.name):
            raise ValueError(f"{self.name}: a permission is named feature.thing.verb")

    @property
    def feature(self) -> str:
        return self.name.partition(".")[0]
