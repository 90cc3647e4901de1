"""Sums as a list, to be taken along: of the acting tenant and those right below it. What counts persons is not in it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Date, Text, and_, cast, func, or_, select

from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.rollup.models import PERIODS, Rollup
from wuji.rollup.permissions import READ
from wuji.tenancy.models import Tenant, TenantCode

ROW = func.concat_ws(
    "/", cast(Rollup.starts_on, Text), TenantCode.code, Rollup.figure, Rollup.period, type_=Text(collation="C")
)


def _sums(asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(Rollup)
        .join(Tenant, Tenant.id == Rollup.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(
            or_(Tenant.parent_id == asker.tenant_id, Tenant.id == asker.tenant_id),
            Rollup.people == 0,
        )
    )


SUMS = List(
    name="rollup.sums",
    permission=READ,
    columns=(
        Column("tenant", TenantCode.code, sortable=True, filtered=True),
        Column("tenant_name", Tenant.name),
        Column("level", Tenant.level, filtered=True),
        Column("figure", Rollup.figure, sortable=True, filtered=True),
        # counting sums says nothing: no chart
        Column(
            "period",
            Rollup.period,
            filtered=True,
            choices=PERIODS,
            key=lambda period: f"rollup.period.{period}",
            grouped=False,
        ),
        Column("starts_on", cast(Rollup.starts_on, Date), sortable=True, grouped=False),
        Column("sum", Rollup.sum),
        Column("part", Rollup.part),
        Column("n", Rollup.n),
    ),
    key=ROW,
    source=_sums,
    sort="-starts_on",
)
