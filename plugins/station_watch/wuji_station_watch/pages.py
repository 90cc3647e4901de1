"""The public pages, as they stand in the HTML that is sent: readable without any program in the reader's browser."""

from html import escape
from typing import Any
from uuid import UUID

from wuji.api import Problem, PublicPage, ScopedSession
from wuji.api.http import read_page
from wuji_station_watch.public_lists import PUBLIC
from wuji_station_watch.services.courses import read_local
from wuji_station_watch.services.visiting import get_shown, list_hours, say_busy, show_public
from wuji_station_watch.texts import say

NOT_FOUND = 404
MOST = 100


def find_page(session: ScopedSession, path: str, locale: str) -> PublicPage | None:
    """'' the stations near, stations/<id> one of them; None for everything else."""
    name, _, key = path.partition("/")
    if not path:
        return _list(session, locale)
    return _station(session, key, locale) if name == "stations" and key else None


def _list(session: ScopedSession, locale: str) -> PublicPage:
    code, place = session.actor.tenant_code or "", session.actor.tenant_name or ""
    items = read_page(session, PUBLIC, {"near": "yes", "limit": MOST})["items"]
    rows = "".join(f"<li>{_row(one, code, locale)}</li>" for one in items)
    about = say(locale, "page.about", place=place)
    body = f"<ul>{rows}</ul>" if rows else f"<p>{escape(say(locale, 'page.empty'))}</p>"
    counts = escape(say(locale, "card.only_counts"))
    return PublicPage(
        title=say(locale, "page.title"),
        description=about,
        html=f"<p>{escape(about)}</p>{body}<p><small>{counts}</small></p>",
        path="",
        lang=locale,
        code=code,
    )


def _row(one: dict[str, Any], code: str, locale: str) -> str:
    busy = say_busy(locale, open_now=one["open_now"], step=one["level"])
    services = say(locale, "page.comma").join(say(locale, f"service.{name}") for name in one["services"])
    about = " · ".join(filter(None, (busy, one["address"], services)))
    return f'<h2><a href="/{code}/x/station_watch/stations/{one["id"]}">{escape(one["name"])}</a></h2><p>{escape(about)}</p>'


def _station(session: ScopedSession, key: str, locale: str) -> PublicPage | None:
    try:
        station = get_shown(session, UUID(key))
    except ValueError:
        return None
    except Problem as problem:
        if problem.status != NOT_FOUND:
            raise
        return None
    shown = show_public(session, station.id, locale)
    busy = f"<p><strong>{escape(shown['words'])}</strong> {escape(_number(shown, locale))}</p>"
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in _facts(shown, locale) if said)
    hours = "".join(
        f"<tr><th>{escape(day)}</th><td>{escape(said)}</td></tr>" for day, said in list_hours(station, locale)
    )
    today = read_local(session).date().isoformat()
    closed = "".join(
        f"<li>{escape(one['on'])} {escape(one['reason'])}</li>" for one in station.closed_on if one["on"] >= today
    )
    heading, off = escape(say(locale, "page.hours")), escape(say(locale, "page.closed_on"))
    return PublicPage(
        title=station.name,
        description=say(locale, "page.one", name=station.name, place=shown["tenant"]["name"], words=shown["words"]),
        html=f"{busy}<dl>{facts}</dl><h2>{heading}</h2><table><tbody>{hours}</tbody></table>"
        + (f"<h2>{off}</h2><ul>{closed}</ul>" if closed else "")
        + f"<p><small>{escape(say(locale, 'card.only_counts'))}</small></p>",
        path=f"stations/{station.id}",
        lang=locale,
        code=shown["tenant"]["code"],
        modified_at=station.updated_at,
    )


def _number(shown: dict[str, Any], locale: str) -> str:
    """Only from ten people on."""
    if shown["present"] is None:
        return say(locale, "page.room", capacity=shown["capacity"])
    return say(locale, "page.inside", present=shown["present"], capacity=shown["capacity"])


def _facts(shown: dict[str, Any], locale: str) -> list[tuple[str, str]]:
    comma = say(locale, "page.comma")
    return [
        (say(locale, "field.address"), shown["address"]),
        (say(locale, "field.phone"), shown["phone"]),
        (say(locale, "field.services"), comma.join(say(locale, f"service.{name}") for name in shown["services"])),
        (say(locale, "page.quiet"), shown["best"]),
    ]
