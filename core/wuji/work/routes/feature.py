"""The feature that all routes of work belong to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature
from wuji.work.services import get_job
from wuji.work.showing import tell_job

feature = Feature("work")


def shown(call: Call, job_id: UUID) -> Mapping[str, Any]:
    """A job of the account that asks, as it stands now, in its words. Raises 404."""
    return tell_job(get_job(call.session, job_id), call.deployment.texts, read_locale(request))
