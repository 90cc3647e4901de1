"""What a newly admitted organisation still has to do. What has happened by itself needs nobody to tick it off."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, or_, select

from wuji.governance.models import PluginRule
from wuji.identity.models import Role, RoleGrant
from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import check_version
from wuji.tenancy.models import TenantProfile
from wuji.tenancy.services.profile import get_profile

# Item to the console's page where it is done.
PAGES = {"theme": "settings", "officials": "accounts", "modules": "governance"}
OFFICIALS = 2  # the head alone is one


def get_setup(session: ScopedSession) -> Mapping[str, Any]:
    """The list of the acting tenant and the version to name in If-Match. Raises 404 for an actor without its range."""
    profile = get_profile(session)
    happened = _happened(session, profile)
    items = [
        {
            "key": key,
            "done": key in happened or key not in profile.setup,
            "happened": key in happened,
            "url": f"/console/{session.actor.tenant_code}/{page}",
        }
        for key, page in PAGES.items()
    ]
    return {"items": items, "version": profile.version}


def change_setup(session: ScopedSession, done: Collection[str], version: int) -> Mapping[str, Any]:
    """`done` are all items that are; the others are open again. Raises 412 for another version."""
    profile = get_profile(session)
    check_version(profile.version, version)
    left = [key for key in PAGES if key not in done]
    if left != profile.setup:
        profile.setup = left
        record(
            session,
            "onboarding.setup.change",
            "tenant_profile",
            profile.id,
            tenant_id=profile.tenant_id,
            fields=("setup",),
        )
    return get_setup(session)


def _happened(session: ScopedSession, profile: TenantProfile) -> set[str]:
    live = (
        select(RoleGrant.id)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(RoleGrant.tenant_id == profile.tenant_id, RoleGrant.revoked_at.is_(None), Role.reach == "subtree")
        .where(or_(RoleGrant.expires_at.is_(None), RoleGrant.expires_at > func.now()))
        .limit(OFFICIALS)
    )
    # whoever is content with what stands above says no rule, and ticks it off
    ruled = select(PluginRule.id).where(PluginRule.by_tenant_id == profile.tenant_id).limit(1)
    known = {
        "theme": bool(profile.theme),
        "officials": len(session.execute(live).all()) == OFFICIALS,
        "modules": session.execute(ruled).first() is not None,
    }
    return {key for key, is_known in known.items() if is_known}
