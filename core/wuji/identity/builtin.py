"""Rows that every deployment has: the account `system` and the built-in roles, written by each upgrade as this release
declares them.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from wuji.identity.permissions import BUILT_IN_ROLES
from wuji.kit.permission import Permission
from wuji.kit.rowsec.functions import run

SYSTEM = text("insert into wuji.account(type, login, name) values ('system', 'system', '系统') on conflict do nothing")
# What a plugin gave a role stays while the plugin is in the database, also when its code cannot be read just now.
ROLE = text("""
  insert into wuji.role as r(name, label, permissions, reach, class)
  select :name, :label, array(select p from unnest(cast(:permissions as text[])) p
                              union select p from wuji.role o, unnest(o.permissions) p
                               where o.tenant_id is null and o.name = :name and split_part(p, '.', 1) in (
                                     select g.id from wuji.plugin g where g.id <> all(:loaded)) order by 1), :reach, :class
  on conflict (coalesce(tenant_id, 0), name) do update
     set label = excluded.label, permissions = excluded.permissions, reach = excluded.reach, class = excluded.class
   where (r.label, r.permissions, r.reach, r.class)
         is distinct from (excluded.label, excluded.permissions, excluded.reach, excluded.class)""")


def put_built_in(connection: Connection, permissions: Iterable[Permission]) -> None:
    """Runs as wuji_owner in the upgrade's transaction; FORCE walls the owner too, so the definer writes."""
    declared = list(permissions)
    loaded = sorted({p.feature for p in declared})
    run(connection, "set local role wuji_definer")
    connection.execute(SYSTEM)
    for role in BUILT_IN_ROLES:
        held = sorted(p.name for p in declared if role.name in p.roles)
        values = {"name": role.name, "label": f"identity.role.{role.name}", "permissions": held, "reach": role.reach}
        connection.execute(ROLE, {**values, "class": role.audience_class, "loaded": loaded})
    run(connection, "set local role none")
