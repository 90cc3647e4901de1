"""Applying, and coming back with the token. Nobody needs an account for it."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.request import Call
from wuji.onboarding.routes.feature import JOINING, feature
from wuji.onboarding.schemas import (
    ApplicationAmendIn,
    ApplicationIn,
    ApplicationTokenIn,
    AppliedOut,
    OwnApplicationOut,
)
from wuji.onboarding.services.applications import amend, apply, fetch_link, get_own_application, withdraw

SHOWN = (
    "parent",
    "name",
    "code",
    "level",
    "category",
    "wish",
    "contact_name",
    "contact_phone",
    "contact_email",
    "state",
    "submitted_at",
    "decided_at",
    "reason",
    "tenant_code",
    "login",
)


def shown(call: Call, token: str) -> Mapping[str, Any]:
    found = get_own_application(call.session, token)
    link = fetch_link(call.session, call.deployment, token) if found["link_due"] else None
    return {**{name: found[name] for name in SHOWN}, "link": link}


@feature.route(
    "POST",
    "/applications",
    permission="public",
    body=ApplicationIn,
    answer=AppliedOut,
    status=201,
    secret=True,
    rate=JOINING,
)
def apply_to_join(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """An organisation asks to join; the tenant above it answers, or for a root the operator."""
    token = apply(call.session, call.deployment.seal, request.remote_addr or "", asked)
    return {"token": token, "state": "open"}


@feature.route(
    "POST",
    "/applications/status",
    permission="public",
    body=ApplicationTokenIn,
    answer=OwnApplicationOut,
    secret=True,
)
def show_own_application(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What became of one's application. Once it is accepted, the new head's link comes with the first answer."""
    return shown(call, asked["token"])


@feature.route(
    "POST",
    "/applications/amend",
    permission="public",
    body=ApplicationAmendIn,
    answer=OwnApplicationOut,
    secret=True,
    rate=JOINING,
)
def amend_own_application(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Change an open application, or ask again after a rejection."""
    amend(call.session, call.deployment.seal, asked["token"], asked)
    return shown(call, asked["token"])


@feature.route("POST", "/applications/withdraw", permission="public", body=ApplicationTokenIn, secret=True)
def withdraw_own_application(call: Call, asked: Mapping[str, Any]) -> None:
    """Take the application back; how to reach the contact is forgotten at once."""
    withdraw(call.session, call.deployment.seal, asked["token"])
