"""Alembic's environment for every lineage; always called by wuji.kit.db.migrate, which hands over connection, schema and
metadata.
"""

from alembic import context

# A revision that waits for a lock makes everybody behind it wait; one that runs long does too. Better to fail and be
# tried again.
TIMEOUTS = ("set lock_timeout = '4s'", "set statement_timeout = '60s'")
schema: str = context.config.attributes["schema"]
connection = context.config.attributes["connection"]


def run(**options: object) -> None:
    context.configure(
        target_metadata=context.config.attributes["metadata"],
        version_table_schema=schema,
        transaction_per_migration=False,
        include_schemas=True,
        **options,
    )
    with context.begin_transaction():
        for statement in (*TIMEOUTS, f"create schema if not exists {schema}"):
            context.execute(statement)
        context.run_migrations()
        context.execute(f"grant select on {schema}.alembic_version to wuji_backup")  # or a dump fails at this table


if context.is_offline_mode():
    run(dialect_name="postgresql", literal_binds=True, dialect_opts={"paramstyle": "named"})
else:
    run(connection=connection)
