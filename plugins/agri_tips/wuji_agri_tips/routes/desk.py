"""Tips where they are written, at the author's own tenant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api.http import Answer, Call, asked_version, count_rows, serve_list
from wuji_agri_tips.lists import MANAGED
from wuji_agri_tips.models import STATES
from wuji_agri_tips.permissions import READ, SUBMIT, WRITE
from wuji_agri_tips.routes.feature import AT, feature, named_version
from wuji_agri_tips.routes.showing import show_managed
from wuji_agri_tips.schemas import ManagedTipOut, TipAudiencesOut, TipIn, TipStatesOut
from wuji_agri_tips.services.finding import get_managed
from wuji_agri_tips.services.reviewing import list_audiences
from wuji_agri_tips.services.writing import (
    begin_revision,
    begin_tip,
    change_tip,
    delete_draft,
    submit_tip,
    take_back_tip,
)

ALL = f"{AT}/managed-tips"
ONE = f"{ALL}/<uuid:tip_id>"
CAP = 1000

serve_list(feature, ALL, MANAGED, "list_managed_tips", "Tips of the tenant and of all below it, in every state.")


@feature.route("GET", f"{ALL}/states", permission=READ, answer=TipStatesOut)
def count_tip_states(call: Call) -> Mapping[str, Any]:
    """How many tips there are in each state, and how many wait for a decision that can be made here."""
    asked: dict[str, dict[str, str]] = {state: {"state": state} for state in STATES} | {
        "to_review": {"to_review": "yes"}
    }
    found = {name: count_rows(call.session, MANAGED, one, CAP + 1) for name, one in asked.items()}
    return {name: {"value": min(number, CAP), "capped": number > CAP} for name, number in found.items()}


@feature.route("POST", ALL, permission=WRITE, body=TipIn, answer=ManagedTipOut, status=201)
def begin_draft(call: Call, body: Mapping[str, Any]) -> Answer:
    """Begin a tip at the tenant; a draft may lack anything."""
    return show_managed(call, begin_tip(call.session, body))


@feature.route("GET", ONE, permission=READ, answer=ManagedTipOut)
def show_managed_tip(call: Call, tip_id: UUID) -> Answer:
    """A tip in whatever state, with what is missing and what may be done with it now."""
    return show_managed(call, get_managed(call.session, tip_id))


@feature.route("PATCH", ONE, permission=WRITE, body=TipIn, answer=ManagedTipOut)
def change_draft(call: Call, body: Mapping[str, Any], tip_id: UUID) -> Answer:
    """Change a draft; what is sent as HTML comes back clean."""
    return show_managed(call, change_tip(call.session, tip_id, body, asked_version(request)))


@feature.route("DELETE", ONE, permission=WRITE)
def drop_draft(call: Call, tip_id: UUID) -> None:
    """Delete a draft with its pictures. What was published is withdrawn instead."""
    delete_draft(call.session, call.deployment.files, tip_id, named_version())


@feature.route("POST", f"{ONE}/revision", permission=WRITE, answer=ManagedTipOut, status=201)
def revise_tip(call: Call, tip_id: UUID) -> Answer:
    """Begin a change of a published tip: a draft of its own that is reviewed again, while readers keep what they have."""
    return show_managed(call, begin_revision(call.session, tip_id))


@feature.route("POST", f"{ONE}/submit", permission=SUBMIT, answer=ManagedTipOut)
def submit_draft(call: Call, tip_id: UUID) -> Answer:
    """Send it to the level above; says by name and place what is missing."""
    return show_managed(call, submit_tip(call.session, tip_id, named_version()))


@feature.route("POST", f"{ONE}/take-back", permission=SUBMIT, answer=ManagedTipOut)
def take_back_draft(call: Call, tip_id: UUID) -> Answer:
    """Out of review again, before it is decided."""
    return show_managed(call, take_back_tip(call.session, tip_id, named_version()))


@feature.route("GET", f"{ONE}/audiences", permission=READ, answer=TipAudiencesOut)
def list_tip_audiences(call: Call, tip_id: UUID) -> Mapping[str, Any]:
    """How far it can reach, how many tenants lie there, and which of that can be decided here."""
    return {"audiences": list_audiences(call.session, get_managed(call.session, tip_id))}
