"""The product's own application on the loaded database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from tests.scale.caller import Caller
from tests.scale.ground import Ground

from wuji.kit.http.request import cookie_name, deployment
from wuji.testing.application import make_app


@contextmanager
def open_application(ground: Ground) -> Iterator[tuple[Caller, Engine]]:
    """How to ask it, and its pool."""
    app = make_app(ground.server)
    with app.app_context():
        made = deployment()
    yield Caller(app, cookie_name(made.options.base_url, made.options.port)), made.engine
    made.engine.dispose()
