"""How tips look in answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from wuji.api.http import Answer, Call, read_locale
from wuji_agri_tips.models import CLASSES
from wuji_agri_tips.rich_text.reading import read_outline
from wuji_agri_tips.rich_text.rendering import media_url, render_body
from wuji_agri_tips.schemas import ManagedTipOut, TipOut
from wuji_agri_tips.services.figures import is_marked, read_figures
from wuji_agri_tips.services.finding import Found, find_names, list_media, read_places
from wuji_agri_tips.services.rights import find_revision, list_rights
from wuji_agri_tips.services.writing import check

MEDIA = ("id", "number", "place", "kind", "name", "alt", "caption", "transcript", "width", "height", "seconds", "size")
MADE = {"html", "media", "tenant", "reviewer", "reach", "audience", "author", "own", "reviewed_by", "revision_id"}
FIGURES = {"reads", "helpful", "marked", "checks", "may"}
READ = tuple(TipOut().fields.keys() - MADE - FIGURES)
MANAGED = tuple(ManagedTipOut().fields.keys() - MADE - FIGURES)


def show_media(call: Call, media: Sequence[Any]) -> list[dict[str, object]]:
    """Pictures and recordings with their addresses below the reader's place."""
    code = call.actor.tenant_code or ""
    return [{**{name: getattr(one, name) for name in MEDIA}, "url": media_url(code, one.id)} for one in media]


def show_published(call: Call, tip: Found) -> Answer:
    """What a reader gets. `media`: what the body has no place for."""
    media = list_media(call.session, tip.id)
    inside = set(read_outline(tip.body).pictures)
    places = read_places(call.session, [tip.tenant_id, tip.reviewed_at_id])
    shown = {
        **{name: getattr(tip, name) for name in READ},
        "html": render_body(tip.body, media, call.actor.tenant_code or ""),
        "media": show_media(call, [one for one in media if one.number not in inside]),
        "tenant": {"code": tip.tenant_code, "name": tip.tenant_name, "level": tip.tenant_level},
        "reviewer": places.get(tip.reviewed_at_id),
        "helpful": read_figures(call.session, tip.id)["helpful"],
        "marked": call.actor.account_id is not None and is_marked(call.session, tip.id),
    }
    return Answer(shown, version=tip.version)


def show_managed(call: Call, tip: Found) -> Answer:
    """What an official gets, with what is missing and what they may do."""
    return Answer(managed(call, tip), version=tip.version)


def managed(call: Call, tip: Found) -> Mapping[str, object]:
    session = call.session
    media = list_media(session, tip.id)
    places = read_places(session, [tip.tenant_id, tip.reach_id, tip.reviewed_at_id or 0])
    names = find_names(session, tip.id)
    revision_id = find_revision(session, tip.id)
    return {
        **{name: getattr(tip, name) for name in MANAGED},
        **read_figures(session, tip.id),
        "revision_id": revision_id,
        "html": render_body(tip.body, media, call.actor.tenant_code or ""),
        "media": show_media(call, media),
        "tenant": places[tip.tenant_id],
        "reach": places[tip.reach_id],
        "audience": CLASSES[tip.audience_class],
        "author": names.author,
        "own": call.actor.account_id in tip.authors,
        "reviewer": places.get(tip.reviewed_at_id),
        "reviewed_by": names.reviewer,
        "checks": show_checks(call, tip),
        "may": list_rights(call.actor, tip, revision_id),
    }


def show_checks(call: Call, tip: Found) -> list[dict[str, str]]:
    locale = read_locale(request)
    return [
        {"pointer": fault.pointer, "message": call.deployment.texts.say(locale, fault.key, fault.params)}
        for fault in check(call.session, tip)
    ]
