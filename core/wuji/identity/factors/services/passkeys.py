"""Passkeys (Web Authentication, Level 3): a key in a device that a finger, a face or a PIN opens. It proves two things at
once, so it stands in for the password, or comes after it.
"""

import base64
import binascii
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from sqlalchemy import text
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wuji.identity.factors.services.codes import ISSUER
from wuji.identity.factors.services.factors import (
    NEW_ID,
    Factor,
    acting_account,
    list_factors,
    put_recovery_codes,
    refusals,
    use_factor,
)
from wuji.identity.services.own import get_account
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, Problem, invalid
from wuji.kit.sealing import LostKeyError, Vault

log = logging.getLogger(__name__)
PURPOSE, ROW = "passkey", "ceremony"
GOOD = timedelta(minutes=5)  # for finding a security key
CHALLENGE = 32  # bytes; the standard asks for 16 (13.4.3)
SYNCED, BOUND, PRESENT, TWO_AT_ONCE = "swk", "hwk", "user", "mfa"  # RFC 8176
ADD = text(
    "select wuji.passkey_add(:id, :name, :credential, :key, :host, :count, :ways, :synced, :session_id, :amr, :seal)"
)
FIND = text("select * from wuji.passkey_find(:credential, :host, :seal)")
VERIFIED = UserVerificationRequirement.REQUIRED


class Ceremony(msgspec.Struct, frozen=True):
    """A challenge on its way, which nobody but us can make. `at`: when it was made (µs). `account_id`: who alone may meet it."""

    challenge: bytes
    at: int
    account_id: UUID | None = None


@dataclass(frozen=True)
class Proven:
    """Somebody who was proven by a passkey, and how (RFC 8176)."""

    account_id: UUID
    amr: Sequence[str]


