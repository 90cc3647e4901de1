"""Login providers of a place: set by its officials, offered to whoever logs in there or below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import func, select, text

from wuji.identity.federation.models import LoginProvider
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import not_found
from wuji.kit.sealing import Vault
from wuji.tenancy.models import Tenant

MANAGE = "identity.login_provider.manage"
OIDC = "oidc"
PURPOSE = "login provider"
ADD = text(
    "select wuji.login_provider_add(:id, :kind, :name, :issuer, :client_id, cast(:options as jsonb), "
    ":admits, :is_on, :secret, :reason, :seal)"
)
CHANGE = text(
    "select wuji.login_provider_change(:id, :name, :client_id, cast(:options as jsonb), :admits, "
    ":is_on, :secret, :version, :reason, :seal)"
)
REMOVE = text("select wuji.login_provider_remove(:id, :reason, :seal)")
FIND = text("select * from wuji.login_provider_find(:id, :seal)")
refusals = partial(
    refusals_as,
    {},
    {
        "login_provider_version": ("kit.changed_meanwhile", 412),
        "login_provider_enough": ("identity.login_provider_enough", 409),
    },
)


@dataclass(frozen=True)
class Provider:
    """One that people can log in with now."""

    id: UUID
    kind: str
    name: str
    issuer: str
    client_id: str
    options: Mapping[str, Any]
    admits: str
    secret: str = field(repr=False)
    tenant_code: str

    @property
    def scope(self) -> str:
        found: str = self.options.get("scope", "openid profile")
        return found

    @property
    def strong(self) -> Sequence[str]:
        """What it calls two factors."""
        found: str = self.options.get("strong", "")
        return found.split()


def find_provider(session: ScopedSession, seal: Seal, provider_id: UUID) -> Provider:
    """Raises 404. Raises LostKeyError where its secret was sealed by another key."""
    row = (
        session.execute(FIND, {"id": provider_id, "seal": seal.over("login_provider_find", provider_id)})
        .mappings()
        .first()
    )
    if row is None:
        raise not_found()
    secret = Vault(seal, PURPOSE).open(str(provider_id), row["secret"]) if row["secret"] else ""
    return Provider(**{**row, "secret": secret})


def list_options(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """What the acting tenant and those above it offer, the nearest first: for everybody."""
    rows = session.execute(
        select(LoginProvider.id, LoginProvider.name, LoginProvider.kind, Tenant.name.label("tenant_name"))
        .join(Tenant, Tenant.id == LoginProvider.tenant_id)
        .where(LoginProvider.is_on, LoginProvider.tenant_id.in_(_here()))
        .order_by(Tenant.level.desc(), LoginProvider.created_at, LoginProvider.id)
    )
    return [dict(row) for row in rows.mappings()]


def _here() -> Any:
    """The acting tenant and all above it."""
    return select(func.unnest(Tenant.ancestors)).where(Tenant.id == func.wuji.scope_tenant())


def list_providers(session: ScopedSession) -> Sequence[Mapping[str, Any]]:
    """Those of the acting tenant itself, for whoever manages them."""
    rows = session.scalars(
        select(LoginProvider)
        .where(LoginProvider.tenant_id == session.actor.tenant_id)
        .order_by(LoginProvider.created_at, LoginProvider.id)
    )
    return [as_shown(row) for row in rows]


def get_provider(session: ScopedSession, provider_id: UUID) -> Mapping[str, Any]:
    """One of the acting tenant's own. Raises 404."""
    found = session.scalars(
        select(LoginProvider).where(LoginProvider.id == provider_id, LoginProvider.tenant_id == session.actor.tenant_id)
    ).one_or_none()
    if found is None:
        raise not_found()
    return as_shown(found)


def as_shown(row: LoginProvider) -> Mapping[str, Any]:
    same = ("id", "kind", "name", "issuer", "client_id", "admits", "is_on", "created_at", "version")
    return {
        **{name: getattr(row, name) for name in same},
        "scope": row.options.get("scope", "openid profile"),
        "extra": row.options.get("extra", ""),
        "strong": row.options.get("strong", ""),
    }


def add_provider(session: ScopedSession, deployment: Deployment, asked: Mapping[str, Any]) -> UUID:
    """At the acting tenant. Raises 409 where it has too many."""
    made, secret = uuid4(), asked.get("client_secret") or ""
    sealed = Vault(deployment.seal, PURPOSE).close(str(made), secret) if secret else None
    values = {
        "id": made,
        "kind": asked["kind"],
        "issuer": asked["issuer"],
        **_same(asked),
        "secret": sealed,
        "seal": deployment.seal.over("login_provider_add", made, asked["issuer"], asked["client_id"], sealed),
    }
    with refusals():
        session.execute(ADD, values)
    return made


def change_provider(
    session: ScopedSession, deployment: Deployment, provider_id: UUID, asked: Mapping[str, Any], *, version: int
) -> int:
    """Its new version. Without `client_secret` the one of before stays, an empty one takes it away. Raises 404, 412."""
    secret = asked.get("client_secret")
    sealed = (
        None
        if secret is None
        else b""
        if not secret
        else Vault(deployment.seal, PURPOSE).close(str(provider_id), secret)
    )
    values = {
        "id": provider_id,
        **_same(asked),
        "secret": sealed,
        "version": version,
        "seal": deployment.seal.over("login_provider_change", provider_id, asked["client_id"], sealed),
    }
    with refusals():
        changed: int = session.execute(CHANGE, values).scalar_one()
    return changed


def _same(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": asked["name"],
        "client_id": asked["client_id"],
        "options": msgspec.json.encode({name: asked[name] for name in ("scope", "extra", "strong")}).decode(),
        "admits": asked["admits"],
        "is_on": asked["is_on"],
        "reason": asked.get("reason", ""),
    }


def remove_provider(session: ScopedSession, seal: Seal, provider_id: UUID, *, reason: str = "") -> None:
    """Raises 404."""
    with refusals():
        session.execute(
            REMOVE, {"id": provider_id, "reason": reason, "seal": seal.over("login_provider_remove", provider_id)}
        )
