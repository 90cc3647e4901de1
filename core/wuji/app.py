"""Web's entry point: one Flask application for one deployment."""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from wuji.assembly import features, open_deployment, unopened_deployment
from wuji.installation import find_plugins
from wuji.kit.deployment import Deployment
from wuji.kit.http.errors import register_errors
from wuji.kit.http.health import register_health
from wuji.kit.http.json_provider import MsgspecProvider
from wuji.kit.http.openapi import make_api, serve_document
from wuji.kit.http.request import register_request
from wuji.kit.options import load
from wuji.pages.routes import register_pages
from wuji.plugin.plugins import NONE, Plugins
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
    register_errors(app, deployment)
    register_health(app, deployment)
    api = make_api(app)
    for feature in features(deployment.part(Plugins)):
        feature.register(api)
    serve_document(app, api)
    register_pages(app)
    return app


def serve() -> Flask:
    """What the web server calls, once per process. Refuses to start behind an open wall."""
    options = load(os.environ)
    return create_app(open_deployment(options, find_logins(options)))


def make_document(*, core: bool = False) -> Mapping[str, Any]:
    """The OpenAPI document, without a database: of the core, and unless it alone is asked for, of every plugin that is found."""
    options = load({name: value for name, value in os.environ.items() if name == "WUJI_PLUGINS_DIR"})
    plugins = NONE if core else find_plugins(options.plugins_dir)
    document: Mapping[str, Any] = create_app(unopened_deployment(options, plugins)).extensions["openapi"]
    return document
