"""A dispatcher with plugins of a test's own, at work in somebody's session."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from secrets import token_hex

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.plugin.dispatcher import Dispatcher
from wuji.testing import Server, World
from wuji.testing.workshop import Workshop

MODELS = """
from sqlalchemy.orm import Mapped
from wuji.api.models import Key, Model, Owned, Versioned, Wall, Words

class Thing(Owned, Versioned, Model):
    __tablename__ = "thing"
    __schema__ = "plugin_{name}"
    __wall__ = Wall(kind="tenant", definer="select delete")
    id: Mapped[Key]
    name: Mapped[Words]
"""
REVISION = """'''Things.'''
import sqlalchemy as sa
from alembic import op
from wuji.api.migration import Keep, Wall, found_schema, drop_rules, drop_table, keep_rows, make_table

revision = "0001"
down_revision = None
column, AT = sa.Column, sa.DateTime(timezone=True)
SCHEMA = "plugin_{name}"

def upgrade() -> None:
    found_schema(SCHEMA)
    make_table(
        "thing",
        column("id", sa.Uuid(), server_default=sa.text("wuji.new_id()"), nullable=False),
        column("name", sa.Text(collation="C"), nullable=False),
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=sa.text("now()"), nullable=False),
        column("updated_at", AT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "pos"], ["wuji.tenant.id", "wuji.tenant.pos"],
                                name="fk_thing_tenant_id_pos", onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_thing"),
        wall=Wall(kind="tenant", definer="select delete"), schema=SCHEMA,
    )
    op.create_index("ix_thing_pos", "thing", ["pos"], schema=SCHEMA)
    keep_rows(Keep(f"{SCHEMA}.thing", "created_at", "1 day", "test"))

def downgrade() -> None:
    drop_rules(f"{SCHEMA}.thing")
    drop_table("thing", SCHEMA)
"""
FUNCTIONS = """
-- How many the range holds.
-- to: wuji_app
create function plugin_{name}.things() returns bigint language sql stable security definer
set search_path = pg_catalog, plugin_{name}, wuji, pg_temp as
$$ select count(*) from thing where scope_ok() and pos between scope_lo() and scope_hi() $$;
"""
FILES = {
    "wuji_{name}/models.py": MODELS,
    "wuji_{name}/migrations/0001_things.py": REVISION,
    "wuji_{name}/functions.sql": FUNCTIONS,
}


@dataclass(frozen=True)
class AtWork:
    """`with at_work("resident", "village") as (dispatcher, session):`"""

    app: Flask
    world: World

    @property
    def deployment(self) -> Deployment:
        found: Deployment = self.app.extensions["wuji"]
        return found

    def __call__(
        self, who: str, tenant: str | None, *, read_only: bool = False
    ) -> AbstractContextManager[tuple[Dispatcher, ScopedSession]]:
        return self._enter(who, tenant, read_only=read_only)

    @contextmanager
    def _enter(self, who: str, tenant: str | None, *, read_only: bool) -> Iterator[tuple[Dispatcher, ScopedSession]]:
        with self.deployment.work(self.world.door(who, tenant), read_only=read_only) as session:
            yield self.deployment.part(Dispatcher), session


@pytest.fixture
def start(serve: Callable[..., Flask], workshop: Workshop, world: World) -> Callable[[], AtWork]:
    """Loads what the test has written; every plugin of the workshop is on in the city."""

    def make() -> AtWork:
        plugins = workshop.load()
        assert not plugins.quarantined
        world.rule("city", *plugins.by_id)
        return AtWork(serve(plugins), world)

    return make


@pytest.fixture
def limit() -> Callable[[ScopedSession], str]:
    """statement_timeout as the session has it now."""
    return lambda session: session.execute(text("show statement_timeout")).scalar_one()


@pytest.fixture
def place(server: Server, make_database: Callable[[], str]) -> Iterator[tuple[str, Engine]]:
    """A database of this test's own, and its owner."""
    name = make_database()
    owner = server.engine("wuji_owner", name)
    yield name, owner
    owner.dispose()


@pytest.fixture
def write_tabled(workshop: Workshop) -> Callable[..., str]:
    """A plugin with a table, a function and a permission of the heads, and what the test adds to it."""

    def write(hooks: str = "", before: str = "") -> str:
        name = f"t{token_hex(5)}"
        permitted = (
            "@hook\ndef wuji_permissions(self):\n    return (Permission(f'{self.name}.thing.read', roles=('head',)),)"
        )
        return workshop.write(
            f"{permitted}\n{hooks}".replace("{name}", name),
            before=f"from wuji_{name}.models import Thing\n{before}".replace("{name}", name),
            files={path: text.replace("{name}", name) for path, text in FILES.items()},
            manifest=f"permissions = ['{name}.thing.read']",
            name=name,
        )

    return write


@pytest.fixture
def tabled(write_tabled: Callable[..., str]) -> str:
    return write_tabled()
