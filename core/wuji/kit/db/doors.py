"""The four doors: how a transaction gets its scope. Each brings a proof that injected SQL does not hold (design: the
wall).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text
from sqlalchemy.sql.elements import TextClause


@dataclass(frozen=True)
class Actor:
    """Account, acting tenant and permissions of one call, as the door signed them. Services take an actor, never "the
    current user".
    """

    account_id: UUID | None
    account_name: str | None
    locale: str | None
    session_id: UUID | None
    tenant_id: int | None
    tenant_code: str | None
    tenant_name: str | None
    root_id: int | None
    level: int | None
    ranged: bool
    held: bool
    operator: bool
    permissions: frozenset[str]
    scopes: frozenset[str] | None = None  # OAuth's, of a program that acts for the account; None: the account itself
    weak: str | None = None  # what is missing where the place asks officials for more
    auth_time: datetime | None = None
    acr: str | None = None

    def may(self, permission: str) -> bool:
        """True where a live grant at the acting tenant or above carries the permission."""
        return permission in self.permissions or "*" in self.permissions


@dataclass(frozen=True)
class Door:
    """A way in. Values are bound parameters: a literal would stand in pg_stat_activity for every other connection of the
    login.
    """

    statement: TextClause = field(repr=False)
    values: Mapping[str, object] = field(repr=False)

    def open(self, connection: Connection) -> Actor:
        return _actor(connection.execute(self.statement, self.values).one())


def _actor(row: Row[tuple[object, ...]]) -> Actor:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    scopes = values.get("scopes")
    narrowed = None if scopes is None else frozenset(scopes)
    return Actor(**{**values, "permissions": frozenset(values["permissions"] or ()), "scopes": narrowed})


_SESSION = text("select * from wuji.enter_session(:token_hash, :code)")
_BEARER = text("select * from wuji.enter_bearer(:token_hash, :code)")
_BOUND = text("select * from wuji.enter_bound(:token_hash, :code, :jkt)")
_PUBLIC = text("select * from wuji.enter_public(:code)")
_JOB = text("select * from wuji.enter_job(:job_id, :secret)")
_SYSTEM = text("select * from wuji.enter_system()")


def by_session(token: str, code: str | None) -> Door:
    """With a session's cookie; without a code as the account itself, or as the operator."""
    return Door(_SESSION, {"token_hash": hashlib.sha256(token.encode()).digest(), "code": code})


def by_bearer(token: str, code: str | None) -> Door:
    """With the access token of a program that acts for an account; without a code as the account itself."""
    return Door(_BEARER, {"token_hash": hashlib.sha256(token.encode()).digest(), "code": code})


def by_bound(token: str, code: str | None, jkt: str) -> Door:
    """With an access token that is bound to a key, by whoever was seen to hold the key of that thumbprint (RFC 9449)."""
    return Door(_BOUND, {"token_hash": hashlib.sha256(token.encode()).digest(), "code": code, "jkt": jkt})


def by_public(code: str | None) -> Door:
    """Anonymous; without a code only what everybody may see."""
    return Door(_PUBLIC, {"code": code})


def by_job(job_id: UUID, secret: bytes) -> Door:
    """With the lease secret of a claimed job."""
    return Door(_JOB, {"job_id": job_id, "secret": secret})


def by_system() -> Door:
    """With the system login itself: relay and command line."""
    return Door(_SYSTEM, {})


@dataclass(frozen=True)
class Seal:
    """Proof for definer functions that open sessions or touch secrets: the program asks, not SQL that slipped into a
    request (RFC 2104).
    """

    key: bytes = field(repr=False)

    def over(self, *parts: object) -> bytes:
        """HMAC-SHA-256 over the parts as PostgreSQL's format('%s|%s') prints them: bytes as hex, times as whole seconds,
        null as nothing.
        """
        return hmac.digest(self.key, "|".join(_printed(part) for part in parts).encode(), "sha256")


def _printed(part: object) -> str:
    match part:
        case None:
            return ""
        case bytes():
            return part.hex()
        case datetime():
            return str(int(part.timestamp()))
        case list() | tuple():  # an array of bytea as text: {"\\x01","\\x02"}
            return "{" + ",".join(f'"\\\\x{item.hex()}"' for item in part) + "}"
        case _:
            return str(part)
