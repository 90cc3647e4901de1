"""Rules and alarms, and what a station is like in a usual week."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from wuji.api.migration import Wall, drop_table, make_table

revision = "0002"
down_revision = "0001"

SCHEMA = "plugin_station_watch"
TABLES = ("alarm_rule", "alarm_pending", "alarm", "station_profile")
RULE_KINDS = ("silent", "full", "reading")
ALARM_STATES = ("open", "taken", "closed")
TAKEN = ("state", "taken_by", "taken_at", "taken_at_id", "taken_role", "note", "result", "closed_at", "closed_by")
column = sa.Column
TEXT, AT, AMOUNT = sa.Text(collation="C"), sa.DateTime(timezone=True), sa.Numeric(9, 2)
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")


def upgrade() -> None:
    alarm_rule()
    alarm_pending()
    alarm()
    station_profile()


def downgrade() -> None:
    for table in reversed(TABLES):
        drop_table(table, schema=SCHEMA)


def id_() -> Any:
    return column("id", sa.Uuid(), server_default=NEW_ID, nullable=False)


def versioned() -> list[Any]:
    return [
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
    ]


def owned(table: str) -> list[Any]:
    return [
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name=f"fk_{table}_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.Index(f"ix_{table}_pos", "pos"),
    ]


def refers(table: str, name: str, target: str, ondelete: str | None = None) -> Any:
    return sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}", ondelete=ondelete)


def alarm_rule() -> None:
    make_table(
        "alarm_rule",
        id_(),
        column("kind", TEXT, nullable=False),
        column("measure", TEXT, server_default="", nullable=False),
        column("share", sa.SmallInteger()),
        column("low", AMOUNT),
        column("high", AMOUNT),
        column("minutes", sa.SmallInteger(), nullable=False),
        column("escalate_minutes", sa.SmallInteger()),
        column("is_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *owned("alarm_rule"),
        *versioned(),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_rule"),
        sa.CheckConstraint(f"kind in {RULE_KINDS}", name="ck_alarm_rule_kind"),
        sa.CheckConstraint("minutes between 0 and 1440", name="ck_alarm_rule_minutes"),
        sa.CheckConstraint("escalate_minutes between 1 and 1440", name="ck_alarm_rule_escalate_minutes"),
        sa.CheckConstraint(
            "(kind = 'full') = (share is not null) and share between 10 and 200", name="ck_alarm_rule_share"
        ),
        sa.CheckConstraint(
            "(kind = 'reading') = (measure <> '') and (kind = 'reading') = (low is not null or high is not null)",
            name="ck_alarm_rule_measure",
        ),
        sa.CheckConstraint("low < high", name="ck_alarm_rule_limits"),
        sa.Index("ix_alarm_rule_tenant_id", "tenant_id"),
        wall=Wall(kind="downward", definer="select"),
        schema=SCHEMA,
    )


def alarm_pending() -> None:
    make_table(
        "alarm_pending",
        column("rule_id", sa.Uuid(), nullable=False),
        column("subject_id", sa.Uuid(), nullable=False),
        column("station_id", sa.Uuid(), nullable=False),
        column("since", AT, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "subject_id", name="pk_alarm_pending"),
        refers("alarm_pending", "rule_id", f"{SCHEMA}.alarm_rule.id", "CASCADE"),
        refers("alarm_pending", "station_id", f"{SCHEMA}.station.id", "CASCADE"),
        sa.Index("ix_alarm_pending_station_id", "station_id"),
        wall=Wall(kind="system", key=False, versioned=False, definer="select insert delete"),
        schema=SCHEMA,
    )


def alarm() -> None:
    make_table(
        "alarm",
        *what_happened(),
        *what_was_done(),
        *owned("alarm"),
        *versioned(),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
        refers("alarm", "rule_id", f"{SCHEMA}.alarm_rule.id", "SET NULL"),
        refers("alarm", "station_id", f"{SCHEMA}.station.id"),
        refers("alarm", "device_id", f"{SCHEMA}.device.id"),
        refers("alarm", "told_at_id", "wuji.tenant.id"),
        refers("alarm", "taken_at_id", "wuji.tenant.id"),
        refers("alarm", "taken_by", "wuji.account.id"),
        refers("alarm", "closed_by", "wuji.account.id"),
        sa.CheckConstraint(f"state in {ALARM_STATES}", name="ck_alarm_state"),
        sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name="ck_alarm_closed_at"),
        sa.CheckConstraint("state <> 'taken' or taken_at is not null", name="ck_alarm_taken_at"),
        sa.Index(
            "uq_alarm_subject_id",
            "subject_id",
            "rule_id",
            unique=True,
            postgresql_where=sa.text("state <> 'closed'"),
        ),
        sa.Index("ix_alarm_station_id_opened_at", "station_id", "opened_at"),
        sa.Index("ix_alarm_tenant_id_opened_at_id", "tenant_id", "opened_at", "id"),
        *(sa.Index(f"ix_alarm_{name}", name) for name in ("rule_id", "told_at_id", "taken_at_id")),
        wall=Wall(kind="tenant", write="select update", columns=TAKEN, definer="select insert update"),
        schema=SCHEMA,
    )


def what_happened() -> list[Any]:
    return [
        id_(),
        column("rule_id", sa.Uuid()),
        column("subject_id", sa.Uuid(), nullable=False),
        column("station_id", sa.Uuid(), nullable=False),
        column("device_id", sa.Uuid()),
        column("kind", TEXT, nullable=False),
        column("measure", TEXT, server_default="", nullable=False),
        column("bound", AMOUNT, nullable=False),
        column("value", AMOUNT, nullable=False),
        column("since", AT, nullable=False),
        column("opened_at", AT, nullable=False),
    ]


def what_was_done() -> list[Any]:
    return [
        column("state", TEXT, server_default="open", nullable=False),
        column("told_at_id", sa.Integer(), nullable=False),
        column("told_at", AT, nullable=False),
        column("taken_by", sa.Uuid()),
        column("taken_at", AT),
        column("taken_at_id", sa.Integer()),
        column("taken_role", JSONB()),
        column("note", TEXT, server_default="", nullable=False),
        column("result", TEXT, server_default="", nullable=False),
        column("closed_at", AT),
        column("closed_by", sa.Uuid()),
    ]


def station_profile() -> None:
    numbers = ("open_hours", "hours_over_80", "hours_over_100")
    make_table(
        "station_profile",
        column("station_id", sa.Uuid(), nullable=False),
        column("since", sa.Date(), nullable=False),
        column("until", sa.Date(), nullable=False),
        column("week", JSONB(), nullable=False),
        *(column(name, sa.Numeric(7, 2), nullable=False) for name in numbers),
        column("visits", sa.Numeric(12, 2), nullable=False),
        column("mean_present", AMOUNT, nullable=False),
        column("busy_present", AMOUNT, nullable=False),
        column("peak", sa.Integer(), nullable=False),
        column("peak_at", AT),
        column("error", AMOUNT),
        column("copied_error", AMOUNT),
        column("tries", sa.Integer(), nullable=False),
        column("spread", sa.ARRAY(sa.Numeric(9, 4)), server_default="{}", nullable=False),
        column("computed_at", AT, nullable=False),
        *owned("station_profile"),
        sa.PrimaryKeyConstraint("station_id", name="pk_station_profile"),
        refers("station_profile", "station_id", f"{SCHEMA}.station.id"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update"),
        schema=SCHEMA,
    )
