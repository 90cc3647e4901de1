"""The declarative base: a class says its columns and its wall; keys, indexes and checks that every such table has follow
from the wall.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import UserDefinedType

from wuji.kit.rowsec.v1 import PARTITION
from wuji.kit.rowsec.v1 import Wall as Wall  # noqa: PLC0414 - models import it from here, beside the base

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Collation "C" everywhere: the embedded server has no ICU, and a sort order that differs between servers breaks
# keyset paging.
Words = Annotated[str, mapped_column(Text(collation="C"))]
Key = Annotated[UUID, mapped_column(primary_key=True, server_default=text("wuji.new_id()"))]
At = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Made = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Number = Annotated[int, mapped_column(BigInteger)]
Small = Annotated[int, mapped_column(SmallInteger)]
Numbers = Annotated[list[int], mapped_column(ARRAY(Integer))]
# In which span of a trace it was written, as `traceparent`; set by tracing, and null without it.
Trace = Annotated[
    str | None,
    mapped_column(
        Text(collation="C"), nullable=True, server_default=text("nullif(current_setting('wuji.trace', true), '')")
    ),
]
Labels = Annotated[list[str], mapped_column(ARRAY(Text), server_default="{}")]


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which readers compare with the snapshot: an id alone loses rows under load."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8  # so that the reflection of alembic's comparison knows it


class Model(DeclarativeBase):
    """A table of the core. A plugin's models set `__schema__` to plugin_<id>."""

    metadata = MetaData(schema="wuji", naming_convention=NAMES)
    __abstract__ = True
    __wall__: ClassVar[Wall]
    __schema__: ClassVar[str] = "wuji"
    __rules__: ClassVar[tuple[Any, ...]] = ()  # constraints and indexes of this table alone
    __partitions__: ClassVar[
        tuple[str, ...]
    ] = ()  # qualified names of the tables that its rows lie in, where there are such

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        about = {"wall": cls.__wall__, "partitions": cls.__partitions__}
        options = {"schema": cls.__schema__, "info": about, "comment": f"kind={cls.__wall__.kind}"}
        return (*_follows(cls.__wall__), *cls.__rules__, options)


def _follows(wall: Wall) -> Iterator[ForeignKeyConstraint | Index | CheckConstraint]:
    if wall.key:
        yield ForeignKeyConstraint(("tenant_id", "pos"), ("wuji.tenant.id", "wuji.tenant.pos"), onupdate="CASCADE")
        yield Index(None, "pos")
    if wall.audience:
        yield Index(None, "audience", postgresql_using="gin", postgresql_where=text("audience is not null"))
        yield CheckConstraint("wuji.audience_ok(audience)", name="audience")


class Owned:
    """A row of a tenant. pos is filled by a trigger and never leaves the server."""

    tenant_id: Mapped[int]
    pos: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


class MaybeOwned:
    """A row of a tenant or, without one, of the deployment."""

    tenant_id: Mapped[int | None]
    pos: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())


class Versioned:
    """A row with an ETag: version is raised by a trigger, and an update names the version it read (428 and 412
    otherwise).
    """

    version: Mapped[int] = mapped_column(server_default="1", server_onupdate=FetchedValue())
    created_at: Mapped[Made]
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), server_onupdate=FetchedValue()
    )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "version_id_generator": False, "eager_defaults": True}


def walls(metadata: MetaData = Model.metadata, schema: str | None = None) -> dict[str, Wall]:
    """Qualified table name to its wall, of one schema or all: what the database is compared with."""
    return {
        f"{table.schema}.{table.name}": table.info["wall"]
        for table in metadata.tables.values()
        if schema is None or table.schema == schema
    }


def partitions(metadata: MetaData = Model.metadata, schema: str | None = None) -> dict[str, Wall]:
    """Qualified name of each partition to its wall: rows are reached through their table alone."""
    return {
        name: PARTITION
        for table in metadata.tables.values()
        if schema is None or table.schema == schema
        for name in table.info["partitions"]
    }
