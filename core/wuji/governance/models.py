"""Which plugins there are, and the rules that say where they are active."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wuji.kit.db.model import At, Key, Made, Model, Number, Owned, Versioned, Wall, Words


class InstalledPlugin(Model):
    """A plugin whose schema is in this database, at the version and revision that the last upgrade brought.

    `fault` is the last thing that went wrong in it, of whichever process said so.
    """

    __tablename__ = "plugin"
    __wall__ = Wall(kind="global", key=False, versioned=False, write="select", definer="select insert update delete")
    __rules__ = (CheckConstraint("state in ('active', 'suspended')", name="state"),)

    id: Mapped[Words] = mapped_column(primary_key=True)
    version: Mapped[Words]
    revision: Mapped[Words | None]
    state: Mapped[Words] = mapped_column(server_default="active")
    reason: Mapped[Words] = mapped_column(server_default="")
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    fault_at: Mapped[At | None]
    installed_at: Mapped[Made]


class PluginEpoch(Model):
    """One row: every change of a rule or of a plugin's state raises it, and each process asks whether it has risen."""

    __tablename__ = "plugin_epoch"
    __wall__ = Wall(kind="global", key=False, versioned=False, write="select", definer="select insert update")
    __rules__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[Number]


class PluginRule(Owned, Versioned, Model):
    """What stands at a tenant about a plugin, set by that tenant or by one above it (`by_tenant_id`).

    Written by definer functions alone: they, not the caller, say who set it. What it means is services/resolution.py's
    business. `stages` are `[{"on": date, "tenant_ids": [children]}]`, the last one without ids for the rest.
    """

    __tablename__ = "plugin_rule"
    __wall__ = Wall(kind="downward", write="select", definer="select insert update delete")
    __rules__ = (
        UniqueConstraint("tenant_id", "plugin_id", "by_tenant_id"),
        CheckConstraint("rule in ('require', 'offer', 'forbid', 'inherit')", name="rule"),
        CheckConstraint("is_on is null or rule = 'offer'", name="is_on"),
        CheckConstraint("stages is null or rule = 'require' or (rule = 'offer' and is_on)", name="stages"),
        CheckConstraint("paused_at is null or stages is not null", name="paused_at"),
        CheckConstraint("allows = '{}' or (reason <> '' and until is not null)", name="allows"),
        Index(None, "by_tenant_id"),
    )

    id: Mapped[Key]
    plugin_id: Mapped[Words]
    by_tenant_id: Mapped[int] = mapped_column(ForeignKey("wuji.tenant.id"))
    rule: Mapped[Words]
    is_on: Mapped[bool | None]
    reason: Mapped[Words] = mapped_column(server_default="")
    until: Mapped[date | None]
    stages: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    paused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    allows: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    set_by: Mapped[UUID | None]
