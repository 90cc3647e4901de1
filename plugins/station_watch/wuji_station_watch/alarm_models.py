"""What a level wants to be told of, what it was told, and what a station is like in a usual week.

Alarms are opened and escalated by definer functions only (functions/alarms.sql); people take and close them.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.api.models import At, Key, Model, Owned, Small, Versioned, Wall, Words
from wuji_station_watch.models import DEVICE, SCHEMA, STATION

RULE_KINDS = ("silent", "full", "reading")
ALARM_STATES = ("open", "taken", "closed")
RULED = ("temperature", "humidity", "co2", "battery")  # measures that have limits
RULE = f"{SCHEMA}.alarm_rule.id"


class AlarmRule(Owned, Versioned, Model):
    """Stands at a tenant and speaks of all stations at and below it; those below read what is watched in their stations."""

    __tablename__ = "alarm_rule"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="downward", definer="select")
    __rules__ = (
        CheckConstraint(f"kind in {RULE_KINDS}", name="kind"),
        CheckConstraint("minutes between 0 and 1440", name="minutes"),
        CheckConstraint("escalate_minutes between 1 and 1440", name="escalate_minutes"),
        CheckConstraint("(kind = 'full') = (share is not null) and share between 10 and 200", name="share"),
        CheckConstraint(
            "(kind = 'reading') = (measure <> '') and (kind = 'reading') = (low is not null or high is not null)",
            name="measure",
        ),
        CheckConstraint("low < high", name="limits"),
        Index(None, "tenant_id"),
    )

    id: Mapped[Key]
    kind: Mapped[Words]
    measure: Mapped[Words] = mapped_column(server_default="")
    share: Mapped[Small | None]  # percent of what a station holds
    low: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    high: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    minutes: Mapped[Small]  # how long it must last
    escalate_minutes: Mapped[Small | None]  # untaken for so long, it goes to the level above
    is_on: Mapped[bool] = mapped_column(server_default=text("true"))


class AlarmPending(Model):
    """Since when something is as a rule says it must not be: an alarm opens when that has lasted."""

    __tablename__ = "alarm_pending"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (Index(None, "station_id"),)

    rule_id: Mapped[UUID] = mapped_column(ForeignKey(RULE, ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)  # the device, or the station
    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION, ondelete="CASCADE"))
    since: Mapped[At]


class Alarm(Owned, Versioned, Model):
    """Of a rule and a device or station, one at a time. It belongs to the station's tenant; `told_at_id` is the level that is
    told: first the rule's, then those above it.
    """

    __tablename__ = "alarm"
    __schema__ = SCHEMA
    __wall__ = Wall(
        kind="tenant",
        write="select update",
        columns=(
            "state",
            "taken_by",
            "taken_at",
            "taken_at_id",
            "taken_role",
            "note",
            "result",
            "closed_at",
            "closed_by",
        ),
        definer="select insert update",
    )
    __rules__ = (
        CheckConstraint(f"state in {ALARM_STATES}", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed_at"),
        CheckConstraint("state <> 'taken' or taken_at is not null", name="taken_at"),
        Index("uq_alarm_subject_id", "subject_id", "rule_id", unique=True, postgresql_where=text("state <> 'closed'")),
        Index(None, "station_id", "opened_at"),
        Index(None, "tenant_id", "opened_at", "id"),
        Index(None, "rule_id"),
        Index(None, "told_at_id"),
        Index(None, "taken_at_id"),
    )

    id: Mapped[Key]
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey(RULE, ondelete="SET NULL"))
    subject_id: Mapped[UUID]
    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey(DEVICE))
    kind: Mapped[Words]
    measure: Mapped[Words] = mapped_column(server_default="")
    bound: Mapped[Decimal] = mapped_column(Numeric(9, 2))  # what it went beyond: minutes, percent, or the measure's
    value: Mapped[Decimal] = mapped_column(Numeric(9, 2))  # the last one, in the same
    since: Mapped[At]
    opened_at: Mapped[At]
    state: Mapped[Words] = mapped_column(server_default="open")
    told_at_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    told_at: Mapped[At]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))
    taken_at: Mapped[At | None]
    taken_at_id: Mapped[int | None] = mapped_column(ForeignKey("wuji.tenant.id"))
    taken_role: Mapped[dict[str, str] | None] = mapped_column(
        JSONB
    )  # by language: people elsewhere know a role, no name
    note: Mapped[Words] = mapped_column(server_default="")
    result: Mapped[Words] = mapped_column(server_default="")
    closed_at: Mapped[At | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("wuji.account.id"))  # null: it was over by itself


class StationProfile(Owned, Model):
    """What a station's last eight weeks come to, computed each night from its quarter hours: lists and comparisons of a whole
    subtree read one row a station.
    """

    __tablename__ = "station_profile"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update")

    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION), primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)  # the last day that counts
    week: Mapped[list[list[float | None]]] = mapped_column(JSONB)  # mean people by weekday and hour
    open_hours: Mapped[Decimal] = mapped_column(Numeric(7, 2))  # a week, as those that follow
    hours_over_80: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    hours_over_100: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    visits: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    mean_present: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    busy_present: Mapped[Decimal] = mapped_column(Numeric(9, 2))  # not exceeded in 95 of 100 open quarter hours
    peak: Mapped[int]
    peak_at: Mapped[At | None]
    error: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))  # of the forecast, in people
    copied_error: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))  # of copying the week before
    tries: Mapped[int]
    spread: Mapped[list[float]] = mapped_column(ARRAY(Numeric(9, 4)), server_default="{}")
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PlaceProfile(Model):
    """How far off forecasts of everybody at and below a tenant are, tried each night on their sum: errors of stations do not add
    up. Only the functions read it (functions/profiles.sql).
    """

    __tablename__ = "place_profile"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")

    place_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"), primary_key=True, autoincrement=False)
    error: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))  # as a station's
    copied_error: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    tries: Mapped[int]
    spread: Mapped[list[float]] = mapped_column(ARRAY(Numeric(9, 4)), server_default="{}")
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
