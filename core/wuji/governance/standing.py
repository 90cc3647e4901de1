"""What holds of every plugin at one place: its rules resolved, and what beside rules keeps it from being active there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from wuji.governance.resolution import Resolution, Rule, Stage, Word, resolve
from wuji.kit.clock import ZONE
from wuji.plugin.plugins import Plugin

# `rule` and `default` speak of what was said; the others keep off what rules would switch on.
Cause = Literal["rule", "default", "level", "needs", "suspended"]
Rules = Mapping[str, Sequence[Rule]]


@dataclass(frozen=True)
class Standing:
    """One plugin at one tenant."""

    plugin: Plugin
    resolution: Resolution
    active: bool
    cause: Cause


@dataclass(frozen=True)
class Spot:
    """Where and when: ids from the root down to the tenant, its level, what the operator has suspended, the day it is there."""

    path: Sequence[int]
    level: int
    suspended: frozenset[str]
    today: date


def stand(plugins: Iterable[Plugin], rules: Rules, spot: Spot) -> dict[str, Standing]:
    """By id; plugins come after those they need."""
    found: dict[str, Standing] = {}
    for plugin in plugins:
        resolution = resolve(rules.get(plugin.id, ()), spot.path, spot.today)
        cause = _cause(plugin, resolution, spot, found)
        found[plugin.id] = Standing(plugin, resolution, resolution.on and cause == "rule", cause)
    return found


def _cause(plugin: Plugin, resolution: Resolution, spot: Spot, found: Mapping[str, Standing]) -> Cause:
    if plugin.id in spot.suspended:
        return "suspended"
    if not resolution.on:
        return "rule" if resolution.decider else "default"
    if not plugin.manifest.stands_at(spot.level):
        return "level"
    if not all(need in found and found[need].active for need in plugin.manifest.needs):
        return "needs"
    return "rule"


def make_rule(row: Mapping[str, Any], path: Sequence[int], zone: ZoneInfo) -> Rule:
    """A row of plugin_rule as it is heard on the path, on which its tenant and its setter lie."""
    paused: datetime | None = row["paused_at"]
    word: Word = row["rule"]
    return Rule(
        at=path.index(row["tenant_id"]),
        by=path.index(row["by_tenant_id"]),
        word=word,
        on=row["is_on"],
        until=row["until"],
        stages=_stages(row["stages"]),
        paused_on=paused.astimezone(zone).date() if paused else None,
        allows=frozenset(row["allows"]),
    )


def _stages(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Stage, ...] | None:
    if kept is None:
        return None
    return tuple(
        Stage(date.fromisoformat(s["on"]), None if s["tenant_ids"] is None else frozenset(s["tenant_ids"]))
        for s in kept
    )


def find_zone(name: str | None) -> ZoneInfo:
    """The zone that a setting names; ours where it names none that this machine knows."""
    try:
        return ZoneInfo(name) if name else ZONE
    except (KeyError, ValueError, OSError):  # zoneinfo's own error for an unknown name is a KeyError
        return ZONE


def midnight_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins there."""
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
