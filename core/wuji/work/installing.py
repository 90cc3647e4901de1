"""Rows of schedules, written by each upgrade as core and plugins declare them."""

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Connection, text

from wuji.kit.rowsec.functions import run
from wuji.plugin.running import Schedule

PUT = text("""
  insert into wuji.schedule as s(id, owner, cron, task, args, missed, per_root)
  values (:id, :owner, :cron, :task, cast(:args as jsonb), :missed, :per_root)
  on conflict (id) do update
     set owner = excluded.owner, cron = excluded.cron, task = excluded.task, args = excluded.args,
         missed = excluded.missed, per_root = excluded.per_root
   where (s.owner, s.cron, s.task, s.args, s.missed, s.per_root)
         is distinct from (excluded.owner, excluded.cron, excluded.task, excluded.args, excluded.missed, excluded.per_root)""")
# Of a plugin whose code cannot be read just now they stay, for the sake of what was paused.
DROP = text("""
  delete from wuji.schedule s where s.id <> all(:ids)
     and (s.owner = any(:loaded) or not exists(select from wuji.plugin g where g.id = s.owner))""")


def put_schedules(connection: Connection, declared: Iterable[Schedule], loaded: Collection[str]) -> None:
    """Runs as wuji_owner in the upgrade's transaction. What nobody declares any more goes; what is paused stays paused."""
    rows = [
        {
            "id": one.name,
            "owner": one.name.partition(".")[0],
            "cron": one.cron,
            "task": one.task,
            "args": msgspec.json.encode(one.args).decode(),
            "missed": one.missed,
            "per_root": one.per_root,
        }
        for one in declared
    ]
    run(connection, "set local role wuji_definer")
    for row in rows:
        connection.execute(PUT, row)
    connection.execute(DROP, {"ids": [row["id"] for row in rows], "loaded": list(loaded)})
    run(connection, "set local role none")
