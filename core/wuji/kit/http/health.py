"""Whether the program lives, and whether it can serve: what a supervisor and a load balancer ask."""

import logging

from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from wuji.kit.deployment import Deployment

log = logging.getLogger(__name__)


def register_health(app: Flask, deployment: Deployment) -> None:
    """Says no more than yes or no: what is wrong stands in the log, and `wuji doctor` explains it."""

    @app.get("/healthz/live")
    def live() -> Response:
        return jsonify({"status": "ok"})

    @app.get("/healthz/ready")
    def ready() -> tuple[Response, int]:
        try:
            with deployment.engine.connect() as connection:
                connection.execute(text("select 1"))
        except SQLAlchemyError:
            log.exception("not ready: the database does not answer")
            return jsonify({"status": "unavailable"}), 503
        return jsonify({"status": "ok"}), 200
