"""The application under test: the one that web serves, on the test server's shared database, behind its checked wall."""

from flask import Flask

from wuji.app import create_app
from wuji.assembly import make_deployment
from wuji.installation import find_plugins, served
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import refuse_to_start
from wuji.kit.options import Options, load
from wuji.testing.plugins import plugin_options
from wuji.testing.servers import Server
from wuji.wall import declared_wall

BASE_URL = "http://localhost:8000"  # a name: passkeys are of a host, and an address is none


def make_app(server: Server, database: str | None = None, options: Options | None = None) -> Flask:
    """A Flask application with its own pool; dispose of `app.extensions["wuji"].engine` when done."""
    name = database or server.shared
    engine = make_engine(server.url("wuji_app", name), pool_size=8)
    place = {"WUJI_BASE_URL": BASE_URL, "WUJI_FILES_DIR": str(server.files)}
    usual = load({"WUJI_MODE": "development", **place, **plugin_options()})
    chosen = options or usual
    plugins = served(engine, find_plugins(chosen.plugins_dir))
    refuse_to_start(engine, declared_wall(plugins), server.url("wuji_system", name), server.url("wuji_owner", name))
    app = create_app(make_deployment(chosen, engine, server.seal, plugins))
    app.testing = False  # errors are answered as web answers them
    return app
