"""Addresses of pages. Every shell is public; what it shows, it asks of the API as whoever looks at it."""

from flask import Blueprint, Flask, Response, request

from wuji.kit.http.request import open_call
from wuji.kit.options import CHECKOUT
from wuji.kit.problem import Problem
from wuji.pages.assets import ASK_AGAIN, FOREVER, Assets
from wuji.pages.shell import assets, register_shells, say, shell
from wuji.tenancy.services.directory import get_tenant, list_children, list_roots

pages = Blueprint("pages", __name__, template_folder="templates")
ABSENT = 404


def register_pages(app: Flask) -> None:
    """Pages, and the files they are made of."""
    register_shells(app, Assets(CHECKOUT / "frontend" / "dist"))
    app.register_blueprint(pages)


@pages.get("/ui/<path:name>")
def asset(name: str) -> Response:
    return assets().send(request, name, FOREVER if name.startswith("assets/") else ASK_AGAIN)


@pages.get("/sdk/v1/<name>.js")
def sdk(name: str) -> Response:
    return assets().send(request, f"sdk/v1/{name}.js", ASK_AGAIN)


@pages.get("/console")
@pages.get("/console/<path:rest>")
def console(rest: str = "") -> Response:
    """The console is an application: it needs JavaScript, and says so."""
    del rest
    return shell("console", "console.html", title=say("console"))


@pages.get("/")
@pages.get("/login")
@pages.get("/link/<token>")
def portal(token: str = "") -> Response:
    """Pages of the portal that belong to no tenant; they list the roots, where a visitor begins."""
    del token
    with open_call("public", None) as call:
        roots = list_roots(call.session)
    return shell("portal", "choose.html", title=say("choose"), description=say("about"), roots=roots)


@pages.get("/<tenant_code>")
@pages.get("/<tenant_code>/<path:rest>")
def tenant_page(tenant_code: str, rest: str = "") -> Response:
    """A tenant's pages: its name, its place in the tree and what lies below stand in the HTML."""
    del rest
    try:
        with open_call("public", tenant_code) as call:
            tenant = get_tenant(call.session, tenant_code)
            children = list_children(call.session, tenant_code)
    except Problem as problem:
        if problem.status != ABSENT:
            raise
        return shell("portal", "absent.html", title=say("absent"), status=ABSENT)
    about = say("tenant_about", {"name": tenant["name"]})
    return shell("portal", "tenant.html", title=tenant["name"], description=about, tenant=tenant, children=children)
