"""What a usual week is like: of one station, and of the tenants below side by side."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from wuji.api import ScopedSession
from wuji_station_watch.alarm_models import StationProfile
from wuji_station_watch.services.stations import get_station

USE = ("open_hours", "hours_over_80", "hours_over_100", "visits")
# Means of stations count by their room and the hours in which it is there. A tenant's own stations are none of its children's.
CHILDREN = text(
    "select c.code, t.name, t.level, count(s.id) as stations, coalesce(sum(s.capacity), 0) as capacity, "
    "coalesce(sum(v.present), 0) as present, (100 * sum(p.mean_present * p.open_hours) "
    "/ nullif(sum(s.capacity * p.open_hours) filter (where p.station_id is not null), 0))::float as mean_share, "
    "sum(p.hours_over_80)::float as hours_over_80, sum(p.visits)::float as visits "
    "from wuji.tenant t join wuji.tenant_code c on c.tenant_id = t.id and c.valid_to is null "
    "left join plugin_station_watch.station s on s.pos between t.pos and t.pos_hi and s.state <> 'closed' "
    "left join plugin_station_watch.station_profile p on p.station_id = s.id "
    "left join plugin_station_watch.station_state v on v.station_id = s.id "
    "and v.day = (now() at time zone wuji.scope_zone())::date "
    "where t.parent_id = wuji.scope_tenant() and t.state = 'active' group by 1, 2, 3 order by c.code"
)


def show_week(session: ScopedSession, station_id: UUID) -> dict[str, Any]:
    station, profile = get_station(session, station_id), session.get(StationProfile, station_id)
    return {
        "since": profile.since if profile else None,
        "until": profile.until if profile else None,
        "capacity": station.capacity,
        "computed_at": profile.computed_at if profile else None,
        "days": list_days(profile.week, "present") if profile else [],
    }


def list_days(week: list[list[Any]], name: str) -> list[dict[str, Any]]:
    """Monday is 1."""
    return [
        {"weekday": day, "hours": [{"hour": hour, name: value} for hour, value in enumerate(hours)]}
        for day, hours in enumerate(week, start=1)
    ]


def show_use(session: ScopedSession, station_id: UUID) -> dict[str, Any]:
    station, profile = get_station(session, station_id), session.get(StationProfile, station_id)
    if profile is None:
        return dict.fromkeys((*USE, "mean_share", "peak", "peak_at", "since", "until"))
    return {
        **{name: float(getattr(profile, name)) for name in USE},
        "mean_share": round(100 * float(profile.mean_present) / station.capacity, 1),
        "peak": profile.peak,
        "peak_at": profile.peak_at,
        "since": profile.since,
        "until": profile.until,
    }


def compare_children(session: ScopedSession) -> dict[str, Any]:
    return {"children": [row._asdict() for row in session.execute(CHILDREN)]}
