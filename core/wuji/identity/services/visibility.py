"""Who can see a row, and why: roles and tenants for all, persons only inside the asker's own range."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, and_, func, null, select, text

from wuji.identity.models import RoleGrant
from wuji.kit.db.model import Model
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, forbidden, invalid, not_found
from wuji.kit.visibility import VisibleKind
from wuji.tenancy.models import Tenant, TenantCode

REACH = text("select * from wuji.reach(:tenant_id, :permission, :audience)")
CLASSES = ("public", "resident", "member", "official")  # by number, as audience tokens have them
MOST_INT = 2**31 - 1
Found = Mapping[str, Any]


def explain_visibility(
    session: ScopedSession, kinds: Mapping[str, VisibleKind], kind: str, row_id: str
) -> Mapping[str, Any]:
    """Raises 404 for a row outside the acting tenant's range, 403 naming the permission that reading such rows needs."""
    if kind not in kinds:
        raise invalid(Fault("?kind", "kit.invalid.choice", {"choices": ", ".join(sorted(kinds))}))
    asked = kinds[kind]
    if asked.permission and not session.actor.may(asked.permission):
        raise forbidden(asked.permission)
    table = Model.metadata.tables[asked.table]
    row = _get_row(session, table, asked.column, row_id)
    audience = sorted(row.audience or ())
    values = {"tenant_id": row.tenant_id, "permission": asked.permission, "audience": audience}
    reached = session.execute(REACH, values).all()
    path = _read_path(session, row.tenant_id)
    places = _read_places(session, {*path, *(token // 8 for token in audience)})
    downward = table.info["wall"].kind == "downward"
    below = [{"class": "below", "tenant": places[row.tenant_id], "roles": []}] if downward else []
    return {
        "kind": kind,
        "id": row_id,
        "owner": places[row.tenant_id],
        "ladder": [
            {"tenant": places[tenant_id], "roles": [_role(r) for r in reached if r.at == tenant_id]}
            for tenant_id in path
        ],
        "audience": below + [_shared(places, token, reached) for token in audience],
        "account": _find_person(session, row.owner) if row.owner else None,
    }


def _get_row(session: ScopedSession, table: Table, column: str, row_id: str) -> Row[Any, Any, Any]:
    """Owner, audience and person of a row; row security would also show what others share with the asker."""
    wall = table.info["wall"]
    statement = select(
        table.c.tenant_id,
        (table.c.audience if wall.audience else null()).label("audience"),
        (table.c[wall.own] if wall.own else null()).label("owner"),
    ).where(
        table.c[column] == _key(table.c[column].type.python_type, row_id),
        table.c.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()),
    )
    row = session.execute(statement).first()
    if row is None:
        raise not_found()
    return row


def _key(kind: type, row_id: str) -> object:
    """An id that cannot be one is absent, as any other that nothing has."""
    try:
        if kind is UUID:
            return UUID(row_id)
        number = int(row_id)
    except ValueError as error:
        raise not_found() from error
    if not 0 < number <= MOST_INT:
        raise not_found()
    return number


def _read_path(session: ScopedSession, tenant_id: int) -> Sequence[int]:
    path: Sequence[int] = session.execute(select(Tenant.ancestors).where(Tenant.id == tenant_id)).scalar_one()
    return path


def _read_places(session: ScopedSession, tenant_ids: Iterable[int]) -> Mapping[int, Found]:
    """By id; what the asker cannot see (suspended, elsewhere) is missing."""
    rows = session.execute(
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(Tenant.id.in_(tenant_ids))
    )
    return {row.id: {"code": row.code, "name": row.name, "level": row.level} for row in rows}


def _role(row: Row[Any]) -> Found:
    return {"name": row.name, "label": row.label, "labels": row.labels, "people": row.people, "names": row.names}


def _shared(places: Mapping[int, Found], token: int, reached: Sequence[Row[Any]]) -> Found:
    """A token says: holds the class somewhere in that tenant. Token 0 is everybody everywhere."""
    roles = [_role(row) for row in reached if row.token == token]
    return {"class": CLASSES[token % 8], "tenant": places.get(token // 8), "roles": roles}


def _find_person(session: ScopedSession, account_id: UUID) -> Found:
    """The person a row belongs to; named where a grant within the asker's range names them."""
    name = session.execute(
        select(RoleGrant.account_name)
        .where(RoleGrant.account_id == account_id, RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .order_by(RoleGrant.given_at.desc())
        .limit(1)
    ).scalar()
    return {"name": name}
