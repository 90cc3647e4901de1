"""Tenants as lists: the public directory of active ones, and those that an official or the operator answers for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import aliased

from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.tenancy.models import CATEGORIES, STATES, Tenant, TenantCode

PARENT = aliased(TenantCode, name="parent_code")
CHILD = aliased(Tenant, name="child")
# A suspended ancestor takes everything below it out of the directory.
OPEN: ColumnElement[bool] = not_(Tenant.ancestors.bool_op("&&")(select(func.wuji.tenants_closed()).scalar_subquery()))
CHILDREN_COUNT = (
    select(func.count()).select_from(CHILD).where(CHILD.parent_id == Tenant.id).correlate(Tenant).scalar_subquery()
)
CODE = Column("code", TenantCode.code, sortable=True)
NAME = Column("name", Tenant.name, sortable=True)
LEVEL = Column("level", Tenant.level, sortable=True, filtered=True)
CATEGORY = Column("category", Tenant.category, filtered=True, choices=CATEGORIES)
PARENT_CODE = Column("parent", PARENT.code, filtered=True, nullable=True)
MANAGED = (
    Column("id", Tenant.id, exported=False),
    CODE,
    NAME,
    LEVEL,
    CATEGORY,
    Column("state", Tenant.state, filtered=True, choices=STATES),
    Column("version", Tenant.version, exported=False),
    Column("children", CHILDREN_COUNT),
)


def _rows() -> Rows:
    return (
        select()
        .select_from(Tenant)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .outerjoin(PARENT, and_(PARENT.tenant_id == Tenant.parent_id, PARENT.valid_to.is_(None)))
    )


def _directory(_asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Without a parent and without words to look for: the roots, where a visitor begins."""
    found = _rows().where(Tenant.state == "active", OPEN)
    return found if "parent" in asked or "q" in asked else found.where(Tenant.parent_id.is_(None))


def _children(asker: Asker, asked: Mapping[str, Any]) -> Rows:
    """Right below the acting tenant; with another parent, a level or words to look for, anywhere below it."""
    found = _rows().where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()), Tenant.id != asker.tenant_id)
    return found if {"parent", "level", "q"} & set(asked) else found.where(Tenant.parent_id == asker.tenant_id)


def _roots(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return _rows().where(Tenant.parent_id.is_(None))


DIRECTORY = List(
    name="tenancy.tenants",
    permission="public",
    columns=(CODE, NAME, LEVEL, CATEGORY, PARENT_CODE),
    key=Tenant.id,
    source=_directory,
    sort="code",
    search=(Tenant.name, TenantCode.code),
)
CHILDREN = List(
    name="tenancy.children",
    permission="tenancy.tenant.read",
    columns=(*MANAGED, PARENT_CODE),
    key=Tenant.id,
    source=_children,
    sort="code",
    search=(Tenant.name, TenantCode.code),
)
ROOTS = List(
    name="tenancy.roots",
    permission="tenancy.tenant.read",
    columns=MANAGED,
    key=Tenant.id,
    source=_roots,
    sort="code",
    search=(Tenant.name, TenantCode.code),
    exported=False,
    outside=True,
)
