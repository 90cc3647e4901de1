"""People of a tenant's subtree: accounts, links, grants."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.identity.former import HELD
from wuji.identity.lists import GRANTS, ROLES
from wuji.identity.routes.feature import feature
from wuji.identity.schemas import (
    EndedOut,
    GrantIn,
    GrantOut,
    LinkOut,
    NewcomerIn,
    NewcomerOut,
    ReasonIn,
    StateIn,
    StateOut,
)
from wuji.identity.services.accounts import Link, Newcomer, add_account, get_person, get_state, make_link, set_state
from wuji.identity.services.grants import Gift, give_role, take_role
from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer

PERSON = "/tenants/<tenant_code>/accounts/<uuid:account_id>"

serve_list(feature, "/tenants/<tenant_code>/grants", GRANTS, "list_grants", "Who holds what in the subtree.")
serve_list(
    feature,
    "/tenants/<tenant_code>/former-grants",
    HELD,
    "list_former_grants",
    "Who held what in the subtree on a day, by the tree of that day.",
)
serve_list(feature, "/tenants/<tenant_code>/roles", ROLES, "list_roles", "Roles that can be given here.")


def shown_link(link: Link) -> Mapping[str, Any]:
    return {"link": link.url, "expires_at": link.expires_at}


def shown_newcomer(new: Newcomer) -> Mapping[str, Any]:
    return {"account_id": new.account_id, "role_grant_id": new.gift.role_grant_id, **shown_link(new.link)}


def shown_gift(gift: Gift) -> Mapping[str, Any]:
    return {"role_grant_id": gift.role_grant_id, "expires_at": gift.expires_at}


@feature.route(
    "POST",
    "/tenants/<tenant_code>/accounts",
    permission="identity.account.add",
    body=NewcomerIn,
    answer=NewcomerOut,
    status=201,
    secret=True,
    step_up=True,
)
def add_person(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring in a person who has no account yet, with a role here."""
    return shown_newcomer(add_account(call.session, call.deployment, tenant_id=call.actor.tenant_id, **asked))


@feature.route(
    "POST", f"{PERSON}/link", permission="identity.account.reset", answer=LinkOut, status=201, secret=True, step_up=True
)
def make_person_link(call: Call, account_id: UUID) -> Mapping[str, Any]:
    """A one-time link for somebody who lost their password."""
    return shown_link(make_link(call.session, call.deployment, get_person(call.session, account_id)))


@feature.route("GET", f"{PERSON}/state", permission="identity.account.suspend", answer=StateOut)
def show_person_state(call: Call, account_id: UUID) -> Answer:
    """Whether somebody may log in."""
    found = get_state(call.session, get_person(call.session, account_id))
    return Answer({"state": found.state}, version=found.version)


@feature.route("PUT", f"{PERSON}/state", permission="identity.account.suspend", body=StateIn, answer=StateOut)
def set_person_state(call: Call, asked: Mapping[str, Any], account_id: UUID) -> Answer:
    """Suspend somebody, which ends their sessions, or let them in again."""
    account = get_person(call.session, account_id)
    found = set_state(call.session, call.deployment.seal, account, asked["state"], version=asked_version(request))
    return Answer({"state": found.state}, version=found.version)


@feature.route(
    "POST",
    "/tenants/<tenant_code>/grants",
    permission="identity.grant.give",
    body=GrantIn,
    answer=GrantOut,
    status=201,
    step_up=True,
)
def give_grant(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give somebody who has an account a role here."""
    return shown_gift(give_role(call.session, tenant_id=call.actor.tenant_id, **asked))


@feature.route(
    "DELETE",
    "/tenants/<tenant_code>/grants/<uuid:role_grant_id>",
    permission="identity.grant.give",
    body=ReasonIn,
    answer=EndedOut,
    step_up=True,
)
def take_grant(call: Call, asked: Mapping[str, Any], role_grant_id: UUID) -> Mapping[str, Any]:
    """Take a grant, and with it whatever its holder gave away by it."""
    return {"ended": take_role(call.session, role_grant_id, asked.get("reason", ""))}
