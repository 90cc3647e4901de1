"""From the side of whoever applies: with or without an account, and afterwards with the application's token."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, text

from wuji.identity.services.accounts import LINK_LIVES
from wuji.kit.address import network
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, Problem, invalid
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.services.directory import get_tenant
from wuji.tenancy.services.tree import check_code, place_level

ADD = text("select wuji.application_add(:parent, cast(:wish as jsonb), :token_hash, :address, :seal)")
FIND = text("select * from wuji.application_find(:token_hash)")
AMEND = text("select wuji.application_amend(:token_hash, cast(:wish as jsonb), :seal)")
WITHDRAW = text("select wuji.application_withdraw(:token_hash, :seal)")
LINK = text("select wuji.application_link(:token_hash, :link_hash, :expires_at, :seal)")
Parent = Row[*tuple[Any, ...]]
CHANGEABLE = {"open", "rejected"}
GONE = "kit.not_found"


def apply(session: ScopedSession, seal: Seal, address: str, asked: Mapping[str, Any]) -> str:
    """The token to come back with; it is shown once. Raises 422 for what no reviewer could accept, 429 for too many at once."""
    parent = _find_parent(session, asked["parent_code"])
    wish = _fitting(session, parent, asked)
    token = make_token("application")
    hashed, key = token_hash(token), _address_key(address)
    place = parent.id if parent else None
    sealed = seal.over("application_add", place, hashed, key)
    values = {"parent": place, "wish": json.dumps(wish), "token_hash": hashed, "address": key, "seal": sealed}
    _wait(session.execute(ADD, values).scalar_one())
    return token


def get_own_application(session: ScopedSession, token: str) -> Mapping[str, Any]:
    """What became of an application. Raises 404 for a token that is none."""
    found = session.execute(FIND, {"token_hash": token_hash(token)}).mappings().first()
    if found is None:
        raise Problem("onboarding.no_application", 404)
    parent = {"code": found["parent_code"], "name": found["parent_name"]} if found["parent_code"] else None
    return {**found, "parent": parent}


def fetch_link(session: ScopedSession, deployment: Deployment, token: str) -> Mapping[str, Any] | None:
    """The link that sets the new head's password. Whoever holds the token gets it once; nobody else ever does."""
    link = make_token("link")
    asked, hashed, expires_at = token_hash(token), token_hash(link), deployment.clock() + LINK_LIVES
    sealed = deployment.seal.over("application_link", asked, hashed)
    values = {"token_hash": asked, "link_hash": hashed, "expires_at": expires_at, "seal": sealed}
    if not session.execute(LINK, values).scalar_one():
        return None
    return {"link": f"{deployment.options.base_url}/link#{link}", "expires_at": expires_at}


def amend(session: ScopedSession, seal: Seal, token: str, asked: Mapping[str, Any]) -> None:
    """Changes an open application; a rejected one asks again. Raises 409 for one that is over, 429 for too many at once."""
    found = _get_changeable(session, token)
    wish = _fitting(session, _find_parent(session, found["parent_code"]), asked)
    hashed = token_hash(token)
    values = {"token_hash": hashed, "wish": json.dumps(wish), "seal": seal.over("application_amend", hashed)}
    seconds: int | None = session.execute(AMEND, values).scalar_one()
    if seconds is None:  # decided a moment ago
        raise Problem("kit.changed_meanwhile", 412)
    _wait(seconds)


def withdraw(session: ScopedSession, seal: Seal, token: str) -> None:
    """Raises 409 for an application that is over."""
    _get_changeable(session, token)
    hashed = token_hash(token)
    values = {"token_hash": hashed, "seal": seal.over("application_withdraw", hashed)}
    if not session.execute(WITHDRAW, values).scalar_one():
        raise Problem("kit.changed_meanwhile", 412)


def _get_changeable(session: ScopedSession, token: str) -> Mapping[str, Any]:
    found = get_own_application(session, token)
    if found["state"] not in CHANGEABLE:
        raise Problem("onboarding.application_over", 409)
    return found


def _find_parent(session: ScopedSession, code: str | None) -> Parent | None:
    """None for a root. Raises 422 for a code at which nobody can join: unknown, or suspended there or above."""
    if code is None:
        return None
    try:
        get_tenant(session, code)
    except Problem as problem:
        if problem.slug != GONE:
            raise
        raise invalid(Fault("#/parent_code", "onboarding.invalid.no_parent")) from problem
    return session.execute(
        select(Tenant.id, Tenant.level, Tenant.ancestors)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(TenantCode.code == code, TenantCode.valid_to.is_(None))
    ).one()


def _fitting(session: ScopedSession, parent: Parent | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an application. Raises 422 where no such tenant can be made now, as adding one would."""
    if parent is None and asked["category"] != "territory":
        raise invalid(Fault("#/category", "onboarding.invalid.root_category"))
    level = place_level(parent, asked["category"], asked.get("level"))
    check_code(session, asked["code"], asked["category"], level, parent.ancestors if parent else ())
    taken = select(TenantCode.id).where(TenantCode.code == asked["code"], TenantCode.valid_to.is_(None))
    if session.execute(taken).first():
        raise invalid(Fault("#/code", "tenancy.invalid.code_taken"))
    contact = {name: asked.get(name, "") for name in ("contact_name", "contact_phone", "contact_email")}
    place = {"name": asked["name"], "code": asked["code"], "level": level, "category": asked["category"]}
    return {**place, **contact, "wish": asked["reason"]}


def _address_key(address: str) -> bytes:
    return hashlib.sha256(f"application\0{network(address)}".encode()).digest()


def _wait(seconds: int) -> None:
    if seconds:
        raise Problem("onboarding.wait", 429, headers={"Retry-After": str(seconds)}, minutes=-(-seconds // 60))
