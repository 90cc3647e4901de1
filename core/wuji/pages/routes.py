"""Addresses of pages. Every shell is public; what it shows, it asks of the API as whoever looks at it."""

from flask import Blueprint, Flask, Response, request

from wuji.kit.http.request import open_call
from wuji.kit.options import CHECKOUT
from wuji.pages.app import WORKER, app_pages
from wuji.pages.assets import ASK_AGAIN, FOREVER, Assets
from wuji.pages.federating import federation_pages
from wuji.pages.oauth.authorizing import oauth_pages
from wuji.pages.oauth.devices import device_pages
from wuji.pages.oauth.entering import enter_pages
from wuji.pages.oauth.leaving import leave_pages
from wuji.pages.places import home_page, search_page
from wuji.pages.plugins import plugin_pages
from wuji.pages.problems import register_problems
from wuji.pages.shell import assets, register_shells, say, shell
from wuji.pages.squeeze import squeeze
from wuji.pages.theme import theme_sheet
from wuji.pages.unsubscribing import unsubscribe_page
from wuji.tenancy.services.directory import list_roots

pages = Blueprint("pages", __name__, template_folder="templates")


def register_pages(app: Flask) -> None:
    """Pages, and the files they are made of."""
    register_shells(app, Assets(CHECKOUT / "frontend" / "dist"))
    app.after_request(squeeze)  # runs last
    app.register_blueprint(pages)
    app.register_blueprint(app_pages)
    app.register_blueprint(plugin_pages)
    app.register_blueprint(unsubscribe_page)
    app.register_blueprint(oauth_pages)
    app.register_blueprint(enter_pages)
    app.register_blueprint(device_pages)
    app.register_blueprint(leave_pages)
    app.register_blueprint(federation_pages)
    register_problems(app)


@pages.get("/ui/<path:name>")
def asset(name: str) -> Response:
    """A script of these may be run as a worker, which lives by its own policy and not by the page's."""
    response = assets().send(request, name, FOREVER if name.startswith("assets/") else ASK_AGAIN)
    response.headers["Content-Security-Policy"] = WORKER
    return response


@pages.get("/sdk/v1/<name>.js")
def sdk(name: str) -> Response:
    return assets().send(request, f"sdk/v1/{name}.js", ASK_AGAIN)


@pages.get("/console")
@pages.get("/console/<path:rest>")
def console(rest: str = "") -> Response:
    """The console is an application: it needs JavaScript, and says so."""
    del rest
    return shell("console", "console.html", title=say("console"))


@pages.get("/screen/<tenant_code>")
def screen(tenant_code: str) -> Response:
    """A wall of a room: the program asks for everything that it shows, and for a login where there is none."""
    del tenant_code
    return shell("screen", "console.html", title=say("screen"))


@pages.get("/tv")
@pages.get("/tv/<path:rest>")
def tv(rest: str = "") -> Response:
    """The TV of a village hall, by arrow keys: what it shows, anybody may read."""
    del rest
    return shell("tv", "console.html", title=say("tv"))


@pages.get("/")
def choose() -> Response:
    """Where a visitor begins: the roots."""
    with open_call("public", None) as call:
        roots = list_roots(call.session)
    return shell("portal", "choose.html", title=say("choose"), description=say("about"), roots=roots)


@pages.get("/join")
def join() -> Response:
    """What joining is, how it goes and what it takes."""
    return _secretive(shell("portal", "join.html", title=say("join.title"), description=say("join.about")))


@pages.get("/login")
@pages.get("/link")
@pages.get("/invitation")
@pages.get("/register")
@pages.get("/me")
@pages.get("/me/inbox")
@pages.get("/me/inbox/settings")
def personal() -> Response:
    """Pages for one person each: what they are for stands in the HTML, the rest is asked of the API."""
    name = request.path[1:].replace("/", ".")
    title, about = say(f"{name}.title"), say(f"{name}.about")
    return _secretive(shell("portal", "personal.html", title=title, description=about, about=about))


def _secretive(response: Response) -> Response:
    """What follows # in these addresses is a secret; no other site is told that somebody stood there."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.get("/<tenant_code>/theme.css")
def theme(tenant_code: str) -> Response:
    return theme_sheet(tenant_code)


@pages.get("/<tenant_code>")
def home(tenant_code: str) -> Response:
    return home_page(tenant_code)


@pages.get("/<tenant_code>/search")
def search(tenant_code: str) -> Response:
    return search_page(tenant_code)
