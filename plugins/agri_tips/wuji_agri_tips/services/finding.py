"""One tip, as far as whoever asks may see it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from wuji.api import ScopedSession, not_found
from wuji.api.models import Tenant, TenantCode, named
from wuji_agri_tips.models import Tip, TipMedia

Found = Row[*tuple[Any, ...]]
IN_RANGE = Tip.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())


def _get(session: ScopedSession, tip_id: UUID, *conditions: Any) -> Found:
    found = session.execute(
        select(
            *Tip.__table__.c,
            Tenant.name.label("tenant_name"),
            Tenant.level.label("tenant_level"),
            Tenant.ancestors,
            Tenant.parent_id,
            TenantCode.code.label("tenant_code"),
        )
        .join(Tenant, Tenant.id == Tip.tenant_id)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tip.id == tip_id, TenantCode.valid_to.is_(None), *conditions)
    ).first()
    if found is None:
        raise not_found()
    return found


def get_managed(session: ScopedSession, tip_id: UUID) -> Found:
    """A tip of the acting tenant's range, in whatever state. Raises 404."""
    return _get(session, tip_id, IN_RANGE)


def get_readable(session: ScopedSession, tip_id: UUID) -> Found:
    """A published tip that whoever asks may read here. Raises 404."""
    return _get(session, tip_id, Tip.state == "published")


def list_media(session: ScopedSession, tip_id: UUID) -> Sequence[Found]:
    """The pictures and recordings of a tip, in the order in which they are shown."""
    return session.execute(
        select(*TipMedia.__table__.c).where(TipMedia.tip_id == tip_id).order_by(TipMedia.place, TipMedia.number)
    ).all()


def get_medium(session: ScopedSession, tip_media_id: UUID) -> Found:
    """One of them, of a tip that whoever asks may read or answers for. Raises 404."""
    found = session.execute(
        select(*TipMedia.__table__.c, Tip.version.label("tip_version"), Tip.state)
        .join(Tip, Tip.id == TipMedia.tip_id)
        .where(TipMedia.id == tip_media_id, or_(Tip.state == "published", IN_RANGE))
    ).first()
    if found is None:
        raise not_found()
    return found


def find_names(session: ScopedSession, tip_id: UUID) -> Found:
    """Who wrote a tip and who reviewed it; named to whom a grant of theirs lies within reach."""
    return session.execute(
        select(named(Tip.authors[1]).label("author"), named(Tip.reviewed_by).label("reviewer")).where(Tip.id == tip_id)
    ).one()


def read_places(session: ScopedSession, tenant_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """Tenants by id, as they are shown."""
    rows = session.execute(
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.id.in_(tenant_ids), TenantCode.valid_to.is_(None))
    )
    return {row.id: {"code": row.code, "name": row.name, "level": row.level} for row in rows}
