"""Outlines of tenants: one at a time, as a map of all right below, or from one file for a whole subtree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.exc import IntegrityError

from wuji.journal.services import record
from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, check_version, invalid, not_found
from wuji.tenancy.geometry import Outline, read_outline
from wuji.tenancy.models import Boundary, Tenant, TenantCode

FEATURES = 5_000
FAULTS = 20
LONGEST = 100
NAMED_BY = ("code", "adcode", "id", "gb", "编码", "代码")
TITLED_BY = ("name", "NAME", "名称")
# A division's code with zeros behind it, as maps have it: how many digits it has there, how many it has here.
SHORTER = ((6, 4), (12, 4), (12, 6), (12, 9))
COUNTRY = "156"
Shown = Mapping[str, Any]


def find_boundary(session: ScopedSession, tenant_id: int) -> Boundary | None:
    """The outline of one tenant; None: it has none."""
    found: Boundary | None = session.execute(select(Boundary).where(Boundary.tenant_id == tenant_id)).scalar()
    return found


def show_outline(session: ScopedSession) -> Shown:
    """Of the acting tenant; without one, version 0. Raises 404 where nobody acts at a tenant."""
    if session.actor.tenant_id is None:
        raise not_found()
    found = find_boundary(session, session.actor.tenant_id)
    names = ("geometry", "bbox", "centre", "frame")
    if found is None:
        return {**dict.fromkeys(names), "approved": "", "version": 0}
    return {**{name: getattr(found, name) for name in names}, "approved": found.approved, "version": found.version}


def put_boundary(session: ScopedSession, outline: Outline, *, approved: str, version: int) -> None:
    """Raises 412 where somebody else was faster."""
    tenant_id = session.actor.tenant_id
    if tenant_id is None:
        raise not_found()
    found = find_boundary(session, tenant_id)
    check_version(found.version if found else 0, version)
    try:
        _put(session, found, tenant_id, outline, approved)
    except IntegrityError as error:  # somebody else drew the first one, just now
        raise Problem("kit.changed_meanwhile", 412) from error


def remove_boundary(session: ScopedSession, version: int | None = None) -> None:
    """Of the acting tenant. Raises 412 where the outline is not the version that was seen, or gone."""
    found = find_boundary(session, session.actor.tenant_id or 0)
    if version is not None:
        check_version(found.version if found else 0, version)
    if found is None:
        return
    session.delete(found)
    session.flush()
    record(session, "tenancy.boundary.remove", "boundary", found.id, tenant_id=found.tenant_id)


def _put(session: ScopedSession, found: Boundary | None, tenant_id: int, outline: Outline, approved: str) -> None:
    row = found or Boundary(tenant_id=tenant_id)
    row.geometry, row.overview = outline.geometry, outline.overview
    row.bbox, row.centre = list(outline.box), list(outline.centre)
    row.frame, row.approved = outline.frame, approved
    session.add(row)
    session.flush()
    record(session, "tenancy.boundary.put", "boundary", row.id, tenant_id=tenant_id)


def read_map(session: ScopedSession) -> Shown:
    """Active tenants right below with their simplified outlines, by code."""
    if session.actor.tenant_id is None:
        raise not_found()
    rows = session.execute(
        select(TenantCode.code, Tenant.name, Tenant.level, Boundary.overview, Boundary.centre)
        .add_columns(Boundary.frame, Boundary.approved)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .outerjoin(Boundary, Boundary.tenant_id == Tenant.id)
        .where(Tenant.parent_id == session.actor.tenant_id, Tenant.state == "active", TenantCode.valid_to.is_(None))
        .where((Tenant.category == "territory") | Boundary.id.is_not(None))  # an office has no ground to be missing
        .order_by(TenantCode.code)
    ).all()
    frames = Counter(row.frame for row in rows if row.frame)
    frame = frames.most_common(1)[0][0] if frames else None
    drawn = [row for row in rows if frame and row.frame == frame]
    numbers = [row.approved for row in drawn]
    return {
        "type": "FeatureCollection",
        "features": [_feature(row) for row in drawn],
        "frame": frame,
        "approved": "、".join(dict.fromkeys(numbers)) if all(numbers) else "",
        "missing": [_place(row) for row in rows if row not in drawn],
    }


def _place(row: Row[Any]) -> Shown:
    return {"code": row.code, "name": row.name, "level": row.level}


def _feature(row: Row[Any]) -> Shown:
    properties = {**_place(row), "centre": row.centre}
    return {"type": "Feature", "id": row.code, "properties": properties, "geometry": row.overview}


@dataclass(frozen=True)
class Found:
    """A feature of a file: what it calls itself, and its outline."""

    index: int
    codes: Sequence[str]
    name: str
    outline: Outline


def read_features(sent: object, frame: str) -> list[Found]:
    """Of a FeatureCollection. Raises 422 that names every feature that cannot be taken, so that a file is mended once."""
    features = sent.get("features") if isinstance(sent, Mapping) else None
    if not isinstance(features, list) or not features:
        raise invalid(Fault("#/features", "tenancy.invalid.no_feature"))
    if len(features) > FEATURES:
        raise invalid(Fault("#/features", "tenancy.invalid.features", {"most": FEATURES}))
    found: list[Found] = []
    faults: list[Fault] = []
    for index, feature in enumerate(features):
        at = f"#/features/{index}"
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            faults.append(Fault(at, "tenancy.invalid.no_feature"))
            continue
        try:
            outline = read_outline(feature, frame, at)
        except Problem as problem:
            faults += problem.faults
        else:
            found.append(Found(index, list(_codes(feature)), _title(feature), outline))
    if faults:
        raise invalid(*faults[:FAULTS])
    return found


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, Mapping) else {}


def _codes(feature: Mapping[str, Any]) -> Iterator[str]:
    """What may be the tenant's code, the likeliest first."""
    own = _properties(feature)
    for given in (*(own.get(name) for name in NAMED_BY), feature.get("id")):
        code = str(given).strip().upper() if isinstance(given, str | int) else ""
        if code.startswith(COUNTRY) and len(code) in {9, 15}:
            code = code.removeprefix(COUNTRY)
        if code:
            yield code
        for long, short in SHORTER:
            if len(code) == long and not code[short:].strip("0"):
                yield code[:short]


