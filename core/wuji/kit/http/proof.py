"""DPoP: whoever uses a token shows that they hold the key that it was given to (RFC 9449). A proof counts once."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from sqlalchemy import text

from wuji.kit.db.doors import by_public
from wuji.kit.deployment import Deployment

ALGORITHMS = ("ES256", "ES384", "RS256", "PS256", "EdDSA", "Ed25519")
FRESH = 60  # seconds between the proof's clock and ours
RSA_LENGTH = 342  # characters of a modulus of 2048 bits
MOST = 4000  # characters
PublicKey = ECKey | RSAKey | OKPKey
USE = text("select wuji.oauth_proof_use(:digest, :seconds, :seal)")


class ProofError(ValueError):
    """The text says what is wrong, in ASCII."""


@dataclass(frozen=True)
class Proof:
    """`jkt`: the thumbprint of the key (RFC 7638)."""

    jkt: str
    jti: str


def shown_key(made: Deployment, token: str | None = None) -> str | None:
    """The thumbprint of the key that this request shows by its header `DPoP`; None without one. With `token` the proof must be
    made for it. Raises ProofError.
    """
    sent = request.headers.getlist("DPoP")
    if not sent:
        return None
    if len(sent) > 1:
        raise ProofError("There is more than one DPoP header.")
    proof = read_proof(sent[0], request.method, f"{made.options.base_url}{request.path}", made.clock(), token)
    if not use_once(made, f"dpop {proof.jkt} {proof.jti}", 2 * FRESH):
        raise ProofError("The proof was used before.")
    return proof.jkt


def demand_key(made: Deployment, token: str) -> str:
    """The same where one must be shown, for that token. Raises ProofError."""
    key = shown_key(made, token)
    if key is None:
        raise ProofError("There is no DPoP header.")
    return key


def use_once(made: Deployment, what: str, seconds: int) -> bool:
    """Whether it comes for the first time; it is remembered that long, and whatever becomes of the request."""
    digest = hashlib.sha256(what.encode()).digest()
    with made.work(by_public(None)) as session:
        values = {"digest": digest, "seconds": seconds, "seal": made.seal.over("oauth_proof_use", digest)}
        first: bool = session.execute(USE, values).scalar_one()
    return first


def read_proof(sent: str, method: str, address: str, moment: datetime, token: str | None) -> Proof:
    """RFC 9449, 4.3. Raises ProofError."""
    key, claims = _opened(sent)
    if claims.get("htm") != method:
        raise ProofError("htm is not the method of this request.")
    if not isinstance(claims.get("htu"), str) or _plain(claims["htu"]) != _plain(address):
        raise ProofError("htu is not the address of this request.")
    at, jti = claims.get("iat"), claims.get("jti")
    if isinstance(at, bool) or not isinstance(at, int | float) or abs(moment.timestamp() - at) > FRESH:
        raise ProofError(f"iat is more than {FRESH} seconds from the clock of this server.")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 256:  # noqa: PLR2004
        raise ProofError("jti is missing, or longer than 256 characters.")
    if token is not None and claims.get("ath") != _digest(token):
        raise ProofError("ath is not the hash of the token.")
    return Proof(key.thumbprint(), jti)


def _opened(sent: str) -> tuple[PublicKey, dict[str, Any]]:
    """The proof's own key and what it says; the signature holds."""
    if len(sent) > MOST:
        raise ProofError("The proof is too long.")
    try:
        header = jws.extract_compact(sent.encode()).headers()
        key = public_key(header.get("jwk"))
        claims = dict(jwt.decode(sent, key, algorithms=list(ALGORITHMS)).claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProofError(
            f"The proof is no JWT, signed by {' '.join(ALGORITHMS)}, with its key in the header."
        ) from error
    if header.get("typ") != "dpop+jwt":
        raise ProofError("typ is not dpop+jwt.")
    return key, claims


def public_key(jwk: object) -> PublicKey:
    """An asymmetric key without its private part (RFC 7517). Raises ValueError or JoseError."""
    if not isinstance(jwk, dict) or jwk.get("kty") not in {"EC", "RSA", "OKP"}:
        raise ValueError("no key of EC, RSA or OKP")
    if jwk["kty"] == "RSA" and len(str(jwk.get("n"))) < RSA_LENGTH:
        raise ValueError("an RSA key of fewer than 2048 bits")
    key = JWKRegistry.import_key(jwk)
    if not isinstance(key, ECKey | RSAKey | OKPKey) or key.is_private:
        raise ValueError("no public key")
    return key


def _plain(address: str) -> tuple[str, str, int | None, str]:
    """Without query and fragment (RFC 9449, 4.2)."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ProofError("htu is no address.") from error
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme.lower(), (parts.hostname or "").lower(), port or usual, parts.path or "/"


def _digest(token: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
