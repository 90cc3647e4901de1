"""What stands on the portal's home, on the console's first page, on a screen and on a TV: the stations at this moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import DateTime, func, select, text

from wuji.api import Card, CardRow, Curve, CurveLine, ScopedSession, Surface
from wuji.api.http import read_page
from wuji_station_watch.alarm_lists import ALARMS
from wuji_station_watch.models import WEEKDAYS, Station
from wuji_station_watch.permissions import READ
from wuji_station_watch.public_lists import PUBLIC
from wuji_station_watch.saying import Said, say_alarm
from wuji_station_watch.services.courses import quarter_of, read_local, show_curve
from wuji_station_watch.services.visiting import say_busy
from wuji_station_watch.texts import say

SHOWN, ON_SCREEN = 3, 5
EVERY = 8  # a label each two hours
OVERVIEW = text("select plugin_station_watch.overview()")
ICONS = {"silent": "wifi-off", "full": "users-round", "reading": "thermometer"}
LIVE = "stations"
WEEKS = (
    select(Station.hours, Station.closed_on)
    .where(Station.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()), Station.state == "open")
    .distinct()
    .subquery()
)
TURNS = select(
    func.min(
        func.plugin_station_watch.turns_at(WEEKS.c.hours, WEEKS.c.closed_on, func.now(), func.wuji.scope_zone()),
        type_=DateTime(timezone=True),
    )
)


def list_cards(session: ScopedSession, surface: Surface, locale: str) -> Sequence[Card]:
    """For this reader, here and now."""
    if surface in EVERYBODY:
        return list(EVERYBODY[surface](session, locale))
    if surface not in OFFICIALS or not session.actor.may(READ):
        return ()
    sums: Mapping[str, Any] | None = session.execute(OVERVIEW).scalar()
    if not sums or not sums["stations"]:
        return ()
    return list(OFFICIALS[surface](session, sums, locale))


def _portal(session: ScopedSession, locale: str) -> Iterator[Card]:
    """Those nearby that are open; a place without stations shows nothing."""
    items = read_page(session, PUBLIC, {"near": "yes", "limit": SHOWN + 1})["items"]
    if not items:
        return
    rows = [
        CardRow(
            title=one["name"],
            text=say_busy(locale, open_now=one["open_now"], step=one["level"]),
            note=one["address"],
            path=f"stations/{one['id']}",
            icon="map-pin",
        )
        for one in items[:SHOWN]
    ]
    yield Card(
        name="near",
        place="side",
        title=say(locale, "card.near"),
        note=say(locale, "card.only_counts"),
        rows=tuple(rows),
        more=say(locale, "card.more") if len(items) > SHOWN else "",
        path="",
        order=40,
    )


def _tv(session: ScopedSession, locale: str) -> Iterator[Card]:
    """The way to the stations nearby, with how it is in the first of them that is open."""
    items = read_page(session, PUBLIC, {"near": "yes", "limit": SHOWN + 1})["items"]
    if not items:
        return
    one = next((item for item in items if item["open_now"]), items[0])
    words = say_busy(locale, open_now=one["open_now"], step=one["level"])
    yield Card(name="near", place="main", title=say(locale, "card.now"), text=words, path="", icon="map-pin", order=20)


def _console(session: ScopedSession, sums: Mapping[str, Any], locale: str) -> Iterator[Card]:
    yield Card(
        name="now",
        place="main",
        title=say(locale, "card.now"),
        text=_sums(session, sums, locale),
        rows=tuple(_alarms(session, locale, SHOWN)),
        empty=say(locale, "card.calm"),
        more=say(locale, "card.all_alarms", number=sums["alarms"]) if sums["alarms"] > SHOWN else "",
        path="alarms" if sums["alarms"] > SHOWN else "",
        order=30,
        live=LIVE,
    )


def _screen(session: ScopedSession, sums: Mapping[str, Any], locale: str) -> Iterator[Card]:
    share = "" if sums["share"] is None else say(locale, "card.of_room", share=sums["share"])
    note = share if sums["open"] else _shut(session, sums, locale)
    title = say(locale, "card.present")
    yield Card(name="present", place="head", title=title, text=f"{sums['present']:,}", note=note, live=LIVE)
    rows = tuple(_alarms(session, locale, ON_SCREEN))
    yield Card(name="alarms", place="side", title=say(locale, "card.alarms"), rows=rows, live=LIVE)
    curve = _curve(session, locale)
    if curve:
        place = session.actor.tenant_name or ""
        yield Card(name="curve", place="main", title=say(locale, "card.curve", place=place), curve=curve, live=LIVE)


def _sums(session: ScopedSession, sums: Mapping[str, Any], locale: str) -> str:
    if not sums["open"]:
        return _shut(session, sums, locale)
    return say(
        locale,
        "card.sums",
        open=sums["open"],
        stations=sums["stations"],
        present=f"{sums['present']:,}",
        share=sums["share"] if sums["share"] is not None else "–",
    )


def _shut(session: ScopedSession, sums: Mapping[str, Any], locale: str) -> str:
    """That none is open, and when the first one is: at night nobody is there, and that is no fault."""
    turns = session.execute(TURNS).scalar()
    if turns is None:
        return say(locale, "card.shut", stations=sums["stations"])
    local = read_local(session)
    opens = turns.astimezone(local.tzinfo)
    at, ahead = f"{opens:%-H:%M}", (opens.date() - local.date()).days
    if ahead:
        day = say(locale, "ui.tomorrow" if ahead == 1 else f"weekday.{WEEKDAYS[opens.weekday()]}")
        at = say(locale, "ui.moment", day=day, time=at)
    return say(locale, "card.shut_until", stations=sums["stations"], at=at)


def _alarms(session: ScopedSession, locale: str, most: int) -> Iterator[CardRow]:
    """Open ones, the newest first; who has one in hand is told by place, never by name."""
    for one in read_page(session, ALARMS, {"unclosed": "yes", "limit": most})["items"]:
        told = say(locale, f"card.{one['state']}", place=one["taken_name"] or one["told_name"])
        yield CardRow(
            title=f"{one['tenant_name']} {one['station']}",
            text=say_alarm(locale, Said(one["kind"], one["measure"], one["value"], one["bound"]), one["device"]),
            note=told,
            path=f"stations/{one['station_id']}",
            icon=ICONS[one["kind"]],
            tone="bad" if one["kind"] == "silent" else "warn",
        )


def _people(slots: Iterable[Mapping[str, Any]]) -> dict[int, float | None]:
    """By quarter hour: a mean is of readings, but nobody is there by half."""
    return {quarter_of(one["at"]): one["present"] and round(one["present"]) for one in slots}


def _curve(session: ScopedSession, locale: str) -> Curve | None:
    """From the first quarter hour of which anything is known or expected to the last."""
    found, local = show_curve(session, None), read_local(session)
    ahead = {name: {quarter_of(one["at"]): one[name] for one in found["forecast"]} for name in ("p50", "low", "high")}
    lines = {
        "slots": _people(found["slots"]),
        "forecast": ahead["p50"],
        "last_week": _people(found["last_week"]),
    }
    known = sorted({quarter for line in lines.values() for quarter in line})
    if not known:
        return None
    quarters = range(known[0], known[-1] + 1)
    weekday = say(locale, f"weekday.{WEEKDAYS[local.weekday()]}")
    titles = {
        "slots": say(locale, "card.actual"),
        "forecast": say(locale, "card.expected"),
        "last_week": say(locale, "card.last_week", weekday=weekday),
    }
    looks: Mapping[str, Any] = {"slots": "", "forecast": "forecast", "last_week": "earlier"}
    band = {name: tuple(ahead[name].get(quarter) for quarter in quarters) for name in ("low", "high")}
    is_tried = any(value is not None for value in band["low"])
    return Curve(
        labels=tuple(f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in quarters),
        lines=tuple(
            CurveLine(
                title=titles[name],
                values=tuple(line.get(quarter) for quarter in quarters),
                look=looks[name],
                **(band if name == "forecast" and is_tried else {}),
            )
            for name, line in lines.items()
        ),
        unit=say(locale, "card.people"),
        now=quarter_of(local) - known[0] if quarter_of(local) in quarters else None,
        every=EVERY,
    )


EVERYBODY: Mapping[str, Callable[[ScopedSession, str], Iterator[Card]]] = {"portal": _portal, "tv": _tv}
OFFICIALS: Mapping[str, Callable[[ScopedSession, Mapping[str, Any], str], Iterator[Card]]] = {
    "console": _console,
    "screen": _screen,
}
