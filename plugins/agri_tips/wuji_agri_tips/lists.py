"""Tips as lists: those that can be read at a place, and those that its officials answer for."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, and_, any_, exists, func, or_, select
from sqlalchemy.orm import aliased

from wuji.api.http import Asker, Choice, Column, List, Rows, Whole, level_key
from wuji.api.models import Tenant, TenantCode, named
from wuji_agri_tips.models import MONTHS, STATES, TERMS, CropChoice, Tip, TipMedia
from wuji_agri_tips.permissions import READ
from wuji_agri_tips.schemas import Counted

REVIEWER = aliased(Tenant, name="reviewer")
REACH, REACH_CODE = aliased(Tenant, name="reach"), aliased(TenantCode, name="reach_code")
FUNCTIONS = func.plugin_agri_tips
# The picture that stands for a tip: the first of them.
PICTURE = (
    select(TipMedia.id)
    .where(TipMedia.tip_id == Tip.id, TipMedia.kind == "picture")
    .order_by(TipMedia.place, TipMedia.number)
    .limit(1)
    .correlate(Tip)
    .scalar_subquery()
)
ALT = (
    select(TipMedia.alt)
    .where(TipMedia.tip_id == Tip.id, TipMedia.kind == "picture")
    .order_by(TipMedia.place, TipMedia.number)
    .limit(1)
    .correlate(Tip)
    .scalar_subquery()
)
HELPFUL: ColumnElement[int] = FUNCTIONS.tip_sum(Tip.id, "helpful", type_=TipMedia.size.type)
READS: ColumnElement[int] = FUNCTIONS.tip_sum(Tip.id, "reads", type_=TipMedia.size.type)
# Where a reviewer of the acting tenant can decide: below it; at the root also its own.
TO_REVIEW: ColumnElement[bool] = and_(
    Tip.state == "in_review", or_(Tip.tenant_id != func.wuji.scope_tenant(), Tenant.parent_id.is_(None))
)
HERE: ColumnElement[bool] = Tip.audience.bool_op("&&")(func.wuji.scope_tokens())
WITH_TENANT = (
    Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
    Column("tenant_name", Tenant.name),
    Column("tenant_level", Tenant.level, grouped=True, said=level_key),
)
WHAT = (
    Column("id", Tip.id),
    Column("title", Tip.title, sortable=True),
    Column("summary", Tip.summary),
    Column("title_en", Tip.title_en),
    Column("summary_en", Tip.summary_en),
    Column("subject", Tip.subject, filtered=True),
    Column("months", Tip.months),
    Column("terms", Tip.terms),
    Column("locality", Tip.locality),
)


def _tips() -> Rows:
    return (
        select()
        .select_from(Tip)
        .join(Tenant, Tenant.id == Tip.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .outerjoin(REVIEWER, REVIEWER.id == Tip.reviewed_at_id)
    )


def _narrowed(rows: Rows, asked: Mapping[str, Any]) -> Rows:
    """By what no column holds alone: a month (with `ahead` also so many after it) or a term among several."""
    if "month" in asked and "ahead" in asked:
        one = func.unnest(Tip.months).column_valued("one")
        after = (one - asked["month"] + len(MONTHS)) % len(MONTHS)
        rows = rows.where(select(one).where(after <= asked["ahead"]).correlate(Tip).exists())
    elif "month" in asked:
        rows = rows.where(asked["month"] == any_(Tip.months))
    if "term" in asked:
        rows = rows.where(asked["term"] == any_(Tip.terms))
    return rows


def _readable(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Published to where the reader stands. Officials see what others see there, not all that lies below them."""
    rows = _narrowed(_tips().where(Tip.state == "published", HERE), asked)
    if "level" in asked:
        rows = rows.where(Tenant.level == asked["level"])
    if "mine" in asked:  # row security shows nobody another's choice
        rows = rows.where(exists().where(Tip.subject == any_(CropChoice.crops)))
    return rows


def _managed(asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Of the acting tenant and all below it; a tip that is being changed stands there twice, once as its draft."""
    rows = _narrowed(_tips(), asked).where(Tip.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    rows = rows.join(REACH, REACH.id == Tip.reach_id).join(
        REACH_CODE, and_(REACH_CODE.tenant_id == REACH.id, REACH_CODE.valid_to.is_(None))
    )
    if "level" in asked:
        rows = rows.where(Tenant.level == asked["level"])
    if "to_review" in asked:
        rows = rows.where(TO_REVIEW)
    if "own" in asked:
        rows = rows.where(asker.account_id == any_(Tip.authors))
    return rows


def _flag() -> fields.Field[Any]:
    """There or not: only `yes` can be asked."""
    return Choice("yes")


NARROWING: Mapping[str, Callable[[], fields.Field[Any]]] = {
    "month": lambda: Counted(MONTHS),
    "ahead": lambda: Counted(range(len(MONTHS))),
    "term": lambda: Counted(TERMS),
    "level": Whole,
}
TIPS = List(
    name="agri_tips.tips",
    permission="public",
    columns=(
        *WHAT,
        *WITH_TENANT,
        Column("reviewer_name", REVIEWER.name, nullable=True),
        Column("published_at", Tip.published_at, sortable=True),
        Column("helpful", HELPFUL, sortable=True, summed=True),
        Column("picture_id", PICTURE, nullable=True),
        Column("picture_alt", ALT, nullable=True),
    ),
    key=Tip.id,
    source=_readable,
    sort="-published_at",
    search=(Tip.title, Tip.summary, Tip.title_en, Tip.summary_en, Tip.locality),
    exported=False,
    more={**NARROWING, "mine": _flag},
)
MANAGED = List(
    name="agri_tips.managed_tips",
    permission=READ,
    columns=(
        *WHAT,
        Column("state", Tip.state, filtered=True, choices=STATES),
        *WITH_TENANT,
        Column("author", named(Tip.authors[1]), nullable=True),
        Column("reach", REACH_CODE.code),
        Column("reach_name", REACH.name),
        Column("audience_class", Tip.audience_class, filtered=True),
        Column("replaces_id", Tip.replaces_id, nullable=True),
        # what waits longest comes first where that is asked: the day of submission, or else of the last change
        Column("waiting_since", func.coalesce(Tip.submitted_at, Tip.updated_at), sortable=True),
        Column("due_on", Tip.due_on, nullable=True),
        Column("reason", Tip.reason),
        Column("reviewer_name", REVIEWER.name, nullable=True),
        Column("published_at", Tip.published_at, nullable=True),
        Column("updated_at", Tip.updated_at, sortable=True),
        Column("reads", READS, sortable=True, summed=True),
        Column("helpful", HELPFUL, sortable=True, summed=True),
    ),
    key=Tip.id,
    source=_managed,
    sort="-updated_at",
    search=(Tip.title, Tip.summary, Tip.locality, Tenant.name),
    more={**NARROWING, "to_review": _flag, "own": _flag},
)
