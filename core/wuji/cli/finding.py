"""What `wuji doctor` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, and what to do about it."""

    what: str
    mend: str
