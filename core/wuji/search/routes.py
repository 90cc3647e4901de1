"""Search over HTTP. The acting tenant stands in the query: what is asked for is not a thing of one tenant."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature
from wuji.search.rates import SEARCH, TYPED
from wuji.search.schemas import FoundOut, PlacesOut, PlacesQuery, SearchQuery, SuggestionsOut, SuggestQuery
from wuji.search.services.completing import find_places, suggest
from wuji.search.services.finding import Asked, search

feature = Feature("search")


@feature.route(
    "GET", "/search", permission="public", query=SearchQuery, answer=FoundOut, tenant_in_query=True, rate=SEARCH
)
def find(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Everything that the caller may see at the acting tenant and that answers a question, best first."""
    given = {name: value for name, value in asked.items() if name not in {"tenant", "facet"}}
    question = Asked(**given, facets=tuple(asked.get("facet", ())))
    return search(call.deployment, call.session, question, read_locale(request))


@feature.route(
    "GET", "/suggest", permission="public", query=SuggestQuery, answer=SuggestionsOut, tenant_in_query=True, rate=TYPED
)
def complete(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """At most ten names that begin with what was typed: as it stands, by its reading, by initials, by code."""
    return suggest(call.deployment, call.session, asked["q"], read_locale(request))


@feature.route("GET", "/places", permission="public", query=PlacesQuery, answer=PlacesOut, rate=TYPED)
def list_places(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """At most ten tenants of the whole directory, found as they are typed: for who has not chosen one yet."""
    return find_places(call.deployment, call.session, asked["q"])
