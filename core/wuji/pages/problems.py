"""A person's browser is told what went wrong by a page, never by problem+json."""

import msgspec
from flask import Flask, Response, request

from wuji.kit.http.errors import MEDIA
from wuji.pages.shell import still

API = "/api/"
HTML, JSON = "text/html", "application/json"


def register_problems(app: Flask) -> None:
    app.after_request(as_page)


def as_page(response: Response) -> Response:
    """The same words, status and headers; outside the API, for whoever would rather read HTML."""
    if response.mimetype != MEDIA or request.path.startswith(API):
        return response
    response.vary.add("Accept")
    accepted = request.accept_mimetypes
    if accepted[HTML] > accepted[JSON]:
        told = msgspec.json.decode(response.get_data())
        html, policy = still("problem.html", title=told["title"], detail=told["detail"])
        response.set_data(html)
        response.mimetype = HTML
        response.headers["Content-Security-Policy"] = policy
    return response