def _title(feature: Mapping[str, Any]) -> str:
    own = _properties(feature)
    return next((name.strip() for name in map(own.get, TITLED_BY) if isinstance(name, str) and name.strip()), "")


def _said(text: str) -> str:
    """Half characters can be read from JSON, but not be written."""
    return text.encode("utf-8", "replace").decode()[:LONGEST]


def import_boundaries(session: ScopedSession, features: Sequence[Found], *, approved: str, replace: bool) -> Shown:
    """Gives each feature to the tenant of the acting one's subtree that has its code, or else alone has its name; says which
    belong to nobody.
    """
    tenants = session.execute(
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .where(Tenant.state == "active", TenantCode.valid_to.is_(None))
    ).all()
    matched, unmatched = _match(features, tenants)
    rows = select(Boundary).where(among(Boundary.tenant_id, [tenant.id for tenant, _ in matched]))
    there = {row.tenant_id: row for row in session.scalars(rows)}
    put: list[Shown] = []
    kept: list[Shown] = []
    for tenant, feature in matched:
        if tenant.id in there and not replace:
            kept.append(_place(tenant))
            continue
        _put(session, there.get(tenant.id), tenant.id, feature.outline, approved)
        put.append(_place(tenant))
    return {"put": put, "kept": kept, "unmatched": unmatched, "missing": read_map(session)["missing"]}


def _match(features: Sequence[Found], tenants: Sequence[Any]) -> tuple[list[tuple[Row[Any], Found]], list[Shown]]:
    by_code = {tenant.code: tenant for tenant in tenants}
    names = Counter(tenant.name for tenant in tenants)
    by_name = {tenant.name: tenant for tenant in tenants if names[tenant.name] == 1}
    matched: dict[int, tuple[Row[Any], Found]] = {}
    unmatched: list[Shown] = []
    for feature in features:
        tenant = next((by_code[code] for code in feature.codes if code in by_code), by_name.get(feature.name))
        if tenant is None or tenant.id in matched:
            code = feature.codes[0] if feature.codes else ""
            unmatched.append({"index": feature.index, "code": _said(code), "name": _said(feature.name)})
        else:
            matched[tenant.id] = tenant, feature
    return list(matched.values()), unmatched
