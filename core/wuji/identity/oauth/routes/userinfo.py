"""Who allowed it (OpenID Connect Core, 5.3)."""

from http import HTTPStatus

import msgspec
from flask import Blueprint, Response, request

from wuji.identity.oauth.claims import about, subject
from wuji.identity.oauth.metadata import Metadata
from wuji.identity.oauth.routes.protocol import FORM, NEVER, answered
from wuji.identity.oauth.scopes import OPENID
from wuji.identity.oauth.services.keys import get_keys, sign
from wuji.identity.oauth.services.tokens import find_token
from wuji.kit.db.doors import by_public
from wuji.kit.http.proof import ProofError, shown_key
from wuji.kit.http.request import BEARER, DPOP, challenge, deployment, given_token

userinfo = Blueprint("oauth_userinfo", __name__)


@userinfo.route("/oauth/userinfo", methods=["GET", "POST"])
def show() -> Response:
    """Signed for a program that is registered so."""
    made, token = deployment(), _brought()
    with made.work(by_public(None), read_only=True) as session:
        told = find_token(session, made.seal, token) if token else None
    if told is None or told["kind"] != "access":
        return _refused("invalid_token" if token else "", HTTPStatus.UNAUTHORIZED)
    try:
        key = shown_key(made, token) if given_token(request)[0] == DPOP else None
    except ProofError as error:
        return _refused("invalid_dpop_proof", HTTPStatus.UNAUTHORIZED, str(error))
    if key != told["jkt"]:  # bound to another key, or to one and brought without, or to none
        return _refused("invalid_token", HTTPStatus.UNAUTHORIZED)
    if OPENID not in told["token_scopes"]:
        return _refused("insufficient_scope", HTTPStatus.FORBIDDEN)
    metadata = msgspec.convert(told["metadata"], Metadata)
    claims = {
        "sub": subject(made.seal, metadata, told["client_tenant"], told["account_id"]),
        **about(made, {**told, "scopes": told["token_scopes"]}, "userinfo"),
    }
    alg = metadata.userinfo_signed_response_alg
    if alg is None:
        return answered(claims)
    signed = sign(made, get_keys(made), {**claims, "iss": made.options.base_url, "aud": told["client_id"]}, alg)
    return Response(signed, headers=NEVER, mimetype="application/jwt")


def _brought() -> str:
    """In the header, or in the body of a form (RFC 6750, 2); in both it is none."""
    scheme, token = given_token(request)
    in_header = token if scheme in {BEARER, DPOP} else ""
    in_form = request.form.get("access_token", "") if request.method == "POST" and request.mimetype == FORM else ""
    return "" if in_header and in_form else in_header or in_form


def _refused(error: str, status: int, said: str = "") -> Response:
    """RFC 6750, 3: without a token nothing is said of an error."""
    told = {"error": error, "error_description": said}
    headers = {**NEVER, "WWW-Authenticate": challenge(error)}
    return answered({name: value for name, value in told.items() if value}, headers, status)
