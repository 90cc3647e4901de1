"""What active plugins add to portal and console, for whoever reads them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import request

from wuji.governance.active import ActiveSets
from wuji.governance.routes.feature import feature
from wuji.governance.schemas import CardsOut, SurfaceQuery, UisOut
from wuji.governance.services.contributions import list_cards, list_contributions, spoken
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugins


@feature.route("GET", "/tenants/<tenant_code>/ui", permission="public", query=SurfaceQuery, answer=UisOut)
def show_ui(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Pages, menus and slots of plugins that are active here and that the reader may use, named in the language asked for."""
    plugins, sets = call.deployment.part(Plugins), call.deployment.part(ActiveSets)
    say = partial(call.deployment.texts.say, read_locale(request))
    return {"items": list_contributions(call.session, plugins, sets, asked.get("surface", "portal"), say)}


@feature.route("GET", "/tenants/<tenant_code>/cards", permission="public", query=SurfaceQuery, answer=CardsOut)
def show_cards(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What active plugins have to show here, now and to this reader. A broken one costs its own cards and no others."""
    dispatcher = call.deployment.part(Dispatcher)
    return list_cards(call.session, dispatcher, asked.get("surface", "portal"), spoken(read_locale(request)))
