"""Tenants as lists: the public directory of active ones, and those that an official or the operator answers for."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import aliased

from wuji.kit.http.lists import Asker, Column, List, Rows, level_key
from wuji.tenancy.history import CODED, NAMED, PLACE, counted, stood_below
from wuji.tenancy.models import (
    CATEGORIES,
    CHANGE_STATES,
    OPS,
    STATES,
    Tenant,
    TenantChange,
    TenantCode,
)
from wuji.tenancy.naming import CHANGED_BY

PARENT = aliased(TenantCode, name="parent_code")
CHILD = aliased(Tenant, name="child")
# A suspended ancestor takes everything below it out of the directory.
OPEN: ColumnElement[bool] = not_(Tenant.ancestors.bool_op("&&")(select(func.wuji.tenants_closed()).scalar_subquery()))
CHILDREN_COUNT = (
    select(func.count()).select_from(CHILD).where(CHILD.parent_id == Tenant.id).correlate(Tenant).scalar_subquery()
)
CODE = Column("code", TenantCode.code, sortable=True)
NAME = Column("name", Tenant.name, sortable=True)
LEVEL = Column("level", Tenant.level, sortable=True, filtered=True, grouped=True, said=level_key)
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
    columns=(*MANAGED, PARENT_CODE, Column("parent_id", Tenant.parent_id, nullable=True, exported=False)),
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


def _changes(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(TenantChange)
        .outerjoin(Tenant, Tenant.id == TenantChange.subject_id)
        .outerjoin(TenantCode, and_(TenantCode.tenant_id == TenantChange.subject_id, TenantCode.valid_to.is_(None)))
        .where(TenantChange.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    )


CHANGES = List(
    name="tenancy.changes",
    permission="tenancy.tenant.move",
    columns=(
        Column("id", TenantChange.id, exported=False),
        Column("op", TenantChange.op, filtered=True, choices=OPS),
        Column("code", TenantCode.code, nullable=True),
        Column("name", Tenant.name, nullable=True),
        Column("by", CHANGED_BY, nullable=True),
        Column("state", TenantChange.state, filtered=True, choices=CHANGE_STATES),
        Column("created_at", TenantChange.created_at, sortable=True),
        Column("expires_at", TenantChange.expires_at),
        Column("undone_at", TenantChange.undone_at, nullable=True),
        Column("reason", TenantChange.reason),
    ),
    key=TenantChange.id,
    source=_changes,
    sort="-created_at",
    since=TenantChange.created_at,
)


def _then(asker: Asker, asked: Mapping[str, Any]) -> Rows:
    day = asked["as_of"]
    stood = stood_below(asker.tenant_id, day)
    return (
        select()
        .select_from(stood)
        .join(PLACE, and_(PLACE.tenant_id == stood.c.tenant_id, counted(PLACE, day)))
        .join(NAMED, and_(NAMED.tenant_id == PLACE.tenant_id, counted(NAMED, day)))
        .join(CODED, and_(CODED.tenant_id == PLACE.tenant_id, counted(CODED, day)))
        .outerjoin(PARENT, and_(PARENT.tenant_id == PLACE.parent_id, counted(PARENT, day)))
    )


THEN = List(
    name="tenancy.then",
    permission="tenancy.tenant.read",
    columns=(
        Column("code", CODED.code, sortable=True),
        Column("name", NAMED.name, sortable=True),
        Column("level", PLACE.level, sortable=True, filtered=True, grouped=True, said=level_key),
        PARENT_CODE,
    ),
    key=PLACE.tenant_id,
    source=_then,
    sort="code",
    more={"as_of": lambda: fields.Date(required=True)},
    search=(NAMED.name, CODED.code),
)
