"""The browser that somebody goes to a provider with: only the same one may come back."""

import secrets

from flask import Response, request

from wuji.identity.federation.services.coming import SECONDS
from wuji.kit.deployment import Deployment
from wuji.kit.http.request import cookie_name


def _name(deployment: Deployment) -> str:
    return f"{cookie_name(deployment.options.base_url, deployment.options.port)}-way"


def find_browser(deployment: Deployment) -> str:
    """What this browser is known by while it is on the way; a new word where it is not."""
    return request.cookies.get(_name(deployment), "") or secrets.token_urlsafe(24)


def put_browser(deployment: Deployment, response: Response, browser: str) -> Response:
    """For as long as somebody may take. Lax: a provider leads back from another site."""
    secure = deployment.options.base_url.startswith("https:")
    response.set_cookie(
        _name(deployment), browser, path="/", secure=secure, httponly=True, samesite="Lax", max_age=SECONDS
    )
    return response
