"""What a tenant tells its own officials and those above of itself: whom to call, and what it is."""

from sqlalchemy import select

from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import check_version, not_found
from wuji.tenancy.models import TenantProfile


def get_profile(session: ScopedSession) -> TenantProfile:
    """Of the acting tenant. Raises 404 for an actor without its range."""
    found = session.execute(select(TenantProfile).where(TenantProfile.tenant_id == session.actor.tenant_id)).scalar()
    if found is None:
        raise not_found()
    return found


def put_profile(session: ScopedSession, *, contact: str, about: str, version: int) -> TenantProfile:
    """Raises 412 where somebody else was faster."""
    profile = get_profile(session)
    check_version(profile.version, version)
    fields = [name for name, value in (("contact", contact), ("about", about)) if getattr(profile, name) != value]
    profile.contact, profile.about = contact, about
    if fields:
        session.flush()
        record(
            session,
            "tenancy.profile.write",
            "tenant_profile",
            profile.id,
            tenant_id=profile.tenant_id,
            fields=fields,
        )
    return profile