def host_of(deployment: Deployment) -> str | None:
    """What passkeys are made for (RP ID); None where people use an address in place of a name, of which browsers make none."""
    host = urlsplit(deployment.options.base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host
    return None


def begin_passkey(session: ScopedSession, deployment: Deployment) -> Mapping[str, Any]:
    """What a browser makes one by, for the acting account. Raises 409 where there can be none."""
    account, had = get_account(session), _own(session, deployment, acting_account(session))
    ceremony = _challenge(deployment, account.id)
    options = generate_registration_options(
        rp_id=_demand_host(deployment),
        rp_name=ISSUER,
        user_id=account.id.bytes,
        user_name=account.login,
        user_display_name=account.name,
        challenge=ceremony.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[_descriptor(one) for one in had],
    )
    return _told(deployment, ceremony, options_to_json(options))


def add_passkey(
    session: ScopedSession, deployment: Deployment, name: str, ceremony: str, credential: Mapping[str, Any]
) -> list[str]:
    """What the browser made counts from now on. With the first second step come codes on paper. Raises 409, 422."""
    account_id, host = acting_account(session), _demand_host(deployment)
    begun = open_ceremony(deployment, ceremony, account_id)
    with _understood():
        read = parse_registration_credential_json(dict(credential))
        made = verify_registration_response(
            credential=read,
            expected_challenge=begun.challenge,
            expected_rp_id=host,
            expected_origin=_origin(deployment),
            require_user_verification=True,
        )
    synced = made.credential_device_type == "multi_device"
    first = not list_factors(session, deployment.seal, account_id)
    factor_id: UUID = session.execute(NEW_ID).scalar_one()
    values = {
        "id": factor_id,
        "name": name,
        "credential": made.credential_id,
        "key": made.credential_public_key,
        "host": host,
        "count": made.sign_count,
        "ways": sorted(way.value for way in read.response.transports or ()),
        "synced": synced,
        "session_id": session.actor.session_id,
        "amr": amr_of(synced=synced),
        "seal": deployment.seal.over("passkey_add", account_id, factor_id, made.credential_id),
    }
    with refusals():
        session.execute(ADD, values)
    return put_recovery_codes(session, deployment.seal) if first else []


def begin_proof(session: ScopedSession, deployment: Deployment, account_id: UUID | None) -> Mapping[str, Any]:
    """What a browser proves one by: of that account, or of whomever the person chooses. Raises 409 where there can be none."""
    had = _own(session, deployment, account_id) if account_id else []
    ceremony = _challenge(deployment, account_id)
    options = generate_authentication_options(
        rp_id=_demand_host(deployment),
        challenge=ceremony.challenge,
        allow_credentials=[_descriptor(one) for one in had],
        user_verification=VERIFIED,
    )
    return _told(deployment, ceremony, options_to_json(options))


def prove_passkey(
    session: ScopedSession, deployment: Deployment, ceremony: str, credential: Mapping[str, Any]
) -> Proven:
    """Whose it is. Raises 401, the same for every reason; 409 where it took too long, or there can be none."""
    host = _demand_host(deployment)
    begun = open_ceremony(deployment, ceremony)
    with _understood("identity.passkey_wrong"):
        read = parse_authentication_credential_json(dict(credential))
        seal = deployment.seal.over("passkey_find", read.raw_id, host)
        found = session.execute(FIND, {"credential": read.raw_id, "host": host, "seal": seal}).first()
        if found is None or begun.account_id not in (None, found.account_id):
            raise Problem("identity.passkey_wrong", 401)
        seen = verify_authentication_response(
            credential=read,
            expected_challenge=begun.challenge,
            expected_rp_id=host,
            expected_origin=_origin(deployment),
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    if not use_factor(session, deployment.seal, found.id, begun.at, seen.new_sign_count):
        raise Problem("identity.passkey_wrong", 401)
    return Proven(found.account_id, amr_of(synced=found.is_synced))


def amr_of(*, synced: bool) -> list[str]:
    """How somebody was proven: by a key that may lie in many devices, or in one; they were there, and opened it."""
    return [SYNCED if synced else BOUND, PRESENT, TWO_AT_ONCE]


def close_ceremony(deployment: Deployment, ceremony: Ceremony) -> str:
    closed = Vault(deployment.seal, PURPOSE).close(ROW, msgspec.json.encode(ceremony).decode())
    return base64.urlsafe_b64encode(closed).decode()


def open_ceremony(deployment: Deployment, text_: str, account_id: UUID | None = None) -> Ceremony:
    """`account_id`: of whom it must be. Raises 409 for what is over, of somebody else, or none of ours."""
    try:
        opened = Vault(deployment.seal, PURPOSE).open(ROW, base64.urlsafe_b64decode(text_))
        ceremony = msgspec.json.decode(opened, type=Ceremony)
    except (LostKeyError, binascii.Error, ValueError) as error:
        raise Problem("identity.passkey_over", 409) from error
    late = _micros(deployment.clock()) - ceremony.at > GOOD / timedelta(microseconds=1)
    if late or (account_id and ceremony.account_id != account_id):
        raise Problem("identity.passkey_over", 409)
    return ceremony


@contextmanager
def _understood(slug: str = "") -> Iterator[None]:
    """What a browser sends is wrong in many ways, and said in one: by the slug (401), or at the field (422)."""
    try:
        yield
    except WebAuthnException as error:
        log.info("a passkey was refused: %s", error)
        raise Problem(slug, 401) if slug else invalid(Fault("#/credential", "identity.invalid.passkey")) from error


def _challenge(deployment: Deployment, account_id: UUID | None) -> Ceremony:
    return Ceremony(secrets.token_bytes(CHALLENGE), _micros(deployment.clock()), account_id)


def _told(deployment: Deployment, ceremony: Ceremony, options: str) -> Mapping[str, Any]:
    return {"ceremony": close_ceremony(deployment, ceremony), "options": msgspec.json.decode(options)}


def _own(session: ScopedSession, deployment: Deployment, account_id: UUID) -> list[Factor]:
    host = host_of(deployment)
    return [one for one in list_factors(session, deployment.seal, account_id) if one.host and one.host == host]


def _descriptor(factor: Factor) -> PublicKeyCredentialDescriptor:
    ways = [AuthenticatorTransport(way) for way in factor.transports]
    return PublicKeyCredentialDescriptor(id=factor.credential_id or b"", transports=ways or None)


def _demand_host(deployment: Deployment) -> str:
    host = host_of(deployment)
    if host is None:
        raise Problem("identity.passkey_host", 409)
    return host


def _origin(deployment: Deployment) -> str:
    parts = urlsplit(deployment.options.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
