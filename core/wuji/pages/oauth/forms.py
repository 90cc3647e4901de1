"""What such forms carry: the program's request, sealed, so that a person may log in between; and the proof that they are ours."""

import base64
import binascii
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec
from flask import Response, request

from wuji.kit.deployment import Deployment
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import cookie_name
from wuji.kit.problem import Problem
from wuji.kit.sealing import LostKeyError, Vault
from wuji.pages.shell import say, still

PURPOSE, ROW = "oauth request", "authorize"
KEPT = timedelta(minutes=30)  # for which somebody may take to log in and decide
MOST = 8000  # bytes of a sealed request in an address
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
    "X-Robots-Tag": "noindex",
}


class Carried(msgspec.Struct, frozen=True):
    """A program's request on its way. `at`: when it came; `again`: when the person was asked to prove themselves once more;
    `pushed`: the program had sent it beforehand.
    """

    params: dict[str, str]
    at: int
    again: int | None = None
    pushed: bool = False

    @property
    def asked_again(self) -> datetime | None:
        return datetime.fromtimestamp(self.again, UTC) if self.again else None


def carry(deployment: Deployment, carried: Carried) -> str:
    """As text for an address or a form's field. Raises Problem where it is too long."""
    closed = Vault(deployment.seal, PURPOSE).close(ROW, msgspec.json.encode(carried).decode())
    text = base64.urlsafe_b64encode(closed).decode()
    if len(text) > MOST:
        raise Problem("identity.oauth_request_over", 400)
    return text


def uncarry(deployment: Deployment, text: str) -> Carried:
    """Raises Problem for what is not ours, or is over."""
    try:
        opened = Vault(deployment.seal, PURPOSE).open(ROW, base64.urlsafe_b64decode(text))
    except (LostKeyError, binascii.Error, ValueError) as error:
        raise Problem("identity.oauth_request_over", 400) from error
    carried = msgspec.json.decode(opened, type=Carried)
    if deployment.clock() - datetime.fromtimestamp(carried.at, UTC) > KEPT:
        raise Problem("identity.oauth_request_over", 400)
    return carried


def form_cookie(deployment: Deployment) -> str:
    """Binds forms to the browser that they were sent to, also before anybody has logged in."""
    return f"{cookie_name(deployment.options.base_url, deployment.options.port)}-form"


def proof(deployment: Deployment, browser: str, form: str) -> str:
    """The field `_csrf` of a form in that browser, good for as long as a request is kept."""
    made = int(deployment.clock().timestamp())
    return f"{made}.{_over(deployment, browser, form, made)}"


def _over(deployment: Deployment, browser: str, form: str, made: int) -> str:
    return base64.urlsafe_b64encode(deployment.seal.over("form", browser, form, made)[:18]).decode()


def demand_form(deployment: Deployment, form: str) -> None:
    """Raises 403 where another site's page, or none of ours, sent the form."""
    origin, site = request.headers.get("Origin", "null"), request.headers.get("Sec-Fetch-Site", "none")
    if site not in {"same-origin", "none"} or (origin != "null" and urlsplit(origin).netloc != request.host):
        raise Problem("kit.other_site", 403)
    made, _, given = request.form.get("_csrf", "").partition(".")
    browser = request.cookies.get(form_cookie(deployment), "")
    if not (browser and made.isascii() and made.isdecimal() and len(made) < 12):  # noqa: PLR2004 - seconds
        raise Problem("identity.oauth_form_over", 403)
    fits = hmac.compare_digest(_over(deployment, browser, form, int(made)).encode(), given.encode())
    if not fits or deployment.clock() - datetime.fromtimestamp(int(made), UTC) > KEPT:
        raise Problem("identity.oauth_form_over", 403)


def page(
    deployment: Deployment, form: str, *, status: int = HTTPStatus.OK, sends_to: str = "", **values: Any
) -> Response:
    """A page with one form. `sends_to`: where the browser will be sent on to after it, which its policy must allow too."""
    browser = request.cookies.get(form_cookie(deployment)) or secrets.token_urlsafe(24)
    html, policy = still(
        f"oauth_{form}.html", title=say(f"oauth.{form}.title"), csrf=proof(deployment, browser, form), **values
    )
    parts = urlsplit(sends_to)
    after = f" {parts.scheme}://{parts.netloc}" if parts.netloc else f" {parts.scheme}:" if parts.scheme else ""
    headers = {
        **HEADERS,
        "Content-Security-Policy": f"{without_form_action(policy)}; form-action 'self'{after}",
        "Content-Language": read_locale(request),
    }
    response = Response(html, status, headers, mimetype="text/html")
    secure = deployment.options.base_url.startswith("https:")
    response.set_cookie(
        form_cookie(deployment), browser, path="/", secure=secure, httponly=True, samesite="Lax",
        max_age=int(KEPT.total_seconds()),
    )  # fmt: skip
    return response


def without_form_action(policy: str) -> str:
    """Of a directive that stands there twice the first one counts (CSP Level 3, 2.2)."""
    return "; ".join(part for part in policy.split("; ") if not part.startswith("form-action"))


def sent_on(address: str, **headers: str) -> Response:
    """303: whatever was posted is not posted again."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": address, **headers})
