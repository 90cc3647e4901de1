"""Tips where they are reviewed: at the level above."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wuji.api.http import Answer, Call
from wuji_agri_tips.permissions import REVIEW, WITHDRAW
from wuji_agri_tips.routes.desk import ONE
from wuji_agri_tips.routes.feature import feature, named_version
from wuji_agri_tips.routes.showing import show_managed
from wuji_agri_tips.schemas import ManagedTipOut, TipReasonIn, TipReviewIn
from wuji_agri_tips.services.reviewing import publish_tip, return_tip, withdraw_tip


@feature.route("POST", f"{ONE}/review", permission=REVIEW, body=TipReviewIn, answer=ManagedTipOut)
def review_tip(call: Call, body: Mapping[str, Any], tip_id: UUID) -> Answer:
    """Publish it to an audience, or return it with a reason. If-Match makes sure that it is what was read."""
    version = named_version()
    if body["decision"] == "return":
        return show_managed(call, return_tip(call.session, tip_id, version, body.get("reason", "")))
    files = call.deployment.files
    wish = {"reach": body.get("reach"), "audience": body.get("audience")}
    return show_managed(call, publish_tip(call.session, files, tip_id, version, **wish))


@feature.route("POST", f"{ONE}/withdraw", permission=WITHDRAW, body=TipReasonIn, answer=ManagedTipOut)
def withdraw_published(call: Call, body: Mapping[str, Any], tip_id: UUID) -> Answer:
    """Nobody reads it any more; it says why to those who answer for it."""
    return show_managed(
        call, withdraw_tip(call.session, call.deployment.files, tip_id, named_version(), body["reason"])
    )
