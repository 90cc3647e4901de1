"""A person's own connected apps: what they allowed whom, and taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import request

from wuji.identity.oauth.metadata import Metadata
from wuji.identity.oauth.routes.feature import feature
from wuji.identity.oauth.schemas import ConnectedAppsOut
from wuji.identity.oauth.scopes import in_order
from wuji.identity.oauth.services.consents import list_consents, withdraw_consent
from wuji.identity.oauth.services.devices import end_device, list_devices
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call


@feature.route("GET", "/me/connected-apps", permission="account", answer=ConnectedAppsOut)
def list_connected_apps(call: Call) -> Mapping[str, Any]:
    """Programs that may do something in one's name."""
    devices = list_devices(call.session)
    return {"items": [shown(row, devices) for row in list_consents(call.session)]}


@feature.route("DELETE", "/me/connected-apps/<client_id>", permission="account")
def disconnect_app(call: Call, client_id: str) -> None:
    """Allow a program nothing any more; its tokens end at once."""
    withdraw_consent(call.session, call.deployment.seal, client_id)


@feature.route("DELETE", "/me/connected-devices/<uuid:oauth_family_id>", permission="account")
def disconnect_device(call: Call, oauth_family_id: UUID) -> None:
    """End what one device may do; the program's other devices stay."""
    end_device(call.session, call.deployment.seal, oauth_family_id)


def shown(row: Mapping[str, Any], devices: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    metadata = msgspec.convert(row["metadata"], Metadata)
    place = {"code": row["tenant_code"], "name": row["tenant_name"]}
    return {
        "client_id": row["client_id"],
        "name": metadata.called(read_locale(request)),
        "owner": row["owner_name"],
        "uri": metadata.client_uri,
        "tenant": place if row["tenant_code"] else None,
        "scopes": in_order(row["scopes"]),
        "given_at": row["given_at"],
        "used_at": row["used_at"],
        "devices": [device for device in devices if device["client_id"] == row["client_id"]],
    }
