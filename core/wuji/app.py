"""Web's entry point: one Flask application for one deployment, behind the event loop."""

import os
import resource
from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from wuji.assembly import features, open_deployment, unopened_deployment
from wuji.identity.oauth.routes import PROTOCOL
from wuji.installation import find_plugins
from wuji.kit import tracing
from wuji.kit.asgi.bridge import Bridge
from wuji.kit.asgi.root import Root
from wuji.kit.db.doors import by_public
from wuji.kit.deployment import Deployment
from wuji.kit.http.errors import register_errors
from wuji.kit.http.health import register_health
from wuji.kit.http.json_provider import MsgspecProvider
from wuji.kit.http.openapi import make_api, serve_document
from wuji.kit.http.request import NO_TENANT, cookie_name, register_request
from wuji.kit.http.watching import register_watching
from wuji.kit.logs import start_logging
from wuji.kit.options import load
from wuji.live.hub import ActiveAt, Hub
from wuji.live.serving import PATH, Live
from wuji.live.topics import TOPICS, Topics
from wuji.pages.routes import register_pages
from wuji.plugin.plugins import NONE, Plugins
from wuji.screen.happenings import happenings_topic
from wuji.wall import find_logins

LIMIT = 1_000_000  # bytes of a JSON body; uploads have routes and limits of their own


def create_app(deployment: Deployment) -> Flask:
    """The application; whoever serves it has made sure before that the wall stands (assembly.open_deployment)."""
    app = Flask("wuji", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    app.json = MsgspecProvider(app)
    if hops := deployment.options.trusted_proxies:
        # without it every visitor has the proxy's address, and one who guesses passwords slows all others down
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["wuji"] = deployment
    register_request(app)
    register_watching(app, deployment)
    register_errors(app, deployment)
    register_health(app, deployment)
    api = make_api(app)
    for feature in features(deployment.part(Plugins)):
        feature.register(api)
    for blueprint in PROTOCOL:
        app.register_blueprint(blueprint)
    serve_document(app, api)
    register_pages(app)
    return app


def serve() -> Root:
    """What the web server calls, once per process. Refuses to start behind an open wall."""
    options = load(os.environ)
    start_logging(options)
    tracing.start(options, "web")
    logins = find_logins(options)
    deployment = open_deployment(options, logins)
    pages = Bridge(create_app(deployment), options.web_threads)
    # every open page is one descriptor, and the usual limit 1,024
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return Root(pages, {PATH: make_live(deployment, logins.live)} if logins.live else {}, tracing.end)


def make_live(deployment: Deployment, url: str) -> Live:
    """Live updates, with the login of that URL."""
    options, plugins = deployment.options, deployment.part(Plugins)
    topics = Topics(
        (*TOPICS, happenings_topic(plugins)), ((plugin.id, topic) for plugin in plugins for topic in plugin.live_topics)
    )
    hub = Hub(url, topics, active_at(deployment))
    cookie = cookie_name(options.base_url, options.port)
    return Live(hub, deployment.texts, cookie=cookie, proxies=options.trusted_proxies)


def active_at(deployment: Deployment) -> ActiveAt:
    """Whether a plugin is active at a tenant, as anybody may know; nothing is where there is no such tenant."""

    def ask(plugin: str, code: str) -> bool:
        try:
            with deployment.work(by_public(code), read_only=True) as session:
                return deployment.active(session, plugin)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == NO_TENANT:
                return False
            raise

    return ask


def make_document(*, core: bool = False) -> Mapping[str, Any]:
    """The OpenAPI document, without a database: of the core, and unless it alone is asked for, of every plugin that is found."""
    options = load({name: value for name, value in os.environ.items() if name == "WUJI_PLUGINS_DIR"})
    plugins = NONE if core else find_plugins(options.plugins_dir)
    document: Mapping[str, Any] = create_app(unopened_deployment(options, plugins)).extensions["openapi"]
    return document
