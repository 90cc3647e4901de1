"""Plugins and the database: bringing their schemas up, taking one out, and which are not ready to be served."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.schema import DropSchema

from wuji.governance.models import InstalledPlugin
from wuji.kit.db.migrate import upgrade
from wuji.kit.rowsec.catalogue import MARK
from wuji.kit.rowsec.functions import run
from wuji.plugin.plugins import Plugin, Plugins, Quarantined, schema_of

log = logging.getLogger(__name__)
INSTALLED = text("select wuji.plugin_installed(:plugin, :version, :revision)")
FORGET = text("delete from wuji.retention where table_name like replace(:tables, '_', '\\_')")
THERE = text("select to_regclass('wuji.plugin') is not null")
REMOVED = text("select wuji.plugin_removed(:plugin)")
ANYTHING = text(
    "select to_regnamespace(quote_ident(:schema)) is not null or exists(select from wuji.plugin where id = :plugin)"
)


def install_plugins(owner: Engine, plugins: Plugins) -> list[Quarantined]:
    """Each in a transaction of its own, after those it needs. Returns those whose revisions failed; the others stand."""
    failed: list[Quarantined] = []
    for plugin in plugins:
        try:
            install_plugin(owner, plugin)
        except Exception as error:
            log.exception("plugin %s cannot be installed", plugin.id)
            failed.append(Quarantined(plugin.id, "schema", f"{type(error).__name__}: {error}", plugin.manifest))
    return failed


def install_plugin(owner: Engine, plugin: Plugin) -> None:
    """Its revisions, its functions and its row, in one transaction."""
    values = {"plugin": plugin.id, "version": plugin.manifest.version, "revision": head(plugin)}

    def note(connection: Connection) -> None:
        if plugin.lineage:
            run(connection, f"comment on schema {plugin.schema} is '{MARK}'")
        with as_definer(connection):
            connection.execute(INSTALLED, values)

    if plugin.lineage is None:
        with owner.begin() as connection:
            note(connection)
    else:
        upgrade(owner, plugin.lineage, plugin.functions, note)


def remove_plugin(owner: Engine, plugin_id: str) -> None:
    """Its schema with everything in it, its rules of retention, its rules and its row, whether or not its code can still be
    read. What it recorded in the journal stays.
    """
    schema = schema_of(plugin_id)
    with owner.begin() as connection:
        connection.execute(DropSchema(schema, cascade=True, if_exists=True))
        run(connection, "alter table wuji.retention no force row level security")
        connection.execute(FORGET, {"tables": f"{schema}.%"})
        run(connection, "alter table wuji.retention force row level security")
        with as_definer(connection):
            connection.execute(REMOVED, {"plugin": plugin_id})


@contextmanager
def as_definer(connection: Connection) -> Iterator[None]:
    """FORCE walls the owner too: it sees no row and writes none, so the definer does."""
    run(connection, "set local role wuji_definer")
    yield
    run(connection, "set local role none")


def is_there(owner: Engine, plugin_id: str) -> bool:
    """Whether the database has anything of it: its schema, or its row."""
    with owner.connect() as connection, as_definer(connection):
        found: bool = connection.execute(ANYTHING, {"plugin": plugin_id, "schema": schema_of(plugin_id)}).scalar_one()
    return found


def head(plugin: Plugin) -> str | None:
    """The last revision that the plugin's folder holds."""
    if plugin.lineage is None:
        return None
    found: str | None = ScriptDirectory.from_config(plugin.lineage.config(None)).get_current_head()
    return found


def list_unready(connection: Connection, plugins: Plugins) -> list[Quarantined]:
    """Plugins whose schema this database does not have as their code wants it."""
    if not connection.execute(THERE).scalar():
        return [Quarantined(p.id, "schema", "the database is older than plugins", p.manifest) for p in plugins]
    asked = select(InstalledPlugin.id, InstalledPlugin.version, InstalledPlugin.revision)
    have = {name: (version, revision) for name, version, revision in connection.execute(asked)}
    return [
        Quarantined(p.id, "schema", _difference(have.get(p.id), p), p.manifest)
        for p in plugins
        if have.get(p.id) != (p.manifest.version, head(p))
    ]


def list_noted(connection: Connection) -> Sequence[tuple[str, dict[str, Any] | None, datetime | None]]:
    """Every plugin that the database has, with the last thing that went wrong in it."""
    if not connection.execute(THERE).scalar():
        return []
    asked = select(InstalledPlugin.id, InstalledPlugin.fault, InstalledPlugin.fault_at).order_by(InstalledPlugin.id)
    return [(row.id, row.fault, row.fault_at) for row in connection.execute(asked)]


def _difference(have: tuple[str, str | None] | None, plugin: Plugin) -> str:
    mend = f"`wuji plugin install {plugin.id}`, then restart"
    if have is None:
        return f"it is not installed: {mend}"
    at, wants = " at ".join(map(str, have)), f"{plugin.manifest.version} at {head(plugin)}"
    return f"the database has it at version {at}, this is {wants}: {mend}"
