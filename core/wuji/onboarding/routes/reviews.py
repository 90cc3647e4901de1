"""Answering applications: at the tenant that was asked and above it, for roots by the operator."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.onboarding.lists import APPLICATIONS, ROOT_APPLICATIONS
from wuji.onboarding.routes.feature import feature
from wuji.onboarding.schemas import ReviewedApplicationOut, ReviewIn
from wuji.onboarding.services.reviews import Found, get_application, review

AT_TENANT = "/tenants/<tenant_code>/applications"
OF_ROOTS = "/operator/applications"
ONE = "<uuid:application_id>"
READ, REVIEW = "onboarding.application.read", "onboarding.application.review"
SHOWN = tuple(name for name in ReviewedApplicationOut().fields if name not in {"parent", "own"})

serve_list(
    feature, AT_TENANT, APPLICATIONS, "list_applications", "Who asks, or asked, to join at the tenant and below it."
)
serve_list(feature, OF_ROOTS, ROOT_APPLICATIONS, "list_root_applications", "Who asks, or asked, to join as a root.")


def shown(call: Call, row: Found) -> Answer:
    """`own`: the reader sent it, and may not decide it."""
    parent = {"code": row.parent_code, "name": row.parent_name} if row.parent_code else None
    own = row.submitted_by is not None and row.submitted_by == call.actor.account_id
    values = {name: row._mapping[name] for name in SHOWN}  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Answer({**values, "parent": parent, "own": own}, version=row.version)


def decided(call: Call, asked: Mapping[str, Any], application_id: UUID) -> Answer:
    """If-Match, where it is sent, makes sure that the applicant has changed nothing since it was read."""
    version = asked_version(request) if request.if_match else None
    return shown(call, review(call.session, application_id, asked["decision"], asked.get("reason", ""), version))


@feature.route("GET", f"{AT_TENANT}/{ONE}", permission=READ, answer=ReviewedApplicationOut)
def show_application(call: Call, application_id: UUID) -> Answer:
    """One application, with how to reach whoever sent it."""
    return shown(call, get_application(call.session, application_id))


@feature.route("POST", f"{AT_TENANT}/{ONE}/review", permission=REVIEW, body=ReviewIn, answer=ReviewedApplicationOut)
def review_application(call: Call, asked: Mapping[str, Any], application_id: UUID) -> Answer:
    """Admit the organisation, or reject it with a reason."""
    return decided(call, asked, application_id)


@feature.route("GET", f"{OF_ROOTS}/{ONE}", permission=READ, answer=ReviewedApplicationOut)
def show_root_application(call: Call, application_id: UUID) -> Answer:
    """One application for a root."""
    return shown(call, get_application(call.session, application_id))


@feature.route("POST", f"{OF_ROOTS}/{ONE}/review", permission=REVIEW, body=ReviewIn, answer=ReviewedApplicationOut)
def review_root_application(call: Call, asked: Mapping[str, Any], application_id: UUID) -> Answer:
    """Admit a root, or reject it with a reason."""
    return decided(call, asked, application_id)
