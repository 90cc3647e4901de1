"""What stands on the portal's home, on the console's first page and on a TV."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import bindparam, func, select

from wuji.api import Card, CardRow, ScopedSession, Surface
from wuji.api.http import count_rows, read_page
from wuji_agri_tips.almanac import Today, number_of, read_today, say_term
from wuji_agri_tips.lists import MANAGED
from wuji_agri_tips.models import TipMedia
from wuji_agri_tips.permissions import READ, REVIEW
from wuji_agri_tips.services.reading import Item, in_language, list_for
from wuji_agri_tips.subjects import say_subject
from wuji_agri_tips.texts import say, say_month

SHOWN = 3
CAP = 1000
LIVE = "tips"
FILM = (
    select(func.coalesce(TipMedia.seconds, 0))
    .where(TipMedia.tip_id == bindparam("id"), TipMedia.kind == "video")
    .order_by(TipMedia.place)
    .limit(1)
)


def list_cards(session: ScopedSession, surface: Surface, locale: str) -> Sequence[Card]:
    """For this reader, here and today."""
    cards = SURFACES.get(surface)
    return list(cards(session, locale)) if cards else ()


def _portal(session: ScopedSession, locale: str) -> Iterator[Card]:
    today = read_today(session)
    items = list_for(session, today)
    yield _season(today, items, locale)
    rows = [_row(one, locale) for one in items[:SHOWN]]
    yield Card(
        name="month",
        place="main",
        title=say(locale, "card.month"),
        rows=tuple(rows),
        empty=say(locale, "card.month_empty"),
        more=say(locale, "card.more", number=len(items)) if len(items) > SHOWN else "",
        path="",
        order=20,
    )


def _season(today: Today, items: Sequence[Item], locale: str) -> Card:
    """The solar term, and the sentence of what fits it best: a chosen crop's before another's, this term's before the
    month's.
    """
    number = number_of(today.term)
    fitting = [one for one in items if number in one["terms"]] or items
    day = say(locale, "card.day", month=say_month(locale, today.day.month), day=today.day.day)
    if not fitting:
        return Card(
            name="season", place="head", title=say_term(locale, number), note=day, path=f"terms/{number}", order=10
        )
    _title, summary, _lang = in_language(fitting[0], locale)
    path = f"tips/{fitting[0]['id']}"
    return Card(
        name="season", place="head", title=say_term(locale, number), text=summary, note=day, path=path, order=10
    )


def _row(one: Item, locale: str) -> CardRow:
    title, summary, lang = in_language(one, locale)
    about = [say_subject(locale, one["subject"]), one["tenant_name"]]
    if one["helpful"]:
        about.append(say(locale, "card.helpful", number=one["helpful"]))
    return CardRow(
        title=title, text=summary, note=" · ".join(about), path=f"tips/{one['id']}", icon="sprout", lang=lang
    )


def _tv(session: ScopedSession, locale: str) -> Iterator[Card]:
    """What fits the season best, to watch or to hear, and the way to all of this month."""
    items = list_for(session, read_today(session))
    number = len(items)
    tile = say(locale, "card.count", number=number) if number else say(locale, "card.month_empty")
    title = say(locale, "title")
    yield Card(name="tips", place="main", title=title, text=tile, path="", icon="sprout", order=10, live=LIVE)
    if not items:
        return
    first = items[0]
    title, summary, _lang = in_language(first, locale)
    path = f"tips/{first['id']}"
    rows = [CardRow(title=say(locale, "card.read"), path=path, icon="file-text")]
    film = session.execute(FILM, {"id": first["id"]}).scalar()
    if film is not None:
        minutes, seconds = divmod(film, 60)
        words = say(locale, "card.watch", minutes=minutes, seconds=seconds)
        rows.insert(0, CardRow(title=words, path=f"{path}?film=yes", icon="play"))
    yield Card(
        name="month",
        place="head",
        title=say(locale, "card.month"),
        text=title,
        note=summary,
        rows=tuple(rows),
        path=path,
        picture=f"media/{first['picture_id']}?size=medium" if first["picture_id"] else None,
        icon="sprout",
        order=10,
        live=LIVE,
    )


def _console(session: ScopedSession, locale: str) -> Iterator[Card]:
    if not session.actor.may(READ):
        return
    if session.actor.may(REVIEW):
        yield _waiting(session, locale, "to_review", {"to_review": "yes", "sort": "waiting_since"}, 20)
    yield _waiting(session, locale, "returned", {"state": "returned", "own": "yes"}, 30)


def _waiting(session: ScopedSession, locale: str, name: str, asked: dict[str, str], order: int) -> Card:
    items = read_page(session, MANAGED, {**asked, "limit": SHOWN})["items"]
    many = min(count_rows(session, MANAGED, asked, CAP + 1), CAP) if len(items) == SHOWN else len(items)
    rows = [
        CardRow(
            title=one["title"] or say(locale, "card.untitled"),
            text=one["reason"],
            note=f"{say_subject(locale, one['subject'])} · {one['tenant_name']}",
            path=str(one["id"]),
            icon="sprout",
        )
        for one in items
    ]
    return Card(
        name=name,
        place="main",
        title=say(locale, f"card.{name}", number=many),
        rows=tuple(rows),
        more=say(locale, "card.all") if many > SHOWN else "",
        path="",
        order=order,
    )


SURFACES: Mapping[Surface, Callable[[ScopedSession, str], Iterator[Card]]] = {
    "portal": _portal,
    "console": _console,
    "tv": _tv,
}
