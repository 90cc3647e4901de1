"""Tips where they are written: begun, changed, submitted, taken back, deleted."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from wuji.api import Fault, Files, ScopedSession, invalid, read_setting, record
from wuji.api.models import TenantCode
from wuji_agri_tips.almanac import read_today
from wuji_agri_tips.models import CLASSES
from wuji_agri_tips.rich_text.checking import check_tip
from wuji_agri_tips.rich_text.cleaning import clean
from wuji_agri_tips.services.finding import Found, get_managed, list_media
from wuji_agri_tips.services.keeping import drop_files, files_of
from wuji_agri_tips.services.refusals import refusals
from wuji_agri_tips.settings import REVIEW_DAYS

KIND = "agri_tips.tip"
CONTENT = ("months", "terms", "subject", "locality", "title", "summary", "body", "title_en", "summary_en")
START = text("select plugin_agri_tips.tip_start(:replaces_id)")
CHANGE = text("select plugin_agri_tips.tip_change(:tip_id, :version, cast(:content as jsonb))")
SUBMIT = text("select plugin_agri_tips.tip_submit(:tip_id, :version, :due_on)")
TAKE_BACK = text("select plugin_agri_tips.tip_take_back(:tip_id, :version)")
DROP = text("select plugin_agri_tips.tip_drop(:tip_id, :version)")


def begin_tip(session: ScopedSession, content: Mapping[str, Any]) -> Found:
    """A draft at the acting tenant."""
    with refusals():
        tip_id: UUID = session.execute(START, {"replaces_id": None}).scalar_one()
    note(session, "begin", get_managed(session, tip_id))
    return change_tip(session, tip_id, content, 1) if content else get_managed(session, tip_id)


def begin_revision(session: ScopedSession, tip_id: UUID) -> Found:
    """A draft that takes the place of a published (or withdrawn) tip once it has been reviewed; until then nothing of the
    other changes. Raises 409 where there is one already.
    """
    get_managed(session, tip_id)
    with refusals():
        made: UUID = session.execute(START, {"replaces_id": tip_id}).scalar_one()
    revision = get_managed(session, made)
    note(session, "revise", revision)
    return revision


def change_tip(session: ScopedSession, tip_id: UUID, content: Mapping[str, Any], version: int) -> Found:
    """Raises 412 for another version, 409 for a tip that is not a draft or not of the acting tenant."""
    before = get_managed(session, tip_id)
    values = read_content(session, before, content)
    with refusals():
        session.execute(CHANGE, {"tip_id": tip_id, "version": version, "content": json.dumps(values)})
    after = get_managed(session, tip_id)
    names = (*CONTENT, "reach_id", "audience_class")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    note(session, "change", after, fields=changed)
    return after


def touch_tip(session: ScopedSession, tip_id: UUID, version: int | None) -> Found:
    """A change of its pictures is a change of the tip: it has a new version, and whoever made it is an author."""
    get_managed(session, tip_id)
    with refusals():
        session.execute(CHANGE, {"tip_id": tip_id, "version": version, "content": "{}"})
    tip = get_managed(session, tip_id)
    note(session, "change", tip, fields=("media",))
    return tip


def read_content(session: ScopedSession, tip: Found, content: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept, with whom it is for."""
    values = read_values(content)
    if "audience" in content:
        values["audience_class"] = CLASSES.index(content["audience"])
    if "reach" in content:
        values["reach_id"] = get_reach(session, tip, content["reach"])
    return values


def read_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """Clean, in order, without what is there twice."""
    values = {name: content[name] for name in CONTENT if name in content}
    for name in {"months", "terms"} & values.keys():
        values[name] = sorted(set(values[name]))
    if "body" in values:
        values["body"] = clean(values["body"])
    return values


def get_reach(session: ScopedSession, tip: Found, code: str) -> int:
    """The tip's own tenant or one above it, by its code. Raises 422 for any other."""
    found = session.execute(
        select(TenantCode.tenant_id).where(
            TenantCode.code == code, TenantCode.valid_to.is_(None), TenantCode.tenant_id.in_(tip.ancestors)
        )
    ).scalar()
    if found is None:
        raise invalid(Fault("#/reach", "agri_tips.invalid.reach"))
    return found


def check(session: ScopedSession, tip: Found) -> list[Fault]:
    """What is missing before it can be reviewed."""
    content = {name: getattr(tip, name) for name in CONTENT}
    return check_tip(content, list_media(session, tip.id))


def submit_tip(session: ScopedSession, tip_id: UUID, version: int | None) -> Found:
    """Raises 422 that names everything that is missing."""
    tip = get_managed(session, tip_id)
    if faults := check(session, tip):
        raise invalid(*faults)
    due_on = read_today(session).day + timedelta(days=read_setting(session, REVIEW_DAYS))
    with refusals():
        session.execute(SUBMIT, {"tip_id": tip_id, "version": version, "due_on": due_on})
    tip = get_managed(session, tip_id)
    note(session, "submit", tip)
    return tip


def take_back_tip(session: ScopedSession, tip_id: UUID, version: int | None) -> Found:
    """Out of review; it is a draft again."""
    get_managed(session, tip_id)
    with refusals():
        session.execute(TAKE_BACK, {"tip_id": tip_id, "version": version})
    tip = get_managed(session, tip_id)
    note(session, "take_back", tip)
    return tip


def delete_draft(session: ScopedSession, files: Files, tip_id: UUID, version: int | None) -> None:
    """With its pictures. What was published once is withdrawn instead."""
    tip = get_managed(session, tip_id)
    kept = files_of(list_media(session, tip_id))
    with refusals():
        session.execute(DROP, {"tip_id": tip_id, "version": version})
    drop_files(session, files, kept)
    note(session, "delete", tip)


def note(session: ScopedSession, verb: str, tip: Found, *, fields: Sequence[str] = (), reason: str = "") -> None:
    """In the journal, under the id by which the tip is known: a draft's history is that of what it replaces."""
    subject = tip.replaces_id or tip.id
    record(session, f"agri_tips.tip.{verb}", KIND, subject, tenant_id=tip.tenant_id, fields=fields, reason=reason)
