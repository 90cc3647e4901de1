"""Residents bring themselves; whoever may, looks at them first where the place wants that."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.identity.life.purposes import ACCOUNT, said
from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.onboarding.lists import REGISTRATIONS
from wuji.onboarding.routes.feature import JOINING, feature
from wuji.onboarding.routes.newcomers import find_newcomer
from wuji.onboarding.schemas import NewResidentIn, NewResidentOut, OwnRegistrationsOut, RegistrationTermsOut, ReviewIn
from wuji.onboarding.services.registrations import (
    ask_registration,
    join_by_registration,
    list_own_registrations,
    read_terms,
    review_registration,
    withdraw_registration,
)

HERE = "/tenants/<tenant_code>/registration"
ALL = "/tenants/<tenant_code>/registrations"
REVIEW = "onboarding.registration.review"

serve_list(feature, ALL, REGISTRATIONS, "list_registrations", "Who asks, or asked, to be a resident here and below.")


@feature.route("GET", HERE, permission="public", answer=RegistrationTermsOut)
def show_registration(call: Call) -> Mapping[str, Any]:
    """Whether people can register here, and what they agree to by it."""
    place = {"code": call.actor.tenant_code, "name": call.actor.tenant_name}
    return {
        **read_terms(call.session),
        "tenant": place,
        "purpose": said(call.deployment.texts, read_locale(request), ACCOUNT),
    }


@feature.route(
    "POST", HERE, permission="public", body=NewResidentIn, answer=NewResidentOut, status=201, secret=True, rate=JOINING
)
def register_here(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask to be a resident here, with the account that is logged in or with a new one."""
    person = find_newcomer(call, asked)
    seal, note, edition = call.deployment.seal, asked.get("note", ""), asked.get("edition")
    state = (
        join_by_registration(call.session, seal, person, note, edition)
        if person
        else ask_registration(call.session, seal, note, edition)
    )
    return {"state": state, "tenant": {"code": call.actor.tenant_code, "name": call.actor.tenant_name}}


@feature.route("POST", f"{ALL}/<uuid:registration_id>/review", permission=REVIEW, body=ReviewIn)
def review_one_registration(call: Call, asked: Mapping[str, Any], registration_id: UUID) -> None:
    """Let somebody in as a resident, or not, with a reason."""
    review_registration(call.session, registration_id, asked["decision"], asked.get("reason", ""))


@feature.route("GET", "/me/registrations", permission="account", answer=OwnRegistrationsOut)
def show_own_registrations(call: Call) -> Mapping[str, Any]:
    """Where one asked to be a resident, and what became of it."""
    return {"items": list_own_registrations(call.session)}


@feature.route("DELETE", "/me/registrations/<uuid:registration_id>", permission="account")
def withdraw_own_registration(call: Call, registration_id: UUID) -> None:
    """Ask no more."""
    withdraw_registration(call.session, registration_id)
