"""The public pages, as they stand in the HTML that is sent: readable without any program in the reader's browser."""

from collections.abc import Sequence
from html import escape
from uuid import UUID

from wuji.api import Problem, PublicPage, ScopedSession
from wuji_agri_tips.almanac import number_of, read_today, say_term
from wuji_agri_tips.models import MONTHS, TERMS
from wuji_agri_tips.rich_text.reading import read_outline
from wuji_agri_tips.rich_text.rendering import media_url, render_body, render_figure, render_recording
from wuji_agri_tips.services.finding import Found, get_readable, list_media, read_places
from wuji_agri_tips.services.reading import Item, in_language, list_now, list_of
from wuji_agri_tips.subjects import say_subject
from wuji_agri_tips.texts import say, say_month

NOT_FOUND = 404


def find_page(session: ScopedSession, path: str, locale: str) -> PublicPage | None:
    """'' this month here, months/<n>, terms/<n>, tips/<id>; None for everything else."""
    name, _, key = path.partition("/")
    match name:
        case "" if not key:
            return _this_month(session, locale)
        case "months" if key in map(str, MONTHS):
            return _month(session, int(key), locale)
        case "terms" if key in map(str, TERMS):
            return _term(session, int(key), locale)
        case "tips":
            return _tip(session, key, locale)
    return None


def _place(session: ScopedSession) -> str:
    return session.actor.tenant_name or ""


def _this_month(session: ScopedSession, locale: str) -> PublicPage:
    today = read_today(session)
    month, term = say_month(locale, today.day.month), say_term(locale, number_of(today.term))
    about = say(locale, "page.now", month=month, term=term, place=_place(session))
    title = say(locale, "page.this_month", month=month)
    return _list(session, list_now(session, today), locale, title=title, about=about, path="")


def _month(session: ScopedSession, number: int, locale: str) -> PublicPage:
    month = say_month(locale, number)
    about = say(locale, "page.of_month", month=month, place=_place(session))
    title = say(locale, "page.month", month=month)
    return _list(session, list_of(session, month=number), locale, title=title, about=about, path=f"months/{number}")


def _term(session: ScopedSession, number: int, locale: str) -> PublicPage:
    term = say_term(locale, number)
    about = say(locale, "page.of_term", term=term, place=_place(session))
    title = say(locale, "page.term", term=term)
    return _list(session, list_of(session, term=number), locale, title=title, about=about, path=f"terms/{number}")


def _list(
    session: ScopedSession, items: Sequence[Item], locale: str, *, title: str, about: str, path: str
) -> PublicPage:
    code = session.actor.tenant_code or ""
    rows = "".join(f"<li>{_row(one, code, locale)}</li>" for one in items)
    body = f"<ul>{rows}</ul>" if rows else f"<p>{escape(say(locale, 'page.empty'))}</p>"
    links = "".join(
        f'<li><a href="/{code}/x/agri_tips/months/{month}">{escape(say_month(locale, month))}</a></li>'
        for month in MONTHS
    )
    months = escape(say(locale, "page.months"))
    return PublicPage(
        title=title,
        description=about,
        html=f'<p>{escape(about)}</p>{body}<nav aria-label="{months}"><ul>{links}</ul></nav>',
        path=path,
        lang=locale,
        code=code,
        modified_at=max((one["published_at"] for one in items), default=None),
    )


def _row(one: Item, code: str, locale: str) -> str:
    title, summary, lang = in_language(one, locale)
    other = f' lang="{lang}"' if lang != locale else ""
    about = f"{say_subject(locale, one['subject'])} · {one['tenant_name']}"
    picture = ""
    if one["picture_id"]:
        source = escape(media_url(code, one["picture_id"], "small"))
        picture = f'<img src="{source}" alt="{escape(one["picture_alt"])}" loading="lazy">'
    return (
        f'{picture}<h2{other}><a href="/{code}/x/agri_tips/tips/{one["id"]}">{escape(title)}</a></h2>'
        f"<p{other}>{escape(summary)}</p><p><small>{escape(about)}</small></p>"
    )


def _tip(session: ScopedSession, key: str, locale: str) -> PublicPage | None:
    """A page of the tip's own language: the body is that of whoever wrote it."""
    try:
        tip = get_readable(session, UUID(key))
    except ValueError:
        return None
    except Problem as problem:
        if problem.status != NOT_FOUND:
            raise
        return None
    code = session.actor.tenant_code or ""
    media = list_media(session, tip.id)
    pictures = [one for one in media if one.kind == "picture"]
    return PublicPage(
        title=tip.title,
        description=tip.summary,
        html=_body(session, tip, media, locale),
        path=f"tips/{tip.id}",
        lang="zh-CN",
        code=tip.tenant_code,
        modified_at=tip.published_at,
        image=media_url(code, pictures[0].id, "medium") if pictures else None,
    )


def _body(session: ScopedSession, tip: Found, media: Sequence[Found], locale: str) -> str:
    code = session.actor.tenant_code or ""
    inside = set(read_outline(tip.body).pictures)
    apart = [one for one in media if one.number not in inside]
    reviewer = read_places(session, [tip.reviewed_at_id]).get(tip.reviewed_at_id, {}).get("name", "")
    day = tip.published_at.astimezone(read_today(session).zone).date().isoformat()
    by = say("zh-CN", "page.by", author=tip.tenant_name, reviewer=reviewer, day=day)
    english = ""
    if tip.title_en:
        english = f'<aside lang="en"><p><b>{escape(tip.title_en)}</b></p><p>{escape(tip.summary_en)}</p></aside>'
    transcript = say(locale, "page.transcript")
    return "".join([
        f"<p><small>{escape(by)}</small></p>",
        f"<p><strong>{escape(tip.summary)}</strong></p>{english}",
        *(render_figure(one, code) for one in apart if one.kind == "picture"),
        *(render_recording(one, code, transcript) for one in apart if one.kind != "picture"),
        render_body(tip.body, media, code),
    ])  # fmt: skip
