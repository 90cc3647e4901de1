"""Stations, devices, readings by month, and what follows from them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from wuji.api.migration import (
    Keep,
    Wall,
    drop_rules,
    drop_table,
    found_schema,
    keep_rows,
    make_partition,
    make_table,
)

revision = "0001"
down_revision = None

SCHEMA = "plugin_station_watch"
TABLES = ("station", "device", "device_state", "reading", "station_state", "slot")
PARTITIONS = range(15)
column = sa.Column
TEXT, AT, NUMBERS = sa.Text(collation="C"), sa.DateTime(timezone=True), sa.ARRAY(sa.Integer())
WHOLE, LONG, SMALL, SHARE = sa.Integer(), sa.BigInteger(), sa.SmallInteger(), sa.Numeric(9, 2)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
KEPT = (
    Keep(f"{SCHEMA}.readings_end", "at", "0 days", "station_watch.retention.reading"),
    Keep(f"{SCHEMA}.slot", "starts_at", "5 years", "station_watch.retention.slot"),
)
# Which partition a time lies in: uniqueness by device, measure and time holds because nothing else can.
MONTH = (
    "month = (extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::integer % 15"
)


def upgrade() -> None:
    found_schema(SCHEMA)
    station()
    device()
    device_state()
    reading()
    station_state()
    slot()
    keep_rows(*KEPT)


def downgrade() -> None:
    drop_rules(*(rule.table for rule in KEPT))
    for table in reversed(TABLES):
        drop_table(table, schema=SCHEMA)


def words(*names: str) -> list[Any]:
    return [column(name, TEXT, server_default="", nullable=False) for name in names]


def numbers(*names: str, type_: Any = WHOLE) -> list[Any]:
    return [column(name, type_, server_default="0", nullable=False) for name in names]


def id_() -> Any:
    return column("id", sa.Uuid(), server_default=NEW_ID, nullable=False)


def versioned() -> list[Any]:
    return [
        column("version", WHOLE, server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
    ]


def owned(table: str) -> list[Any]:
    return [
        column("tenant_id", WHOLE, nullable=False),
        column("pos", LONG, server_default=sa.FetchedValue(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name=f"fk_{table}_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.Index(f"ix_{table}_pos", "pos"),
    ]


def of(table: str, name: str, target: str) -> list[Any]:
    key = sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}")
    return [column(name, sa.Uuid(), nullable=False), key]


def station() -> None:
    make_table(
        "station",
        id_(),
        column("audience", NUMBERS),
        column("name", TEXT, nullable=False),
        column("kind", TEXT, nullable=False),
        *words("address", "phone"),
        column("longitude", sa.Numeric(9, 6)),
        column("latitude", sa.Numeric(8, 6)),
        column("capacity", WHOLE, nullable=False),
        column("services", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        column("hours", JSONB(), server_default="{}", nullable=False),
        column("closed_on", JSONB(), server_default="[]", nullable=False),
        column("state", TEXT, server_default="open", nullable=False),
        *owned("station"),
        *versioned(),
        sa.CheckConstraint("wuji.audience_ok(audience)", name="ck_station_audience"),
        sa.CheckConstraint("kind in ('courier', 'civic', 'service')", name="ck_station_kind"),
        sa.CheckConstraint("state in ('open', 'paused', 'closed')", name="ck_station_state"),
        sa.CheckConstraint("capacity between 1 and 100000", name="ck_station_capacity"),
        sa.CheckConstraint("(longitude is null) = (latitude is null)", name="ck_station_place"),
        sa.CheckConstraint(
            "longitude between -180 and 180 and latitude between -90 and 90", name="ck_station_coordinates"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_station"),
        sa.Index(
            "ix_station_audience",
            "audience",
            postgresql_using="gin",
            postgresql_where=sa.text("audience is not null"),
        ),
        sa.Index("ix_station_tenant_id_name_id", "tenant_id", "name", "id"),
        wall=Wall(kind="tenant", audience=True, write="select insert update", definer="select"),
        schema=SCHEMA,
    )


def device() -> None:
    make_table(
        "device",
        id_(),
        *of("device", "station_id", f"{SCHEMA}.station.id"),
        *of("device", "account_id", "wuji.account.id"),
        column("name", TEXT, nullable=False),
        column("kind", TEXT, nullable=False),
        column("measures", sa.ARRAY(sa.Text()), nullable=False),
        column("interval_seconds", WHOLE, server_default="60", nullable=False),
        column("state", TEXT, server_default="active", nullable=False),
        column("registered_at", AT, server_default=NOW, nullable=False),
        column("revoked_at", AT),
        *owned("device"),
        *versioned(),
        sa.CheckConstraint("kind in ('counter', 'occupancy', 'climate')", name="ck_device_kind"),
        sa.CheckConstraint("state in ('active', 'revoked')", name="ck_device_state"),
        sa.CheckConstraint("(state = 'revoked') = (revoked_at is not null)", name="ck_device_revoked_at"),
        sa.CheckConstraint("interval_seconds between 10 and 3600", name="ck_device_interval_seconds"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.Index("uq_device_account_id", "account_id", unique=True),
        sa.Index("ix_device_station_id", "station_id"),
        wall=Wall(
            kind="tenant",
            write="select insert update",
            columns=("name", "measures", "interval_seconds", "state", "revoked_at"),
            definer="select update",  # a tenant that becomes part of another gives it its rows
        ),
        schema=SCHEMA,
    )


def device_state() -> None:
    make_table(
        "device_state",
        *of("device_state", "device_id", f"{SCHEMA}.device.id"),
        column("last_at", AT),
        column("last_received_at", AT, nullable=False),
        column("last_values", JSONB(), server_default="{}", nullable=False),
        column("last_times", JSONB(), server_default="{}", nullable=False),
        *numbers("skew_seconds"),
        *numbers("gaps", "repeated", "conflicts", "rejected", type_=LONG),
        *owned("device_state"),
        sa.PrimaryKeyConstraint("device_id", name="pk_device_state"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update"),
        schema=SCHEMA,
    )


def reading() -> None:
    make_table(
        "reading",
        *of("reading", "device_id", f"{SCHEMA}.device.id"),
        column("measure", TEXT, nullable=False),
        column("at", AT, nullable=False),
        column("month", SMALL, nullable=False),
        column("value", sa.Double(), nullable=False),
        *owned("reading"),
        sa.CheckConstraint(MONTH, name="ck_reading_month"),
        sa.PrimaryKeyConstraint("device_id", "measure", "at", "month", name="pk_reading"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update delete"),
        schema=SCHEMA,
        postgresql_partition_by="LIST (month)",
    )
    for number in PARTITIONS:
        make_partition(f"reading_{number:02}", "reading", f"in ({number})", schema=SCHEMA)


def station_state() -> None:
    make_table(
        "station_state",
        *of("station_state", "station_id", f"{SCHEMA}.station.id"),
        column("day", sa.Date(), nullable=False),
        *(column(name, WHOLE, nullable=False) for name in ("present", "entered_today", "left_today")),
        column("as_of", AT, nullable=False),
        *owned("station_state"),
        sa.PrimaryKeyConstraint("station_id", name="pk_station_state"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update"),
        schema=SCHEMA,
    )


def slot() -> None:
    make_table(
        "slot",
        *of("slot", "station_id", f"{SCHEMA}.station.id"),
        column("starts_at", AT, nullable=False),
        column("day", sa.Date(), nullable=False),
        *numbers("present_avg", type_=SHARE),
        *numbers("present_max", "present_end", "entered", "left_count"),
        column("base", WHOLE),
        *numbers("net"),
        column("counted_avg", SHARE),
        column("counted_max", WHOLE),
        *numbers("covered_seconds"),
        column("changed_at", AT, server_default=NOW, nullable=False),
        *owned("slot"),
        sa.PrimaryKeyConstraint("station_id", "starts_at", name="pk_slot"),
        sa.Index("ix_slot_changed_at", "changed_at"),
        sa.Index("ix_slot_starts_at", "starts_at"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update delete"),
        schema=SCHEMA,
    )
