"""The OpenAPI 3.1 document: what the front end's types, the isolation matrix and strangers' programs are made from."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, jsonify
from flask_smorest import Api

from wuji.kit.http.csrf import HEADER, SAFE
from wuji.kit.http.fields import ProblemOut

CONFIG = {
    "API_TITLE": "Wuji",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": None,  # served below, finished
}
PATH = "/api/v1/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


class ProblemApi(Api):
    """flask-smorest's Api without its own error format: errors.py answers."""

    ERROR_SCHEMA = ProblemOut

    def _register_error_handlers(self) -> None:
        """Every error is answered in one place, errors.py."""


def make_api(app: Flask) -> ProblemApi:
    app.config.update(CONFIG)
    return ProblemApi(app)


def serve_document(app: Flask, api: ProblemApi) -> None:
    """Builds the document once, at start: a route that cannot be documented stops the program and not a reader."""
    finished = finish(api.spec.to_dict())

    @app.get(PATH)
    def openapi_document() -> Response:
        response = jsonify(finished)
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    app.extensions["openapi"] = finished


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of a document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """Adds what holds for every operation: security, the request header, problem answers."""
    document["components"].setdefault("securitySchemes", {})["session"] = {
        "type": "apiKey",
        "in": "cookie",
        "name": "wuji",
    }
    document["components"]["securitySchemes"]["device"] = {"type": "http", "scheme": "bearer"}
    problem = {
        "description": "Problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
    }
    for _path, method, operation in operations(document):
        operation["security"] = [{}] if operation["x-permission"] == "public" else [{"session": []}]
        if operation.get("x-device"):
            operation["security"] = [{"device": []}]
        operation["responses"] = {
            status: answer
            for status, answer in operation["responses"].items()
            if status.isdecimal() and int(status) < 400  # noqa: PLR2004
        } | {"default": problem}
        if method.upper() not in SAFE and not operation.get("x-device"):
            header = {"name": HEADER, "in": "header", "required": True, "schema": {"const": "1"}}
            repeat = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
            operation.setdefault("parameters", []).extend((header, repeat))
    return document
