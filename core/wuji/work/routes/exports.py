"""Asking for an export."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request

from wuji.kit.buckets import Rate
from wuji.kit.http.download import attach
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import PREFIX, Answer
from wuji.work.permissions import MAKE
from wuji.work.routes.feature import feature, shown
from wuji.work.schemas import ExportIn, JobOut, OwnExportIn
from wuji.work.services import add_job, run_inline
from wuji.work.tasks import ExportArgs, is_long, send_list

EXPORTS = Rate("exports", 30, 600, by="account")


@feature.route(
    "POST",
    "/tenants/<tenant_code>/exports",
    permission=MAKE,
    body=ExportIn,
    answer=JobOut,
    status=201,
    also=202,
    rate=EXPORTS,
    step_up=True,
)
def make_export(call: Call, body: Mapping[str, Any]) -> Answer:
    """Writes a list into a file, as CSV or XLSX; needs the list's own permission too. A short one is done at once (201), a
    long one by a job that can be watched (202).
    """
    args = {**body, "locale": read_locale(request)}
    if is_long(call.deployment, call.session, ExportArgs(**args)):
        lane = f"export:{call.actor.account_id}"  # one at a time each, so that nobody keeps all others waiting
        job_id, status = add_job(call.deployment, call.session, "list.export", args, lane=lane), HTTPStatus.ACCEPTED
    else:
        job_id, status = run_inline(call.deployment, call.session, "list.export", args), HTTPStatus.CREATED
    place = f"{PREFIX}/tenants/{call.actor.tenant_code}/jobs/{job_id}"
    return Answer(shown(call, job_id), headers={"Location": place}, status=status)


@feature.route(
    "POST", "/exports", permission="account", body=OwnExportIn, status=200, secret=True, rate=EXPORTS, step_up=True
)
def export_without_tenant(call: Call, body: Mapping[str, Any]) -> Response:
    """A list of the deployment, or of the account itself, as CSV or XLSX; the file is the answer."""
    return attach(send_list(call.deployment, call.session, ExportArgs(**body, locale=read_locale(request))))
