"""The jobs of the account that asks: those of one tenant, and all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from wuji.kit.db.doors import by_session
from wuji.kit.http.columns import List
from wuji.kit.http.download import attach
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, session_token
from wuji.kit.http.route import Answer
from wuji.kit.http.rows import read_page
from wuji.kit.problem import Problem
from wuji.work.lists import JOBS, OWN_JOBS
from wuji.work.routes.feature import feature, shown
from wuji.work.schemas import JobOut, JobsPage
from wuji.work.services import cancel_job, get_job, get_job_file, retry_job
from wuji.work.showing import tell_job

AT, OWN = "/tenants/<tenant_code>/jobs", "/me/jobs"

feature.lists.append(JOBS)


def page(call: Call, list_: List, asked: Mapping[str, Any]) -> Answer:
    found, locale = read_page(call.session, list_, asked), read_locale(request)
    items = [tell_job(item, call.deployment.texts, locale) for item in found["items"]]
    return Answer({**found, "items": items}, tagged=True)


@feature.route("GET", AT, permission="account", query=JOBS.query(), answer=JobsPage)
def list_jobs(call: Call, asked: Mapping[str, Any]) -> Answer:
    """The account's own jobs at the tenant."""
    return page(call, JOBS, asked)


@feature.route("GET", f"{AT}/<uuid:job_id>", permission="account", answer=JobOut)
def show_job(call: Call, job_id: UUID) -> Answer:
    """One of the account's own jobs at the tenant."""
    return Answer(shown(call, job_id), tagged=True)


@feature.route("GET", f"{AT}/<uuid:job_id>/file", permission="account", status=200)
def show_job_file(call: Call, job_id: UUID) -> Response:
    """The file that one of the account's own jobs has made; ranges are served."""
    return attach(get_job_file(call.deployment.files, call.session, job_id))


@feature.route("GET", OWN, permission="account", query=OWN_JOBS.query(), answer=JobsPage)
def list_own_jobs(call: Call, asked: Mapping[str, Any]) -> Answer:
    """The account's own jobs, wherever it asked for them."""
    return page(call, OWN_JOBS, asked)


@feature.route("GET", f"{OWN}/<uuid:job_id>", permission="account", answer=JobOut)
def show_own_job(call: Call, job_id: UUID) -> Answer:
    """One of them, and how far it has come."""
    return Answer(shown(call, job_id), tagged=True)


@feature.route("POST", f"{OWN}/<uuid:job_id>/cancel", permission="account", answer=JobOut)
def cancel_own_job(call: Call, job_id: UUID) -> Mapping[str, Any]:
    """One that waits is cancelled, one that runs stops soon and leaves nothing behind."""
    cancel_job(call.session, job_id)
    return shown(call, job_id)


@feature.route("POST", f"{OWN}/<uuid:job_id>/retry", permission="account", answer=JobOut)
def retry_own_job(call: Call, job_id: UUID) -> Mapping[str, Any]:
    """Do one that failed or was cancelled once more, from the beginning."""
    retry_job(call.session, job_id)
    return shown(call, job_id)


@feature.route("GET", f"{OWN}/<uuid:job_id>/file", permission="account", status=200)
def show_own_job_file(call: Call, job_id: UUID) -> Response:
    """Its file, read where it was asked for: whoever has lost the right there has lost the file."""
    job, token = get_job(call.session, job_id), session_token(call.deployment, request)
    if job["tenant_code"] is None or token is None:
        raise Problem("work.no_file", 404)
    with call.deployment.work(by_session(token, job["tenant_code"]), read_only=True) as session:
        return attach(get_job_file(call.deployment.files, session, job_id))
