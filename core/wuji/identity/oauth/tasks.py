"""A person has logged out: programs that asked to hear of it are told (OpenID Connect Back-Channel Logout 1.0)."""

import logging
from datetime import datetime, timedelta
from http import HTTPStatus
from secrets import token_urlsafe
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from wuji.identity.oauth.claims import subject
from wuji.identity.oauth.services.clients import Client, find_client
from wuji.identity.oauth.services.keys import list_keys, sign
from wuji.kit.calling import Caller, CallFailedError
from wuji.kit.deployment import Run, Task, TryLaterError
from wuji.kit.outbound import InwardError
from wuji.work.registry import task

log = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
GOOD = timedelta(minutes=2)  # for a logout token (2.4)
PATIENCE = timedelta(hours=1)  # whoever does not answer for that long is not told
TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT})


class LogoutArgs(Struct):
    """Whom to tell of the end of which session. `at`: when it was seen."""

    client_id: str
    account_id: UUID
    session_id: UUID
    at: datetime


@task("identity.oauth_logout", LogoutArgs, limit=60, attempts=20)
def tell(run: Run, args: LogoutArgs) -> None:
    """Raises TryLaterError for whoever does not answer just now. One that refuses is asked once."""
    client = find_client(run.session, run.deployment.seal, args.client_id)
    address = client.metadata.backchannel_logout_uri if client else None
    if client is None or address is None:
        return None
    body = urlencode({"logout_token": logout_token(run, client, args)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        status = run.deployment.part(Caller).call("POST", address, body, headers).status
    except (InwardError, CallFailedError, OSError) as error:
        return again(run, args, str(error))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return again(run, args, f"answers {status}")
    if status not in TAKEN:
        log.warning("client %s does not take a logout: it answers %s", args.client_id, status)
    return None


def logout_token(run: Run, client: Client, args: LogoutArgs) -> str:
    """2.4. It has no nonce, so that nobody takes it for an ID token."""
    made, at = run.deployment, run.deployment.clock()
    claims = {
        "iss": made.options.base_url,
        "sub": subject(made.seal, client.metadata, client.tenant_id, args.account_id),
        "aud": client.client_id,
        "iat": int(at.timestamp()),
        "exp": int((at + GOOD).timestamp()),
        "jti": token_urlsafe(16),
        "events": {EVENT: {}},
        "sid": str(args.session_id),
    }
    keys = list_keys(run.session, made.seal)
    return sign(made, keys, claims, client.metadata.id_token_signed_response_alg, "logout+jwt")


def again(run: Run, args: LogoutArgs, said: str) -> None:
    """After as long again as it has taken so far."""
    waited = run.deployment.clock() - args.at
    if waited > PATIENCE:
        log.warning("client %s was not told of a logout: %s", args.client_id, said)
        return
    raise TryLaterError(f"client {args.client_id}: {said}", max(waited, timedelta(seconds=10)))


TASKS: tuple[Task, ...] = (tell,)
