"""Tips where they are reviewed: published to an audience, returned or withdrawn with a reason."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from wuji.api import Fault, Files, ScopedSession, check_version, invalid, record
from wuji_agri_tips.models import CLASSES
from wuji_agri_tips.services.finding import Found, get_managed, list_media, read_places
from wuji_agri_tips.services.keeping import drop_files, files_of, share_files
from wuji_agri_tips.services.refusals import refusals
from wuji_agri_tips.services.writing import KIND, check, get_reach, note

PUBLISH = text("select plugin_agri_tips.tip_publish(:tip_id, :version, :reach_id, :class)")
RETURN = text("select plugin_agri_tips.tip_return(:tip_id, :version, :reason)")
WITHDRAW = text("select plugin_agri_tips.tip_withdraw(:tip_id, :version, :reason)")
REST = text("select plugin_agri_tips.tips_rest(:tenant_id)")
TENANTS_IN = text("select tenant_id, tenants from plugin_agri_tips.tenants_in(:tenant_ids)")


def publish_tip(
    session: ScopedSession, files: Files, tip_id: UUID, version: int | None, *, reach: str | None, audience: str | None
) -> Found:
    """To the audience that the authors wished unless the reviewer says another, never further than the reviewer's tenant.

    Returns what is read from now on: of a change, the tip that it was made of.
    """
    tip = get_managed(session, tip_id)
    if version is not None:
        check_version(tip.version, version)
    if faults := check(session, tip):
        raise invalid(*faults)
    values = {
        "tip_id": tip_id,
        "version": version,
        "reach_id": get_reach(session, tip, reach) if reach else tip.reach_id,
        "class": CLASSES.index(audience) if audience else tip.audience_class,
    }
    before = files_of(list_media(session, tip.replaces_id)) if tip.replaces_id else set()
    with refusals():
        shown: UUID = session.execute(PUBLISH, values).scalar_one()
    published = get_managed(session, shown)
    drop_files(session, files, before)
    share_files(session, files, list_media(session, shown), published.audience)
    note(session, "publish", published)
    return published


def return_tip(session: ScopedSession, tip_id: UUID, version: int | None, reason: str) -> Found:
    """Back to the authors, who read why."""
    _need_reason(reason)
    get_managed(session, tip_id)
    with refusals():
        session.execute(RETURN, {"tip_id": tip_id, "version": version, "reason": reason})
    tip = get_managed(session, tip_id)
    note(session, "return", tip, reason=reason)
    return tip


def withdraw_tip(session: ScopedSession, files: Files, tip_id: UUID, version: int | None, reason: str) -> Found:
    """Nobody reads it any more; its place, its marks and its counts stay for when it is mended."""
    _need_reason(reason)
    get_managed(session, tip_id)
    with refusals():
        session.execute(WITHDRAW, {"tip_id": tip_id, "version": version, "reason": reason})
    share_files(session, files, list_media(session, tip_id), None)
    tip = get_managed(session, tip_id)
    note(session, "withdraw", tip, reason=reason)
    return tip


def rest_tips(session: ScopedSession, tenant_id: int) -> None:
    """What waits for review at a tenant whose module is switched off is a draft again: nobody above waits for it."""
    for subject in session.scalars(REST, {"tenant_id": tenant_id}).all():
        record(session, "agri_tips.tip.take_back", KIND, subject, tenant_id=tenant_id)


def list_audiences(session: ScopedSession, tip: Found) -> Sequence[dict[str, object]]:
    """How far a tip can reach: its own tenant and each above it, with how many tenants lie there; `may` where a reviewer of
    the acting tenant can decide it.
    """
    places = read_places(session, tip.ancestors)
    counts = {row.tenant_id: row.tenants for row in session.execute(TENANTS_IN, {"tenant_ids": tip.ancestors})}
    bound = (
        tip.ancestors.index(session.actor.tenant_id) if session.actor.tenant_id in tip.ancestors else len(tip.ancestors)
    )
    return [
        {"tenant": places[tenant_id], "tenants": counts[tenant_id], "may": place >= bound}
        for place, tenant_id in enumerate(tip.ancestors)
        if tenant_id in places and tenant_id in counts
    ]


def _need_reason(reason: str) -> None:
    if not reason:
        raise invalid(Fault("#/reason", "agri_tips.invalid.reason"))
