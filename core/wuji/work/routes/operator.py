"""What the operator watches: jobs that failed for good, and schedules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.work.lists import DEAD_LETTERS
from wuji.work.permissions import MEND, READ
from wuji.work.routes.feature import feature
from wuji.work.schemas import ScheduleOut, SchedulesPage
from wuji.work.services import retry_job
from wuji.work.watching import get_schedule, list_schedules, pause_schedule

DEAD, SCHEDULES = "/operator/dead-letters", "/operator/schedules"
ONE = f"{SCHEDULES}/<schedule_id>"

serve_list(
    feature, DEAD, DEAD_LETTERS, "list_dead_letters", "Jobs that failed for good: where and how, not what about."
)


@feature.route("POST", f"{DEAD}/<uuid:job_id>/retry", permission=MEND, status=204)
def retry_dead_letter(call: Call, job_id: UUID) -> None:
    """Do one of them once more, from the beginning."""
    retry_job(call.session, job_id)


@feature.route("GET", SCHEDULES, permission=READ, answer=SchedulesPage)
def list_deployment_schedules(call: Call) -> Answer:
    """Every schedule of the core and of plugins, when it ran last and runs next."""
    made = call.deployment
    items = list_schedules(call.session, made.texts, read_locale(request), made.clock())
    return Answer({"items": items, "next": None, "total": {"value": len(items), "capped": False}}, tagged=True)


@feature.route("POST", f"{ONE}/pause", permission=MEND, answer=ScheduleOut)
def pause_deployment_schedule(call: Call, schedule_id: str) -> Mapping[str, Any]:
    """Times that pass from now on are passed over."""
    return _pause(call, schedule_id, paused=True)


@feature.route("POST", f"{ONE}/resume", permission=MEND, answer=ScheduleOut)
def resume_deployment_schedule(call: Call, schedule_id: str) -> Mapping[str, Any]:
    """The next time that comes is the next one that counts."""
    return _pause(call, schedule_id, paused=False)


def _pause(call: Call, schedule_id: str, *, paused: bool) -> Mapping[str, Any]:
    pause_schedule(call.session, schedule_id, paused=paused)
    made = call.deployment
    return get_schedule(call.session, made.texts, read_locale(request), made.clock(), schedule_id)
