"""What stands on the portal's home and on the console's first page."""

from collections.abc import Iterator, Sequence

from wuji.api import Card, CardRow, ScopedSession, Surface
from wuji.api.http import count_rows, read_page
from wuji_agri_tips.almanac import Today, number_of, read_today, say_term
from wuji_agri_tips.lists import MANAGED
from wuji_agri_tips.permissions import READ, REVIEW
from wuji_agri_tips.services.reading import Item, in_language, list_for
from wuji_agri_tips.subjects import say_subject
from wuji_agri_tips.texts import say, say_month

SHOWN = 3
CAP = 1000


def list_cards(session: ScopedSession, surface: Surface, locale: str) -> Sequence[Card]:
    """For this reader, here and today."""
    if surface == "screen":
        return ()
    return list(_portal(session, locale) if surface == "portal" else _console(session, locale))


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
