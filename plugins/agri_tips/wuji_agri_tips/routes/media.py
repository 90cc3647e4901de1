"""Pictures and recordings: sent by officials, read by whoever reads the tip."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from wuji.api import not_found
from wuji.api.http import Answer, Call, Upload, asked_version, attach
from wuji_agri_tips.permissions import WRITE
from wuji_agri_tips.routes.desk import ONE
from wuji_agri_tips.routes.feature import AT, feature, named_version
from wuji_agri_tips.routes.showing import managed, show_managed
from wuji_agri_tips.schemas import ManagedTipOut, SizeQuery, TipAttachedOut, TipMediaIn, UploadQuery
from wuji_agri_tips.services.attaching import (
    attach_medium,
    describe_medium,
    detach_medium,
    judge_by,
    open_incoming,
    read_limits,
)
from wuji_agri_tips.services.finding import get_medium

MEDIUM = f"{AT}/managed-media/<uuid:tip_media_id>"
# Whatever it holds, it is shown as a picture or played, and nothing in it runs.
CLOSED = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _limit(call: Call) -> Callable[[bytes], int]:
    return judge_by(read_limits(call.session))


@feature.route(
    "POST",
    f"{ONE}/media",
    permission=WRITE,
    query=UploadQuery,
    answer=TipAttachedOut,
    status=201,
    upload=_limit,
)
def attach_tip_media(call: Call, asked: Mapping[str, Any], tip_id: UUID, upload: Upload) -> Answer:
    """Add a picture or a recording to a draft. What it is says its content; where it was taken is taken out."""
    files = call.deployment.files
    incoming = open_incoming(upload.stream, asked["name"])
    tip, made = attach_medium(call.session, files, tip_id, named_version(), incoming)
    return Answer({"tip": managed(call, tip), "media_id": made}, version=tip.version)


@feature.route("PATCH", MEDIUM, permission=WRITE, body=TipMediaIn, answer=ManagedTipOut)
def describe_tip_media(call: Call, body: Mapping[str, Any], tip_media_id: UUID) -> Answer:
    """Alt text, caption, transcript, order; If-Match names the tip's version."""
    return show_managed(call, describe_medium(call.session, tip_media_id, body, asked_version(request)))


@feature.route("DELETE", MEDIUM, permission=WRITE, answer=ManagedTipOut)
def detach_tip_media(call: Call, tip_media_id: UUID) -> Answer:
    """Take it out of the draft."""
    return show_managed(call, detach_medium(call.session, call.deployment.files, tip_media_id, named_version()))


@feature.route("GET", f"{AT}/media/<uuid:tip_media_id>", permission="public", query=SizeQuery, status=200)
def show_tip_media(call: Call, asked: Mapping[str, Any], tip_media_id: UUID) -> Response:
    """The picture or recording itself; ranges are served. Officials see those of drafts too."""
    medium = get_medium(call.session, tip_media_id)
    wanted = {"medium": medium.medium_id, "small": medium.small_id}.get(asked.get("size", "full"))
    file = call.deployment.files.find(call.session, wanted or medium.file_id)
    if file is None:
        raise not_found()
    response = attach(file)
    response.headers["Content-Security-Policy"] = CLOSED
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
