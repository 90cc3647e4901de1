"""The tree of a day that is past, out of the history alone: no later change alters it."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from wuji.tenancy.models import TenantCode, TenantName, TenantPlace

PLACE, LOWER = aliased(TenantPlace, name="place"), aliased(TenantPlace, name="lower")
NAMED, CODED = aliased(TenantName, name="named"), aliased(TenantCode, name="coded")


def counted(history: Any, day: Any) -> ColumnElement[bool]:
    """Of what a tenant was called, coded and attached to, what counted on a day: up to the one on which the next one came."""
    return and_(history.valid_from <= day, or_(history.valid_to.is_(None), history.valid_to > day))


def stood_below(tenant_id: Any, day: Any) -> CTE:
    """The tenant and all that stood below it on a day."""
    top = select(PLACE.tenant_id).where(PLACE.tenant_id == tenant_id, counted(PLACE, day))
    stood = top.cte("stood", recursive=True)
    below = select(LOWER.tenant_id).join(stood, LOWER.parent_id == stood.c.tenant_id)
    return stood.union(below.where(counted(LOWER, day)))
