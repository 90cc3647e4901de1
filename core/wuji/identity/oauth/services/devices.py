"""Devices that cannot type a password: they show a code, somebody allows them on a phone, and they get tokens (RFC 8628)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidGrantError, InvalidScopeError
from sqlalchemy import text

from wuji.identity.oauth.scopes import in_order
from wuji.identity.oauth.services.clients import Client, find_client
from wuji.identity.oauth.services.consents import Place
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal, by_public
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import not_found

DEVICE_CODE, SECONDS, PAUSE = "odc", 600, 5
LETTERS, HALF = "BCDFGHJKLMNPQRSTVWXZ", 4  # no vowels, so that no word comes out (RFC 8628, 6.1); 20^8 codes
TRIES = 5
ADD = text("select wuji.oauth_device_add(:client, :device_hash, :user_hash, :scopes, :seconds, :pause, :seal)")
FIND = text("select * from wuji.oauth_device_find(:user_hash, :seal)")
DECIDE = text("select wuji.oauth_device_decide(:user_hash, :allow, :tenant, :name, :session_id, :seal)")
MINE = text("select * from wuji.oauth_devices_mine()")
END = text("select wuji.oauth_device_end(:id, :seal)")
MOST_NAME = 50
SAID: Mapping[str, OAuth2Error] = {
    "waiting": OAuth2Error("Nobody has decided yet.", error="authorization_pending"),
    "slow": OAuth2Error("Ask five seconds less often.", error="slow_down"),
    "denied": AccessDeniedError("The person did not allow it."),
    "expired": OAuth2Error("Begin again.", error="expired_token"),
}


@dataclass(frozen=True)
class Waiting:
    """A device that shows its code now."""

    client: Client
    scopes: Sequence[str]


def begin_device(deployment: Deployment, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
    """What the device shows, and what it asks with (RFC 8628, 3.2). Raises InvalidScopeError."""
    asked = in_order(params["scope"].split()) if "scope" in params else client.metadata.scopes
    scopes = [scope for scope in asked if scope in client.metadata.scopes]
    if not scopes:
        raise InvalidScopeError("None of these scopes can be asked for by this client.")
    device = make_token(DEVICE_CODE)
    for _ in range(TRIES):
        user = "".join(secrets.choice(LETTERS) for _ in range(2 * HALF))
        hashes = token_hash(device), token_hash(user)
        values = {"client": client.id, "device_hash": hashes[0], "user_hash": hashes[1], "scopes": scopes}
        seal = deployment.seal.over("oauth_device_add", client.id, *hashes)
        with deployment.work(by_public(None)) as session:
            if session.execute(ADD, {**values, "seconds": SECONDS, "pause": PAUSE, "seal": seal}).scalar_one():
                break
    shown, page = f"{user[:HALF]}-{user[HALF:]}", f"{deployment.options.base_url}/device"
    return {
        "device_code": device,
        "user_code": shown,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={shown}",
        "expires_in": SECONDS,
        "interval": PAUSE,
    }


def read_user_code(typed: str) -> str | None:
    """As people type it: any case, with or without what stands between. None where it can be none."""
    letters = "".join(letter for letter in typed.upper() if letter not in "-_. \u3000\u2014\u2013")
    return letters if len(letters) == 2 * HALF and set(letters) <= set(LETTERS) else None


def find_waiting(session: ScopedSession, seal: Seal, user_code: str) -> Waiting | None:
    """The device that shows that code now."""
    hashed = token_hash(user_code)
    sealed = seal.over("oauth_device_find", session.actor.account_id, hashed)
    row = session.execute(FIND, {"user_hash": hashed, "seal": sealed}).first()
    client = find_client(session, seal, row.client_id) if row else None
    return Waiting(client, row.scopes) if row and client else None


def decide_device(
    session: ScopedSession, seal: Seal, user_code: str, place: Place | None, name: str, *, allow: bool
) -> bool:
    """The acting account allows the device, which it calls so, or does not. False where nobody waits with that code any more."""
    hashed, tenant = token_hash(user_code), place.tenant_id if place else None
    values = {
        "user_hash": hashed,
        "allow": allow,
        "tenant": tenant,
        "name": name,
        "session_id": session.actor.session_id,
    }
    sealed = seal.over("oauth_device_decide", session.actor.account_id, hashed, int(allow), tenant)
    done: bool = session.execute(DECIDE, {**values, "seal": sealed}).scalar_one()
    return done


def list_devices(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Devices that may do something in the acting account's name, the newest first."""
    return [dict(row) for row in session.execute(MINE).mappings()]


def end_device(session: ScopedSession, seal: Seal, device_id: UUID) -> None:
    """It may do nothing any more, at once. Raises 404 where it is none of the acting account's."""
    sealed = seal.over("oauth_device_end", session.actor.account_id, device_id)
    if not session.execute(END, {"id": device_id, "seal": sealed}).scalar_one():
        raise not_found()


def refuse_device(outcome: str) -> OAuth2Error:
    """What a device is told that may not go on (RFC 8628, 3.5)."""
    return SAID.get(outcome) or InvalidGrantError("It was used, is over, or is not this client's.")
