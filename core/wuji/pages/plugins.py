"""Pages and files of plugins: what a plugin publishes stands in the HTML that is sent, its module and texts are served for ever
under its version.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, request
from markupsafe import escape

from wuji.governance.active import ActiveSets
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, deployment, open_call
from wuji.kit.problem import Problem, not_found
from wuji.kit.sensitive import root_allows
from wuji.pages.assets import ASK_AGAIN, FOREVER, Assets
from wuji.pages.shell import say, shell
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugin, Plugins
from wuji.plugin.records import PublicPage
from wuji.tenancy.services.directory import get_tenant

plugin_pages = Blueprint("plugin_pages", __name__, template_folder="templates")
ABSENT = 404
TEXTS = "locales/"


@plugin_pages.get("/plugins/<plugin_id>/<version>/<path:name>")
def plugin_file(plugin_id: str, version: str, name: str) -> Response:
    """Built files where there are any, else those that were written by hand. Another version than the present one is gone."""
    made = deployment()
    plugin = made.part(Plugins).by_id.get(plugin_id)
    if plugin is None or plugin.manifest.version != version:
        raise not_found()
    cache = ASK_AGAIN if made.options.mode == "development" else FOREVER
    if name.startswith(TEXTS):
        return Assets(plugin.locales).send(request, name.removeprefix(TEXTS), cache)
    ui = plugin.found.beside("ui")
    return Assets(ui / "dist" if (ui / "dist").is_dir() else ui).send(request, name, cache)


@plugin_pages.get("/<tenant_code>/x/<plugin_id>", strict_slashes=False)
@plugin_pages.get("/<tenant_code>/x/<plugin_id>/<path:rest>")
def plugin_page(tenant_code: str, plugin_id: str, rest: str = "") -> Response:
    """A page as the plugin publishes it to this visitor; a page of its program alone has its name and nothing else."""
    try:
        with open_call("public", tenant_code) as call:
            tenant = get_tenant(call.session, tenant_code)
            plugin = _active(call, plugin_id)
            page = _ask(call, plugin, rest)
            title = page.title if page else _title(call, plugin, rest)
    except Problem as problem:
        if problem.status != ABSENT:
            raise
        g.account_locale = None  # as every other 404
        return shell("portal", "absent.html", title=say("absent"), status=ABSENT)
    if page is None:
        return shell("portal", "plugin.html", title=title, tenant=tenant, page=None)
    return _published(page, plugin, tenant)


def _active(call: Call, plugin_id: str) -> Plugin:
    if plugin_id not in call.deployment.part(ActiveSets).ids(call.session):
        raise not_found()
    return call.deployment.part(Plugins).by_id[plugin_id]


def _ask(call: Call, plugin: Plugin, path: str) -> PublicPage | None:
    """What is broken in a plugin shows as a page that is not there."""
    dispatcher, locale = call.deployment.part(Dispatcher), read_locale(request)
    answers = dispatcher.ask_one(plugin.id, "wuji_public_page", call.session, path=path, locale=locale)
    for name, page in answers.given:
        if page is None or isinstance(page, PublicPage):
            return page
        dispatcher.blame(name, "wuji_public_page", "gives something that is no PublicPage")
    return None


def _title(call: Call, plugin: Plugin, path: str) -> str:
    """Of a page that only the plugin's program fills. One with a variable part is there where the plugin publishes it, so it
    is not found here. Raises 404.
    """
    for ui in plugin.ui:
        for page in ui.pages:
            if page.surface != "portal" or page.path.strip("/") != path.strip("/"):
                continue
            if not page.sensitive or root_allows(call.session, page.sensitive):
                return call.deployment.texts.say(read_locale(request), page.title)
    raise not_found()


def _published(page: PublicPage, plugin: Plugin, tenant: Mapping[str, Any]) -> Response:
    code = page.code or tenant["code"]
    base = deployment().options.base_url
    address = f"{base}/{code}/x/{plugin.id}/{page.path}".rstrip("/")
    head = f'<link rel="canonical" href="{escape(address)}">'
    if page.image:
        head += f'<meta property="og:image" content="{escape(page.image)}">'
    response = shell(
        "portal",
        "plugin.html",
        title=page.title,
        description=page.description,
        head=head,
        tenant=tenant,
        page=page,
    )
    if page.modified_at:
        response.last_modified = page.modified_at
    return response
