"""Schedules as the operator sees and pauses them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from wuji.kit.cron import next_time, zone_of
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem, not_found
from wuji.kit.texts import Texts
from wuji.work.showing import say_title

ALL = text("select * from wuji.schedules() order by id")
PAUSE = text("select wuji.schedule_pause(:schedule_id, :paused)")


def list_schedules(session: ScopedSession, texts: Texts, locale: str, now: datetime) -> Sequence[Mapping[str, Any]]:
    """All of them, with the earliest next time of any root."""
    return [_shown(dict(row), texts, locale, now) for row in session.execute(ALL).mappings()]


def get_schedule(
    session: ScopedSession, texts: Texts, locale: str, now: datetime, schedule_id: str
) -> Mapping[str, Any]:
    """Raises 404."""
    for one in list_schedules(session, texts, locale, now):
        if one["id"] == schedule_id:
            return one
    raise not_found()


def pause_schedule(session: ScopedSession, schedule_id: str, *, paused: bool) -> None:
    """Raises 404, 409 where it is so already."""
    if not session.execute(PAUSE, {"schedule_id": schedule_id, "paused": paused}).scalar_one():
        raise Problem("work.schedule_paused" if paused else "work.schedule_runs", 409)


def _shown(row: dict[str, Any], texts: Texts, locale: str, now: datetime) -> Mapping[str, Any]:
    zones = row.pop("zones")
    times = [next_time(row["cron"], zone_of(zone), now.replace(second=0, microsecond=0)) for zone in zones]
    owner, _, name = row["id"].partition(".")
    title = texts.catalogue(locale).get(f"{owner}.schedule.{name}") or say_title(row["task"], {}, texts, locale)
    return {**row, "title": title, "next_at": None if row["paused"] or not times else min(times)}
