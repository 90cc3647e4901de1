"""The application under test: the one that web serves, on the test server's shared database, behind its checked wall."""

from flask import Flask

from wuji.app import create_app
from wuji.assembly import declared_wall, make_deployment
from wuji.kit.db.engine import make_engine
from wuji.kit.db.startup import refuse_to_start
from wuji.kit.options import Options, load
from wuji.testing.servers import Server


def make_app(server: Server, database: str | None = None, options: Options | None = None) -> Flask:
    """A Flask application with its own pool; dispose of `app.extensions["wuji"].engine` when done."""
    name = database or server.shared
    engine = make_engine(server.url("wuji_app", name), pool_size=8)
    refuse_to_start(engine, declared_wall(), server.url("wuji_system", name), server.url("wuji_owner", name))
    usual = load({"WUJI_MODE": "development", "WUJI_FILES_DIR": str(server.files)})
    app = create_app(make_deployment(options or usual, engine, server.seal))
    app.testing = False  # errors are answered as web answers them
    return app
