"""A tenant's home and the search there, as text in the HTML: what any visitor may read, whoever is logged in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Response, g, request
from markupsafe import escape
from marshmallow import EXCLUDE, ValidationError

from wuji.governance.services.contributions import list_cards, spoken
from wuji.kit.http.limits import limit_address
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, deployment, open_call
from wuji.kit.problem import Problem
from wuji.kit.setting import read_setting
from wuji.pages.shell import say, shell
from wuji.plugin.dispatcher import Dispatcher
from wuji.search.rates import SEARCH
from wuji.search.schemas import SearchQuery
from wuji.search.services.finding import Asked, search
from wuji.tenancy.services.directory import get_tenant, list_children
from wuji.tenancy.settings import PORTAL_NOTICE, read_zone

ABSENT, UNFIT = 404, 422
UNLISTED = '<meta name="robots" content="noindex">'


def home_page(tenant_code: str) -> Response:
    """Notice, cards of plugins, lower tenants."""
    try:
        with _visit(tenant_code) as call:
            tenant = get_tenant(call.session, tenant_code)
            children = list_children(call.session, tenant_code)
            notice = read_setting(call.session, PORTAL_NOTICE)
            cards = list_cards(call.session, call.deployment.part(Dispatcher), "portal", spoken(read_locale(request)))
    except Problem as problem:
        return absent_page(problem)
    places: dict[str, list[Any]] = {"head": [], "main": [], "side": []}
    for card in cards["items"]:
        places[card["place"]].append(card)
    return shell(
        "portal",
        "tenant.html",
        title=tenant["name"],
        description=say("tenant_about", {"name": tenant["name"]}),
        head=f'<link rel="canonical" href="{escape(deployment().options.base_url)}/{escape(tenant["code"])}">',
        tenant=tenant,
        children=children,
        notice=notice,
        cards=places,
        publisher="".join(above["name"] for above in [*tenant["ancestors"][1:], tenant]),
    )


def search_page(tenant_code: str) -> Response:
    """The first page of hits, or the one that a cursor leads to; a search is no page that others should find."""
    asked = _asked()
    if asked:
        limit_address(deployment(), SEARCH)
    try:
        with _visit(tenant_code) as call:
            tenant = get_tenant(call.session, tenant_code)
            found = _search(call, asked) if asked else None
    except Problem as problem:
        return absent_page(problem)
    q = asked.q if asked else ""
    return shell(
        "portal",
        "search.html",
        title=f"{say('search.title_of', {'q': q}) if q else say('search.title')} · {tenant['name']}",
        description=say("search.about", {"name": tenant["name"]}),
        head=UNLISTED,
        tenant=tenant,
        q=q,
        found=found,
        narrowed=[(name, value) for name, value in request.args.items(multi=True) if name != "cursor"],
    )


def absent_page(problem: Problem) -> Response:
    """What is not there, and what is not to be seen, look the same; any other problem goes on."""
    if problem.status != ABSENT:
        raise problem
    g.account_locale = None  # as every other 404
    return shell("portal", "absent.html", title=say("absent"), status=ABSENT)


@contextmanager
def _visit(tenant_code: str) -> Iterator[Call]:
    with open_call("public", tenant_code, anonymous=True) as call:
        yield call


def _asked() -> Asked | None:
    """The question in the address; None where there is none, or none that can be asked: the program says what is wrong."""
    given: dict[str, Any] = {name: value for name, value in request.args.items() if name != "limit"}
    given |= {"tenant": "0", "facet": request.args.getlist("facet")}
    try:
        asked: Mapping[str, Any] = SearchQuery().load(given, unknown=EXCLUDE)
    except ValidationError:
        return None
    fields = {name: value for name, value in asked.items() if name not in {"tenant", "facet"}}
    return Asked(**fields, facets=tuple(asked["facet"]))


def _search(call: Call, asked: Asked) -> Mapping[str, Any] | None:
    zone = read_zone(call.session)
    try:
        found = search(call.deployment, call.session, asked, read_locale(request))
    except Problem as problem:
        if problem.status != UNFIT:
            raise
        return None
    days = (hit["published_at"] and hit["published_at"].astimezone(zone).date() for hit in found["items"])
    return {**found, "hits": [{**hit, "day": day} for hit, day in zip(found["items"], days, strict=True)]}
