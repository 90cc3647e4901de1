"""The link at the end of a letter. Opening it changes nothing, since programs open links to look at them; the button does, and so
does what a mail program sends by itself (RFC 8058).
"""

from http import HTTPStatus

from flask import Blueprint, Response, request

from wuji.inbox.services.unsubscribing import unsubscribe
from wuji.kit.db.doors import by_public
from wuji.kit.http.limits import UNSAFE, limit_address
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment
from wuji.pages.shell import say, still

unsubscribe_page = Blueprint("unsubscribe_page", __name__, template_folder="templates")
PARTS = ("address", "topic", "proof")


@unsubscribe_page.get("/unsubscribe")
def ask() -> Response:
    """What the button would do."""
    return _page("ask")


@unsubscribe_page.post("/unsubscribe")
def end() -> Response:
    """Neither cookie nor form field is asked for: the link itself is the proof, and whoever holds it may end such letters."""
    made = deployment()
    limit_address(made, UNSAFE)
    address, topic, proof = (request.args.get(part, "") for part in PARTS)
    with made.work(by_public(None)) as session:
        done = unsubscribe(session, made.seal, address, topic, proof)
    return _page("done") if done else _page("unfit", HTTPStatus.NOT_FOUND)


def _page(part: str, status: int = HTTPStatus.OK) -> Response:
    html, policy = still("unsubscribe.html", title=say(f"unsubscribe.{part}.title"), part=part)
    headers = {
        "Content-Security-Policy": f"{policy}; form-action 'self'",
        "Content-Language": read_locale(request),
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language, Cookie",
        "X-Robots-Tag": "noindex",
    }
    return Response(html, status, headers, mimetype="text/html")
