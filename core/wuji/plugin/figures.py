"""What a plugin counts. Frozen records; fields are added with a default, never changed and never taken away.

Texts are keys of the plugin's own catalogue (`<plugin>.<path>`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from wuji.kit.db.session import ScopedSession

Measure = Literal["sum", "count", "distinct", "ratio"]
Better = Literal["up", "down", "none"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is counted, at a tenant and on a day: `on`, or the day that `at` is at the root.

    value: what is summed; of a ratio the upper part, whose lower one is `part`. person: whoever it is about, as a key that
    means nothing to anybody else; a figure that counts each person once, or is about people, needs it.
    """

    subject_id: str
    tenant_id: int
    on: date | None = None
    at: datetime | None = None
    value: Decimal | int = 1
    part: Decimal | int = 0
    person: str = ""

    def __post_init__(self) -> None:
        if (self.on is None) == (self.at is None):
            raise ValueError(f"{self.subject_id}: a fact has either a day or a time")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number for every tenant and every day, month and year.

    `read` gives the facts of these subjects as they are now; what it leaves out is not counted (any more). `scan` goes
    through the ids of all subjects of the acting tenant's subtree, a chunk at a time. Facts are read anew after every journal
    record of `kind` about their subject; where nothing is recorded, `changed` says which subjects have changed since a time,
    and is asked every few minutes. All of them run as account `system`.

    measure: `sum` of values; `count` of facts; `distinct` persons; `ratio` of values to parts, with `share` shown in hundredths.
    people: groups of fewer than ten persons are withheld, and whatever would give them away. better: where a change is good
    news. gaps: where there are no facts nothing is known; otherwise it is nothing. A ratio always has gaps. target: what every
    tenant's ratio is held against, as a part of one.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    read: Callable[[ScopedSession, Sequence[str]], Sequence[Fact]]
    scan: Callable[[ScopedSession], Iterator[Sequence[str]]]
    kind: str = ""
    changed: Callable[[ScopedSession, datetime], Sequence[str]] | None = None
    people: bool = False
    better: Better = "none"
    decimals: int = 0
    share: bool = False
    gaps: bool = False
    target: Decimal | None = None

    def __post_init__(self) -> None:
        if self.target is not None and self.measure != "ratio":
            raise ValueError(f"{self.name}: only a ratio has a target: what is added up is more at larger places")
        if not self.kind and self.changed is None:
            raise ValueError(f"{self.name}: nothing says when to count it: it has neither kind nor changed")
