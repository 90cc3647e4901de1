"""Counts in words: kind, level, time, place, then what kinds declare."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wuji.kit.db.session import ScopedSession
from wuji.plugin.records import Facet, SearchKind
from wuji.search.backend import Count
from wuji.search.documents import facet_name
from wuji.search.services.naming import Voice
from wuji.search.services.places import read_places

MOST = 50  # values of a facet
TIMES = ("this_year", "last_year", "earlier")


def say_facets(
    voice: Voice,
    session: ScopedSession,
    kinds: Mapping[str, SearchKind],
    counts: Sequence[Count],
    years: tuple[datetime, datetime] | None,
) -> list[Mapping[str, Any]]:
    """Every facet that has a value, each value with how many hits would be left. `name` and `value` are what is asked with."""
    by_facet: dict[str, dict[str, int]] = {}
    for count in counts:
        by_facet.setdefault(count.facet, {})[count.value] = count.count
    said = [
        ("kind", "search.facet.kind", list(_kinds(voice, kinds, by_facet.pop("kind", {})))),
        ("level", "search.facet.level", list(_levels(voice, by_facet.pop("level", {})))),
        ("time", "search.facet.time", list(_times(voice, by_facet.pop("time", {}), years))),
        ("place", "search.facet.place", list(_places(session, by_facet.pop("place", {})))),
    ]
    declared = {facet_name(kind, facet.name): facet for kind in kinds.values() for facet in kind.facets}
    said += [
        (name, facet.title, list(_own(name, facet, by_facet[name], voice.locale)))
        for name, facet in declared.items()
        if name in by_facet
    ]
    return [{"name": name, "label": voice.say(title), "values": v[:MOST]} for name, title, v in said if v]


def _value(value: str, label: str, count: int, **more: object) -> Mapping[str, Any]:
    return {"value": value, "label": label, "count": count, "since": None, "until": None, **more}


def _most_first(found: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _kinds(voice: Voice, kinds: Mapping[str, SearchKind], found: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
    for name, count in _most_first(found):
        yield _value(name, voice.say(kinds[name].title), count)


def _levels(voice: Voice, found: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
    for level, count in sorted(found.items()):
        yield _value(level, voice.say(f"search.level.{level}"), count)


def _times(
    voice: Voice, found: Mapping[str, int], years: tuple[datetime, datetime] | None
) -> Iterator[Mapping[str, Any]]:
    """Each with the `since` and `until` that narrow to it."""
    this, last = years or (None, None)
    bounds = {"this_year": (this, None), "last_year": (last, this), "earlier": (None, last)}
    for name in TIMES:
        if name in found:
            since, until = bounds[name]
            yield _value(name, voice.say(f"search.time.{name}"), found[name], since=since, until=until)


def _places(session: ScopedSession, found: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
    named = read_places(session, map(int, found))
    for tenant_id, count in _most_first(found):
        if int(tenant_id) in named:
            place = named[int(tenant_id)]
            yield _value(place["code"], place["name"], count)


def _own(name: str, facet: Facet, found: Mapping[str, int], locale: str) -> Iterator[Mapping[str, Any]]:
    for value, count in _most_first(found):
        yield _value(f"{name}:{value}", facet.label(locale, value), count)
