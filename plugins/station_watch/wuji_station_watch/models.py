"""Stations, the devices that count in them, what they said, and what follows from it.

Nothing here is about persons: a reading is a number of people or of the air. Readings, and everything that follows from them, are
written by definer functions only (functions/): a device holds no range.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.api.models import At, Key, Made, Model, Number, Numbers, Owned, Small, Versioned, Wall, Words

SCHEMA = "plugin_station_watch"
STATION, DEVICE = f"{SCHEMA}.station.id", f"{SCHEMA}.device.id"
STATION_KINDS = ("courier", "civic", "service")  # 驿站 阵地 服务站
STATION_STATES = ("open", "paused", "closed")
SERVICES = (
    "rest",
    "water",
    "charging",
    "toilet",
    "heating",
    "cooling",
    "first_aid",
    "reading",
    "wifi",
    "parcels",
    "meals",
    "legal_aid",
    "counselling",
    "government_affairs",
    "nursing_room",
    "volunteering",
)
DEVICE_KINDS = ("counter", "occupancy", "climate")
DEVICE_STATES = ("active", "revoked")
# By kind of device, what it can measure: `in` and `out` are people since its last reading, `present` is everybody there.
MEASURES = {
    "counter": ("in", "out", "battery"),
    "occupancy": ("present", "battery"),
    "climate": ("temperature", "humidity", "co2", "battery"),
}
ALL_MEASURES = tuple(dict.fromkeys(measure for some in MEASURES.values() for measure in some))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A month's readings lie in one of these, months counted in UTC: uniqueness by device, measure and time needs the check. As
# many as a year needs: the present month, thirteen before it and the next. Were one not empty when its turn comes, all would
# still be right.
MONTH = (
    "month = (extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::integer % 15"
)
PARTITIONS = tuple(f"{SCHEMA}.reading_{number:02}" for number in range(15))


class Station(Owned, Versioned, Model):
    """A place where people rest, are helped, or come together."""

    __tablename__ = "station"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", audience=True, write="select insert update", definer="select")
    __rules__ = (
        CheckConstraint(f"kind in {STATION_KINDS}", name="kind"),
        CheckConstraint(f"state in {STATION_STATES}", name="state"),
        CheckConstraint("capacity between 1 and 100000", name="capacity"),
        CheckConstraint("(longitude is null) = (latitude is null)", name="place"),
        CheckConstraint("longitude between -180 and 180 and latitude between -90 and 90", name="coordinates"),
        Index(None, "tenant_id", "name", "id"),
    )

    id: Mapped[Key]
    audience: Mapped[Numbers | None]  # everybody's where it is shown to the public, nobody's else
    name: Mapped[Words]
    kind: Mapped[Words]
    address: Mapped[Words] = mapped_column(server_default="")
    phone: Mapped[Words] = mapped_column(server_default="")  # the institution's
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(8, 6))
    capacity: Mapped[int]
    services: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(
        JSONB, server_default="{}"
    )  # {"mon": [["08:00", "21:00"]]}
    closed_on: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")  # [{"on": …, "reason": …}]
    state: Mapped[Words] = mapped_column(server_default="open")


class Device(Owned, Versioned, Model):
    """Something that counts or measures in a station. What it proves itself with is the core's (identity)."""

    __tablename__ = "device"
    __schema__ = SCHEMA
    __wall__ = Wall(
        kind="tenant",
        write="select insert update",
        columns=("name", "measures", "interval_seconds", "state", "revoked_at"),
        definer="select update",  # a tenant that becomes part of another gives it its rows
    )
    __rules__ = (
        CheckConstraint(f"kind in {DEVICE_KINDS}", name="kind"),
        CheckConstraint(f"state in {DEVICE_STATES}", name="state"),
        CheckConstraint("(state = 'revoked') = (revoked_at is not null)", name="revoked_at"),
        CheckConstraint("interval_seconds between 10 and 3600", name="interval_seconds"),
        Index("uq_device_account_id", "account_id", unique=True),
        Index(None, "station_id"),
    )

    id: Mapped[Key]
    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("wuji.account.id"))
    name: Mapped[Words]
    kind: Mapped[Words]
    measures: Mapped[list[str]] = mapped_column(ARRAY(Text))
    interval_seconds: Mapped[int] = mapped_column(server_default="60")
    state: Mapped[Words] = mapped_column(server_default="active")
    registered_at: Mapped[Made]
    revoked_at: Mapped[At | None]


class DeviceState(Owned, Model):
    """What a device said last. Beside the device, which is read and changed by people: a push must not touch its version."""

    __tablename__ = "device_state"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update")

    device_id: Mapped[UUID] = mapped_column(ForeignKey(DEVICE), primary_key=True)
    last_at: Mapped[At | None]  # of its newest reading
    last_received_at: Mapped[At]
    last_values: Mapped[dict[str, float]] = mapped_column(JSONB, server_default="{}")  # by measure, the newest
    last_times: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")  # by measure, when
    skew_seconds: Mapped[int] = mapped_column(
        server_default="0"
    )  # how far its clock goes ahead of ours; 0 up to five minutes
    gaps: Mapped[Number] = mapped_column(server_default="0")
    repeated: Mapped[Number] = mapped_column(server_default="0")
    conflicts: Mapped[Number] = mapped_column(server_default="0")
    rejected: Mapped[Number] = mapped_column(server_default="0")


class Reading(Owned, Model):
    """One number of one device at one time, the first that it said. Partitioned by month; nobody reads a partition by itself."""

    __tablename__ = "reading"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update delete")
    __partitions__ = PARTITIONS
    __rules__ = (CheckConstraint(MONTH, name="month"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey(DEVICE), primary_key=True)
    measure: Mapped[Words] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    month: Mapped[Small] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[float]


class StationState(Owned, Model):
    """How a station is now, as far as its devices have said."""

    __tablename__ = "station_state"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update")

    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION), primary_key=True)
    day: Mapped[date] = mapped_column(Date)  # as days are at the root
    present: Mapped[int]
    entered_today: Mapped[int]
    left_today: Mapped[int]
    as_of: Mapped[At]
    silent_since: Mapped[At | None]  # when the last of its devices was heard, while none is


class Slot(Owned, Model):
    """A quarter of an hour of a station. `base` is the last head count in it and `net` who came and went after that: enough to
    follow how many were there through a day without its readings.
    """

    __tablename__ = "slot"
    __schema__ = SCHEMA
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer="select insert update delete")
    __rules__ = (Index(None, "changed_at"), Index(None, "starts_at"))

    station_id: Mapped[UUID] = mapped_column(ForeignKey(STATION), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    day: Mapped[date] = mapped_column(Date)  # as days are at the root
    present_avg: Mapped[Decimal] = mapped_column(Numeric(9, 2), server_default="0")
    present_max: Mapped[int] = mapped_column(server_default="0")
    present_end: Mapped[int] = mapped_column(server_default="0")
    entered: Mapped[int] = mapped_column(server_default="0")
    left_count: Mapped[int] = mapped_column(server_default="0")
    base: Mapped[int | None]
    net: Mapped[int] = mapped_column(server_default="0")
    counted_avg: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))  # of head counts alone
    counted_max: Mapped[int | None]
    covered_seconds: Mapped[int] = mapped_column(server_default="0")
    changed_at: Mapped[Made]
