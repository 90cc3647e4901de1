"""Programs of a tenant's subtree over HTTP: registered, changed, given another secret, removed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import request

from wuji.identity.oauth.lists import CLIENTS, MANAGE
from wuji.identity.oauth.metadata import Metadata, MetadataError, as_registered, read_metadata
from wuji.identity.oauth.routes.feature import feature
from wuji.identity.oauth.schemas import (
    ClientIn,
    ClientInvitationIn,
    ClientInvitationOut,
    ClientOut,
    RegisteredOut,
    SecretOut,
)
from wuji.identity.oauth.services.clients import (
    add_client,
    change_client,
    get_client,
    remove_client,
    rotate_secret,
)
from wuji.identity.oauth.services.registering import invite
from wuji.identity.oauth.services.sectors import check_sector
from wuji.identity.schemas import ReasonIn
from wuji.kit.calling import Caller
from wuji.kit.http.etag import asked_version
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.kit.problem import Fault, invalid

ALL = "/tenants/<tenant_code>/oauth-clients"
ONE = f"{ALL}/<client_id>"

serve_list(feature, ALL, CLIENTS, "list_oauth_clients", "Programs of others that the subtree has registered.")


def read(call: Call, asked: Mapping[str, Any]) -> Metadata:
    """Raises 422."""
    try:
        made = read_metadata(asked["metadata"])
        check_sector(call.deployment.part(Caller), made)
    except MetadataError as error:
        raise invalid(Fault("#/metadata", "identity.invalid.oauth_metadata", {"said": str(error)})) from error
    return made


@feature.route("POST", ALL, permission=MANAGE, body=ClientIn, answer=RegisteredOut, status=201, secret=True)
def add_oauth_client(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Register a program (RFC 7591); its secret is shown this once."""
    answer = add_client(call.session, call.deployment, read(call, asked), reason=asked.get("reason", ""))
    return {"client_id": answer["client_id"], "client_secret": answer.get("client_secret"), "registered": answer}


@feature.route("GET", ONE, permission=MANAGE, answer=ClientOut)
def show_oauth_client(call: Call, client_id: str) -> Answer:
    """One program, as it is registered."""
    found = get_client(call.session, client_id)
    registered = as_registered(found.client_id, found.metadata, found.created_at, None)
    shown = {
        name: getattr(found, name) for name in ("client_id", "name", "tenant", "tenant_name", "created_at", "used_at")
    }
    return Answer({**shown, "metadata": registered}, version=found.version)


@feature.route("PUT", ONE, permission=MANAGE, body=ClientIn, answer=RegisteredOut, secret=True)
def put_oauth_client(call: Call, asked: Mapping[str, Any], client_id: str) -> Answer:
    """Change what a program is registered with. It gets a secret where it needs one and had none."""
    metadata, version = read(call, asked), asked_version(request)
    found = get_client(call.session, client_id)
    changed, secret = change_client(
        call.session, call.deployment, found, metadata, version=version, reason=asked.get("reason", "")
    )
    registered = as_registered(client_id, metadata, found.created_at, secret)
    return Answer({"client_id": client_id, "client_secret": secret, "registered": registered}, version=changed)


@feature.route("POST", f"{ONE}/secret", permission=MANAGE, body=ReasonIn, answer=SecretOut, status=201, secret=True)
def rotate_oauth_client(call: Call, asked: Mapping[str, Any], client_id: str) -> Mapping[str, Any]:
    """Another secret, shown this once; the one of now works a day longer."""
    return {"client_secret": rotate_secret(call.session, call.deployment, client_id, reason=asked.get("reason", ""))}


@feature.route("DELETE", ONE, permission=MANAGE, body=ReasonIn)
def remove_oauth_client(call: Call, asked: Mapping[str, Any], client_id: str) -> None:
    """Remove a program for good; its tokens end at once."""
    remove_client(call.session, call.deployment.seal, client_id, reason=asked.get("reason", ""))


@feature.route(
    "POST",
    "/tenants/<tenant_code>/oauth-invitations",
    permission=MANAGE,
    body=ClientInvitationIn,
    answer=ClientInvitationOut,
    status=201,
    secret=True,
)
def invite_oauth_clients(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """An initial access token, shown this once: programs register themselves with it."""
    reason, valid = asked.get("reason", ""), timedelta(days=asked["days"])
    return {"token": invite(call.session, call.deployment, uses=asked["uses"], valid=valid, reason=reason)}
