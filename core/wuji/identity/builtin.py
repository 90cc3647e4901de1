"""Rows that every deployment has: the account `system` and the built-in roles, written by each upgrade as this release
declares them.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from wuji.identity.permissions import BUILT_IN_ROLES
from wuji.kit.permission import Permission
from wuji.kit.rowsec.functions import run

SYSTEM = text("insert into wuji.account(type, login, name) values ('system', 'system', '系统') on conflict do nothing")
ROLE = text(
    "insert into wuji.role as r(name, label, permissions, reach, class) values (:name, :label, :permissions, :reach, :class) "
    "on conflict (coalesce(tenant_id, 0), name) do update "
    "set label = excluded.label, permissions = excluded.permissions, reach = excluded.reach, class = excluded.class "
    "where (r.label, r.permissions, r.reach, r.class) "
    "is distinct from (excluded.label, excluded.permissions, excluded.reach, excluded.class)"
)


def put_built_in(connection: Connection, permissions: Iterable[Permission]) -> None:
    """Runs as wuji_owner in the upgrade's transaction; FORCE walls the owner too, so the definer writes."""
    declared = list(permissions)
    run(connection, "set local role wuji_definer")
    connection.execute(SYSTEM)
    for role in BUILT_IN_ROLES:
        held = sorted(p.name for p in declared if role.name in p.roles)
        values = {"name": role.name, "label": f"identity.role.{role.name}", "permissions": held, "reach": role.reach}
        connection.execute(ROLE, {**values, "class": role.audience_class})
    run(connection, "set local role none")
