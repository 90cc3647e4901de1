"""Roles of a root over HTTP. The list of those that can be given stands in people.py."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.identity.routes.feature import feature
from wuji.identity.schemas import ReasonIn, RoleChangeIn, RoleIn, RoleOut
from wuji.identity.services.role_changes import Found, add_role, change_role, get_role, remove_role
from wuji.kit.http.etag import asked_version
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer

ROLES = "/tenants/<tenant_code>/roles"
ONE = f"{ROLES}/<int(max=2147483647):role_id>"
WRITE = "identity.role.write"
SHOWN = ("id", "name", "label", "labels", "reach", "class", "permissions", "held")


def shown(role: Found) -> Answer:
    return Answer({name: role._mapping[name] for name in SHOWN}, version=role.version)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


@feature.route("POST", ROLES, permission=WRITE, body=RoleIn, answer=RoleOut, status=201, step_up=True)
def make_role(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Make a role of this root, with permissions that one holds oneself."""
    return shown(add_role(call.session, call.deployment.permissions, asked))


@feature.route("GET", ONE, permission="identity.grant.read", answer=RoleOut)
def show_role(call: Call, role_id: int) -> Answer:
    """One role of this root, and how many hold it."""
    return shown(get_role(call.session, role_id))


@feature.route("PUT", ONE, permission=WRITE, body=RoleChangeIn, answer=RoleOut, step_up=True)
def put_role(call: Call, asked: Mapping[str, Any], role_id: int) -> Answer:
    """Change a role of this root; whoever holds it has the change at once."""
    version = asked_version(request)
    return shown(change_role(call.session, call.deployment.permissions, role_id, asked, version=version))


@feature.route("DELETE", ONE, permission=WRITE, body=ReasonIn, step_up=True)
def delete_role(call: Call, asked: Mapping[str, Any], role_id: int) -> None:
    """Remove a role that was never given."""
    remove_role(call.session, role_id, asked.get("reason", ""))
