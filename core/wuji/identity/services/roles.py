"""Roles of a root: what they are called and carry. One definer function writes them, bounded by the giver's rights."""

import json
from collections.abc import Sequence

from sqlalchemy import select, text

from wuji.identity.models import Role
from wuji.kit.db.session import ScopedSession
from wuji.tenancy.packs.pack import PackRole

PUT = text("select wuji.role_put(:root, :name, cast(:labels as jsonb), :permissions, :reach, :class, :reason)")


def list_changed_roles(session: ScopedSession, root_id: int | None, roles: Sequence[PackRole]) -> list[PackRole]:
    """Those that the root does not have as the pack says them; a root that is not there yet has none."""
    found = session.execute(select(Role).where(Role.tenant_id == root_id)).scalars() if root_id else ()
    there = {
        role.name: PackRole(role.name, role.labels, role.reach, role.class_, tuple(sorted(role.permissions)))
        for role in found
    }
    return [role for role in roles if there.get(role.name) != role]


def put_role(session: ScopedSession, root_id: int, role: PackRole, reason: str) -> None:
    """Makes or changes a role of the root."""
    values = {"root": root_id, "name": role.name, "labels": json.dumps(role.labels), "reach": role.reach}
    carries = {"permissions": list(role.permissions), "class": role.audience_class}
    session.execute(PUT, {**values, **carries, "reason": reason})
