"""What holds of plugins at a place, and why: every step of the way down in words that anybody can check."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wuji.governance.resolution import BINDING, Heard, Rule
from wuji.governance.services.ground import Ground, Row
from wuji.governance.standing import Standing
from wuji.kit.db.session import ScopedSession
from wuji.plugin.plugins import Plugin, Plugins

READ, WRITE = "governance.rule.read", "governance.rule.write"


@dataclass(frozen=True)
class Reader:
    """`say(key, parameters)` says a text of governance in the reader's language."""

    locale: str
    say: Callable[[str, Mapping[str, object]], str]


def list_standings(session: ScopedSession, plugins: Plugins, ground: Ground, reader: Reader) -> list[Row]:
    """Every plugin at the place, by name."""
    shown = [show(session, one, ground, reader) for one in ground.stand(plugins).values()]
    return sorted(shown, key=lambda one: str(one["name"]))


def explain(
    session: ScopedSession, plugins: Plugins, plugin: Plugin, ground: Ground, reader: Reader
) -> Mapping[str, Any]:
    """One plugin, with its ladder: root first, a rung for each rule and for each tenant without one."""
    standing = ground.stand(plugins)[plugin.id]
    return {**show(session, standing, ground, reader), "ladder": list(_ladder(standing, ground, reader))}


def show(session: ScopedSession, standing: Standing, ground: Ground, reader: Reader) -> Row:
    """One plugin as it stands at the place. `own` is what the acting tenant itself says there."""
    manifest, resolution = standing.plugin.manifest, standing.resolution
    bound = resolution.bound_by
    actor = session.actor
    by = ground.depth(actor.tenant_id) if actor.tenant_id else -1
    return {
        "id": manifest.id,
        "version": manifest.version,
        "name": manifest.name.say(reader.locale),
        "about": manifest.about.say(reader.locale),
        "levels": [*manifest.levels],
        "needs": [*manifest.needs],
        "sensitive": [
            {"id": one.id, "name": one.name.say(reader.locale), "allowed": one.id in resolution.allows}
            for one in manifest.sensitive
        ],
        "active": standing.active,
        "cause": standing.cause,
        "rule": resolution.in_force.word if resolution.in_force else "offer",
        "on": resolution.on,
        "inherited": resolution.in_force is None or resolution.in_force.at < len(ground.path) - 1,
        "sentence": _sentence(standing, ground, reader),
        "own": _own(standing, ground, by),
        "bound_by": ground.path[bound.by].shown() if bound else None,
        "may_change": actor.may(WRITE) and not (bound and bound.by < by),
    }


def _own(standing: Standing, ground: Ground, by: int) -> Mapping[str, Any] | None:
    for rule, row in ground.rows.get(standing.plugin.id, {}).items():
        if rule.at == len(ground.path) - 1 and rule.by == by:
            return {**_said(rule, row, ground), "version": row["version"]}
    return None


def _said(rule: Rule, row: Row, ground: Ground) -> dict[str, Any]:
    return {
        "rule": rule.word,
        "on": rule.on,
        "reason": row["reason"],
        "until": rule.until,
        "stages": _stages(row, ground),
        "paused_at": row["paused_at"],
        "allows": sorted(rule.allows),
        "at": row["updated_at"],
    }


def _stages(row: Row, ground: Ground) -> list[Mapping[str, Any]] | None:
    """A child that has gone from there is left out."""
    if row["stages"] is None:
        return None
    return [{"on": stage["on"], "tenants": _named(stage["tenant_ids"], ground)} for stage in row["stages"]]


def _named(ids: Sequence[int] | None, ground: Ground) -> list[Mapping[str, Any]] | None:
    return None if ids is None else [ground.named[one].shown() for one in ids if one in ground.named]


NOTHING: Mapping[str, Any] = {
    "rule": None, "on": None, "reason": "", "until": None, "stages": None, "paused_at": None, "allows": [], "at": None
}  # fmt: skip


def _ladder(standing: Standing, ground: Ground, reader: Reader) -> Iterator[Mapping[str, Any]]:
    heard = standing.resolution.heard
    rows = ground.rows.get(standing.plugin.id, {})
    for place_at, place in enumerate(ground.path):
        here = [one for one in heard if one.rule.at == place_at]
        for one in here:
            by = ground.path[one.rule.by]
            said = {**_said(one.rule, rows[one.rule], ground), "verdict": one.verdict}
            yield {"tenant": place.shown(), "by": by.shown(), **said, "sentence": _rung(one, heard, ground, reader)}
        if not here:
            sentence = reader.say("ladder.silent", {"tenant": place.name})
            yield {"tenant": place.shown(), "by": None, **NOTHING, "verdict": "silent", "sentence": sentence}


def _rung(one: Heard, heard: Sequence[Heard], ground: Ground, reader: Reader) -> str:
    rule = one.rule
    names: dict[str, object] = {"tenant": ground.path[rule.at].name, "by": ground.path[rule.by].name}
    if one.verdict == "silent":
        if rule.word == "inherit":
            return reader.say("ladder.inherit" if rule.at else "ladder.silent", names)  # above a root nobody decides
        over = rule.until is not None and ground.today > rule.until
        return reader.say("ladder.ended" if over else "ladder.waiting", {**names, "until": rule.until})
    if not one.counts:
        above = next(h.rule for h in reversed(heard[: heard.index(one)]) if h.counts and h.rule.word in BINDING)
        return reader.say("ladder.overruled", {**names, "above": ground.path[above.by].name})
    word = rule.word if rule.on is None else f"{rule.word}_{'on' if rule.on else 'off'}"
    return reader.say(f"ladder.{word}" if rule.at == rule.by else f"ladder.{word}_for", names)


def _sentence(standing: Standing, ground: Ground, reader: Reader) -> str:
    resolution = standing.resolution
    if standing.cause != "rule":
        return reader.say(f"state.{standing.cause}", {"needs": "、".join(standing.plugin.manifest.needs)})
    decider = resolution.decider
    tenant = ground.path[decider.by].name if decider else ""
    return reader.say("state.on" if standing.active else "state.off", {"tenant": tenant})
