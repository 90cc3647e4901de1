"""Runs revisions: the core's lineage, then each plugin's, every lineage with its own version table in its own schema.

Functions are not versioned by revisions: after the last one of the core, the database holds exactly the functions this
release declares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

from wuji.kit.db.model import partitions
from wuji.kit.rowsec.functions import Function, put

MIGRATIONS = Path(__file__).parents[4] / "migrations"


@dataclass(frozen=True)
class Lineage:
    """One line of revisions: the core's or a plugin's."""

    schema: str
    metadata: MetaData
    versions: Path = MIGRATIONS / "versions"

    def config(self, connection: Connection | None, output: StringIO | None = None) -> Config:
        config = Config(output_buffer=output) if output else Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(self.versions))
        config.attributes.update(connection=connection, schema=self.schema, metadata=self.metadata)
        return config


def upgrade(
    owner: Engine,
    lineage: Lineage,
    functions: Sequence[Function] = (),
    then: Callable[[Connection], None] | None = None,
) -> None:
    """Brings one lineage up, in one transaction with its functions and built-in rows: nothing half-done is ever visible."""
    with owner.begin() as connection:
        command.upgrade(lineage.config(connection), "head")
        if functions:
            put(connection, functions, lineage.schema)
        if then:
            then(connection)


def downgrade(owner: Engine, lineage: Lineage, foundation: Sequence[Function] = (), revision: str = "base") -> None:
    """Takes one lineage down. Functions go first, all but the foundation: they take and return rows of tables that will
    be dropped.
    """
    with owner.begin() as connection:
        if foundation:
            put(connection, foundation, lineage.schema)
        command.downgrade(lineage.config(connection), revision)


def pending(connection: Connection, lineage: Lineage) -> list[str]:
    """Revisions that the database has not seen, oldest first."""
    script = ScriptDirectory.from_config(lineage.config(None))
    at = MigrationContext.configure(connection, opts={"version_table_schema": lineage.schema}).get_current_heads()
    missing: list[str] = []
    for revision in script.walk_revisions():
        if revision.revision in at:
            break
        missing.insert(0, revision.revision)
    return missing


def compare(connection: Connection, lineage: Lineage) -> list[object]:
    """What the models say and the database does not, or the other way round; empty after an upgrade."""
    split = {name.partition(".")[2] for name in partitions(lineage.metadata, lineage.schema)}
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "version_table_schema": lineage.schema,
            "include_name": lambda name, kind, _parents: (
                name == lineage.schema if kind == "schema" else kind != "table" or name not in split
            ),
            "include_object": lambda item, _name, kind, _reflected, _to: (
                kind != "table" or item.schema == lineage.schema
            ),
        },
    )
    return list(compare_metadata(context, lineage.metadata))


def sql(lineage: Lineage) -> str:
    """The SQL of all revisions, for a linter or a careful operator."""
    output = StringIO()
    command.upgrade(lineage.config(None, output), "head", sql=True)
    return output.getvalue()
