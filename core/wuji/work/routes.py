"""Exports and jobs over HTTP."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from wuji.kit.buckets import Rate
from wuji.kit.http.download import attach
from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import PREFIX, Answer, Feature
from wuji.work.lists import JOBS
from wuji.work.permissions import MAKE
from wuji.work.schemas import ExportIn, JobOut, OwnExportIn
from wuji.work.services import get_job, get_job_file, run_inline
from wuji.work.tasks import ExportArgs, send_list

feature = Feature("work")
EXPORTS = Rate("exports", 30, 600, by="account")

serve_list(feature, "/tenants/<tenant_code>/jobs", JOBS, "list_jobs", "The account's own jobs at the tenant.")


@feature.route(
    "POST",
    "/tenants/<tenant_code>/exports",
    permission=MAKE,
    body=ExportIn,
    answer=JobOut,
    status=201,
    rate=EXPORTS,
)
def make_export(call: Call, body: Mapping[str, Any]) -> Answer:
    """Writes a list into a file, as CSV or XLSX; needs the list's own permission too."""
    args = {**body, "locale": read_locale(request)}
    job_id = run_inline(call.deployment, call.session, "list.export", args)
    place = f"{PREFIX}/tenants/{call.actor.tenant_code}/jobs/{job_id}"
    return Answer(get_job(call.session, job_id), headers={"Location": place})


@feature.route("POST", "/exports", permission="account", body=OwnExportIn, status=200, secret=True, rate=EXPORTS)
def export_without_tenant(call: Call, body: Mapping[str, Any]) -> Response:
    """A list of the deployment, or of the account itself, as CSV or XLSX; the file is the answer."""
    return attach(send_list(call.deployment, call.session, ExportArgs(**body, locale=read_locale(request))))


@feature.route("GET", "/tenants/<tenant_code>/jobs/<uuid:job_id>", permission="account", answer=JobOut)
def show_job(call: Call, job_id: UUID) -> Mapping[str, Any]:
    """One of the account's own jobs."""
    return get_job(call.session, job_id)


@feature.route("GET", "/tenants/<tenant_code>/jobs/<uuid:job_id>/file", permission="account", status=200)
def show_job_file(call: Call, job_id: UUID) -> Response:
    """The file that one of the account's own jobs has made; ranges are served."""
    return attach(get_job_file(call.deployment.files, call.session, job_id))
