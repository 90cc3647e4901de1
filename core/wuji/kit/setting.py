"""A setting as a feature declares it, and which value of it counts at a tenant: the highest lock, otherwise the nearest
value that was set, otherwise the nearest suggestion, otherwise the default.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec
from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.kit.http.fields import FORBIDDEN

Value = TypeVar("Value")
Mode = Literal["set", "suggest", "lock"]
Verdict = Literal["decides", "overruled", "silent"]
MODES: tuple[Mode, ...] = ("set", "suggest", "lock")
FORM = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
# Values are read by everybody below: what must not be read there has no place among them.
SECRET = re.compile(r"secret|password|passwd|token|credential|private|(^|[._])key([._]|$)")
LINES = re.compile(r"[\r\n\t]")
STEPS = text("""
  select k.key, a.id as tenant_id, c.code, t.name, t.level, s.mode, s.value, s.reason, s.updated_at
    from unnest(wuji.scope_anc()) with ordinality a(id, place)
    join wuji.tenant t on t.id = a.id
    join wuji.tenant_code c on c.tenant_id = a.id and c.valid_to is null
   cross join unnest(cast(:keys as text[])) k(key)
    left join wuji.setting_value s on s.tenant_id = a.id and s.key = k.key
   order by k.key, a.place""")


class UnfitError(ValueError):
    """The value is not one that the setting takes; `unknown` are those parts of it that are not among its choices."""

    def __init__(self, why: str, unknown: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.unknown = tuple(unknown)


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """Label, help and rule stand in the feature's text catalogue under `setting.<name>`.

    `type` is what msgspec checks values against; `fits` says what a type cannot. `permission` is asked of whoever sets
    it. With `root_only` a tree has one value; otherwise tenants of the levels may set it. `choices`: what the parts of a
    list are taken from, each with the key of its name.
    """

    key: str
    type: Any
    default: Value
    permission: str
    levels: tuple[int, ...] = (1, 2, 3, 4, 5)
    root_only: bool = False
    fits: Callable[[Value], bool] | None = None
    choices: tuple[tuple[str, str], ...] | None = None

    def __post_init__(self) -> None:
        if not FORM.fullmatch(self.key):
            raise ValueError(f"{self.key}: a setting is named feature.name")
        if SECRET.search(self.key):
            raise ValueError(f"{self.key}: everybody below reads settings; a secret is none")
        self.accept(self.default)

    @property
    def feature(self) -> str:
        return self.key.partition(".")[0]

    @property
    def texts(self) -> str:
        """Where the catalogue has its label, help and rule."""
        return f"{self.feature}.setting.{self.key.partition('.')[2]}"

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON Schema of its values."""
        found = msgspec.json.schema(self.type)
        if self.choices is None:
            return found
        return {**found, "items": {**found["items"], "enum": [value for value, _ in self.choices]}}

    def accept(self, value: object) -> Value:
        """The value as it is kept. Raises UnfitError."""
        try:
            found: Value = msgspec.convert(_plain(value), self.type)
        except msgspec.ValidationError as error:
            raise UnfitError(str(error)) from error
        if unknown := self._find_unknown(found):
            raise UnfitError(self.key, unknown)
        if self.fits and not self.fits(found):
            raise UnfitError(self.key)
        return found

    def _find_unknown(self, found: Any) -> list[str]:
        if self.choices is None:
            return []
        known = {value for value, _ in self.choices}
        return [part for part in found if part not in known]

    def stands_at(self, level: int, *, root: bool) -> bool:
        """Whether a tenant of that level may have a value of its own."""
        return root if self.root_only else level in self.levels


def _plain(value: object) -> object:
    """A text in the form in which every other text is kept (kit.http.fields.Words), on one line."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, str):
        return value
    if FORBIDDEN.search(value) or LINES.search(value):
        raise UnfitError("control characters")
    return unicodedata.normalize("NFC", value).strip()


@dataclass(frozen=True)
class Step:
    """One tenant on the way from the root to the acting one, and what it says of a setting."""

    tenant_id: int
    code: str
    name: str
    level: int
    mode: Mode | None
    value: object
    reason: str
    at: datetime | None


def read_steps(session: ScopedSession, keys: Iterable[str]) -> dict[str, list[Step]]:
    """The way down to the acting tenant, root first, for each key; empty without an acting tenant."""
    steps: dict[str, list[Step]] = {key: [] for key in keys}
    for row in session.execute(STEPS, {"keys": list(steps)}):
        step = Step(row.tenant_id, row.code, row.name, row.level, row.mode, row.value, row.reason or "", row.updated_at)
        steps[row.key].append(step)
    return steps


def decide(setting: Setting[Any], steps: Sequence[Step]) -> Step | None:
    """Whose value counts; None: the default. What is set where it cannot be, or does not fit any more, does not count."""
    heard = [step for place, step in enumerate(steps) if step.mode and _counts(setting, step, root=place == 0)]
    if locks := [step for step in heard if step.mode == "lock"]:
        return locks[0]
    chosen = [step for step in heard if step.mode == "set"]
    return (chosen or heard)[-1] if heard else None


def _counts(setting: Setting[Any], step: Step, *, root: bool) -> bool:
    try:
        setting.accept(step.value)
    except UnfitError:
        return False
    return setting.stands_at(step.level, root=root)


def judge(step: Step, decider: Step | None) -> Verdict:
    """What became of one tenant's say."""
    if step.mode is None:
        return "silent"
    return "decides" if step is decider else "overruled"


def read_setting(session: ScopedSession, setting: Setting[Value]) -> Value:
    """The value that counts at the acting tenant; without one, the default."""
    decider = decide(setting, read_steps(session, [setting.key])[setting.key])
    return setting.accept(decider.value) if decider else setting.default
