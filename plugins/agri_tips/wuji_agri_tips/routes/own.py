"""What belongs to one person alone: chosen crops, helpful marks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api.http import Answer, Call, asked_version
from wuji_agri_tips.routes.feature import AT, feature
from wuji_agri_tips.schemas import CropsIn, CropsOut, TipHelpfulIn, TipMarkOut
from wuji_agri_tips.services.crops import choose_crops, get_crops
from wuji_agri_tips.services.figures import mark_helpful


@feature.route("GET", f"{AT}/crops", permission="account", answer=CropsOut)
def show_crops(call: Call) -> Answer:
    """The crops and animals that whoever asks has chosen."""
    crops, version = get_crops(call.session)
    return Answer({"crops": crops}, version=version)


@feature.route("PUT", f"{AT}/crops", permission="account", body=CropsIn, answer=CropsOut)
def set_crops(call: Call, body: Mapping[str, Any]) -> Answer:
    """Choose exactly these."""
    crops, version = choose_crops(call.session, body["crops"], asked_version(request))
    return Answer({"crops": crops}, version=version)


@feature.route("POST", f"{AT}/tips/<uuid:tip_id>/helpful", permission="account", body=TipHelpfulIn, answer=TipMarkOut)
def mark_tip(call: Call, body: Mapping[str, Any], tip_id: UUID) -> Mapping[str, Any]:
    """Say that a tip helped, or take that back. Nobody else sees who said it."""
    return mark_helpful(call.session, tip_id, wanted=body["on"])
