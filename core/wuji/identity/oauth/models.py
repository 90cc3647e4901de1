"""Programs of others, what people allowed them, and the tokens that came of it. No token, code or secret is kept, only sha256."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Labels, Made, Model, Owned, Versioned, Wall, Words

SYSTEM = Wall(kind="system", key=False, versioned=False, definer="select insert update delete")


class OAuthKey(Model):
    """A pair of keys that tokens are signed with (RFC 7517). The private one is sealed. Which one signs follows from the times:
    the newest of its algorithm whose time has come.
    """

    __tablename__ = "oauth_key"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (UniqueConstraint("alg", "generation"),)

    kid: Mapped[Words] = mapped_column(primary_key=True)
    alg: Mapped[Words]
    generation: Mapped[int]
    public: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private: Mapped[bytes]
    published_at: Mapped[Made]
    signs_from: Mapped[At]


class OAuthClient(Owned, Versioned, Model):
    """A program of somebody else, registered by a tenant; it sees nothing outside that tenant's subtree."""

    __tablename__ = "oauth_client"
    __wall__ = Wall(kind="tenant", write="select", definer="select insert update")
    __rules__ = (
        CheckConstraint("length(name) between 1 and 100", name="name"),
        CheckConstraint("length(metadata::text) <= 20000", name="metadata"),
        Index(None, "account_id"),
        Index(None, "created_by"),
    )

    id: Mapped[Key]
    client_id: Mapped[Words] = mapped_column(unique=True)
    name: Mapped[Words]
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    secret_hash: Mapped[bytes | None]
    old_hash: Mapped[bytes | None]
    old_until: Mapped[At | None]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))  # whom it is without a person
    created_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    revoked_at: Mapped[At | None]
    registration_hash: Mapped[bytes | None]  # of what it may change itself with (RFC 7592)


class OAuthInvitation(Owned, Versioned, Model):
    """Lets programs register themselves at a tenant (an initial access token, RFC 7591). `uses`: how many still may."""

    __tablename__ = "oauth_invitation"
    __wall__ = Wall(kind="tenant", write="select", definer="select insert update")
    __rules__ = (CheckConstraint("uses >= 0", name="uses"), Index(None, "created_by"))

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    uses: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    expires_at: Mapped[At]


class OAuthConsent(Model):
    """What a person allows a program, at which of their tenants. Asked once, until it is withdrawn or the program wants more."""

    __tablename__ = "oauth_consent"
    __wall__ = Wall(
        kind="account",
        own="account_id",
        key=False,
        versioned=False,
        write="select",
        definer="select insert update delete",
    )
    __rules__ = (UniqueConstraint("account_id", "client_id"), Index(None, "client_id"), Index(None, "tenant_id"))

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_client.id"))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    scopes: Mapped[Labels]
    given_at: Mapped[Made]
    withdrawn_at: Mapped[At | None]


class OAuthFamily(Model):
    """All tokens that come of one act of allowing; they end together. Without `offline` they end with the person's session."""

    __tablename__ = "oauth_family"
    __wall__ = SYSTEM
    __rules__ = (
        Index(None, "client_id", "used_at"),
        Index(None, "account_id"),
        Index(None, "session_id"),
        Index(None, "tenant_id"),
        Index(None, "ends_at"),
    )

    id: Mapped[Key]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_client.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    session_id: Mapped[UUID | None]
    scopes: Mapped[Labels]
    offline: Mapped[bool] = mapped_column(server_default=text("false"))
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # nonce, claims: what tokens must repeat
    auth_time: Mapped[At | None]
    acr: Mapped[Words] = mapped_column(server_default="")
    amr: Mapped[Labels]
    began_at: Mapped[Made]
    used_at: Mapped[Made]
    ends_at: Mapped[At]
    revoked_at: Mapped[At | None]
    jkt: Mapped[Words | None]  # thumbprint of the key that its refresh tokens are bound to (RFC 9449, 5)
    device: Mapped[Words] = mapped_column(server_default="")  # what its person calls the device that was allowed
    left_at: Mapped[At | None]  # when its program was to be told that the session is over


class OAuthCode(Model):
    """An authorization code: redeemed once, within a minute."""

    __tablename__ = "oauth_code"
    __wall__ = SYSTEM
    __rules__ = (Index(None, "family_id"), Index(None, "expires_at"))

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_family.id", ondelete="CASCADE"))
    redirect_uri: Mapped[Words]
    challenge: Mapped[Words]
    expires_at: Mapped[At]
    used_at: Mapped[At | None]


class OAuthToken(Model):
    """An access or refresh token."""

    __tablename__ = "oauth_token"
    __wall__ = SYSTEM
    __rules__ = (
        CheckConstraint("kind in ('access', 'refresh')", name="kind"),
        Index(None, "family_id"),
        Index(None, "expires_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_family.id", ondelete="CASCADE"))
    kind: Mapped[Words]
    scopes: Mapped[Labels]
    issued_at: Mapped[Made]
    expires_at: Mapped[At]
    used_at: Mapped[At | None]
    revoked_at: Mapped[At | None]
    jkt: Mapped[Words | None]  # of the key without which it is worth nothing


class OAuthProof(Model):
    """A proof or assertion that counts once, by the sha256 of who made it and its `jti`, until it would be too old anyway."""

    __tablename__ = "oauth_proof"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (Index(None, "expires_at"),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[At]


class OAuthPushed(Model):
    """A request that a program sent beforehand, behind people's backs and browsers (RFC 9126)."""

    __tablename__ = "oauth_pushed"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (
        CheckConstraint("length(params::text) <= 20000", name="params"),
        Index(None, "client_id"),
        Index(None, "expires_at"),
    )

    request_hash: Mapped[bytes] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_client.id"))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    expires_at: Mapped[At]


class OAuthDevice(Model):
    """A device that waits for somebody to allow it: it knows one code and shows another. `pause`: seconds between questions."""

    __tablename__ = "oauth_device"
    __wall__ = SYSTEM
    __rules__ = (
        CheckConstraint("state in ('waiting', 'allowed', 'denied', 'used')", name="state"),
        Index(None, "client_id"),
        Index(None, "family_id"),
        Index(None, "expires_at"),
    )

    device_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_hash: Mapped[bytes] = mapped_column(unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.oauth_client.id"))
    scopes: Mapped[Labels]
    state: Mapped[Words] = mapped_column(server_default="waiting")
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.oauth_family.id", ondelete="CASCADE"))
    pause: Mapped[int]
    polled_at: Mapped[At | None]
    expires_at: Mapped[At]
