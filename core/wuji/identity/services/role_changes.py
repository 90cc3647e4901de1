"""Roles of the acting root, as its own officials make and change them. What is changed holds at once: every door reads it."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select, text

from wuji.identity.models import Role, RoleGrant
from wuji.identity.services.refusals import refusals
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid, not_found

ADD = text("select wuji.role_add(:name, cast(:labels as jsonb), :permissions, :reach, :class, :reason)")
CHANGE = text(
    "select wuji.role_change(:role_id, :version, cast(:labels as jsonb), :permissions, :reach, :class, :confirmed, :reason)"
)
REMOVE = text("select wuji.role_remove(:role_id, :reason)")
Asked = Mapping[str, Any]
Found = Row[*tuple[Any, ...]]


def get_role(session: ScopedSession, role_id: int) -> Found:
    """A role of the acting root and how many hold it now. Raises 404 for every other, built-in ones too."""
    held = (
        select(func.count())
        .select_from(RoleGrant)
        .where(RoleGrant.role_id == Role.id, RoleGrant.revoked_at.is_(None))
        .where(or_(RoleGrant.expires_at.is_(None), RoleGrant.expires_at > func.now()))
        .scalar_subquery()
    )
    found = session.execute(
        select(*Role.__table__.c, held.label("held")).where(
            Role.id == role_id, Role.tenant_id == session.actor.tenant_id
        )
    ).first()
    if found is None:
        raise not_found()
    return found


def add_role(session: ScopedSession, known: Collection[str], asked: Asked) -> Found:
    """Raises 409 where the acting tenant is no root, 422 for a name that is taken, 403 for what is above own rights."""
    if session.actor.tenant_id != session.actor.root_id:
        raise Problem("identity.roles_at_root", 409)
    values = _values(known, asked)
    with refusals():
        made: int = session.execute(ADD, {**values, "name": asked["name"]}).scalar_one()
    return get_role(session, made)


def change_role(session: ScopedSession, known: Collection[str], role_id: int, asked: Asked, *, version: int) -> Found:
    """Raises 409, saying how many hold it, where reach or class would change and nobody has confirmed it; 412 for another
    version.
    """
    get_role(session, role_id)
    values = {**_values(known, asked), "role_id": role_id, "version": version, "confirmed": asked.get("confirm", False)}
    with refusals():
        held: int = session.execute(CHANGE, values).scalar_one()
    if held:
        raise Problem("identity.role_in_use", 409, held=held)
    return get_role(session, role_id)


def remove_role(session: ScopedSession, role_id: int, reason: str) -> None:
    """Raises 409 for a role that was ever given."""
    get_role(session, role_id)
    with refusals():
        removed: bool = session.execute(REMOVE, {"role_id": role_id, "reason": reason}).scalar_one()
    if not removed:
        raise Problem("identity.role_given", 409)


def _values(known: Collection[str], asked: Asked) -> Asked:
    permissions: Sequence[str] = asked["permissions"]
    strange = [
        Fault(f"#/permissions/{place}", "identity.invalid.no_permission", {"permission": name})
        for place, name in enumerate(permissions)
        if name not in known
    ]
    if strange:
        raise invalid(*strange)
    return {
        "labels": json.dumps(asked["label"], ensure_ascii=False),
        "permissions": sorted(set(permissions)),
        "reach": asked["reach"],
        "class": asked["class"],
        "reason": asked.get("reason", ""),
    }
