"""What was counted, and its sums for every tenant above, by day, month and year. Written by definer functions alone."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Model, Number, Owned, Wall, Words

PERIODS = ("day", "month", "year")
MEASURES = ("sum", "count", "distinct", "ratio")
DEFINER = "select insert update delete"
COUNTED = Wall(kind="system", versioned=False, definer=DEFINER)


class Fact(Owned, Model):
    """What a subject was counted with last: so that a change is the difference, whatever came late, twice or not at all."""

    __tablename__ = "fact"
    __wall__ = COUNTED

    figure: Mapped[Words] = mapped_column(primary_key=True)
    subject_id: Mapped[Words] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date] = mapped_column(Date, primary_key=True)
    person: Mapped[Words] = mapped_column(primary_key=True, server_default="")
    sum: Mapped[Decimal] = mapped_column(Numeric)
    part: Mapped[Decimal] = mapped_column(Numeric)
    n: Mapped[Number]


class Rollup(Owned, Model):
    """One figure of a tenant with all that lies below it, in one period. n: of how many facts."""

    __tablename__ = "rollup"
    __wall__ = Wall(kind="tenant", versioned=False, write="select", definer=DEFINER)
    __rules__ = (
        CheckConstraint(f"period in {PERIODS}", name="period"),
        Index("ix_rollup_starts_on", "figure", "period", "starts_on", "pos"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[Words] = mapped_column(primary_key=True)
    period: Mapped[Words] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    sum: Mapped[Decimal] = mapped_column(Numeric)
    part: Mapped[Decimal] = mapped_column(Numeric)
    n: Mapped[Number]
    people: Mapped[Number]


class RollupPerson(Owned, Model):
    """In how many facts of a tenant's subtree and a period a person occurs: what makes distinct counts exact."""

    __tablename__ = "rollup_person"
    __wall__ = COUNTED

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[Words] = mapped_column(primary_key=True)
    period: Mapped[Words] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    person: Mapped[Words] = mapped_column(primary_key=True)
    n: Mapped[Number]


class RollupState(Owned, Model):
    """One figure at one root. Whoever counts holds this row: one writer at a time, who reads what all before it have written."""

    __tablename__ = "rollup_state"
    __wall__ = COUNTED
    __rules__ = (CheckConstraint(f"measure in {MEASURES}", name="measure"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[Words] = mapped_column(primary_key=True)
    measure: Mapped[Words]
    people: Mapped[bool]
    swept_at: Mapped[At | None]  # everything that had changed up to then has been counted; null: never


class FactFormer(Model):
    """Up to a day on which tenants were merged, or a merge was taken back, so much of a subject was counted at another tenant."""

    __tablename__ = "fact_former"
    __wall__ = Wall(kind="system", key=False, versioned=False, definer="select insert delete")
    __rules__ = (Index(None, "figure", "until"), Index(None, "from_id"), Index(None, "to_id"))

    id: Mapped[Key]
    figure: Mapped[Words]
    subject_id: Mapped[Words]
    from_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    until: Mapped[date] = mapped_column(Date)
    happened_on: Mapped[date] = mapped_column(Date)
    person: Mapped[Words]
    sum: Mapped[Decimal] = mapped_column(Numeric)
    part: Mapped[Decimal] = mapped_column(Numeric)
    n: Mapped[Number]
