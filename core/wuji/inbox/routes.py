"""A person's inbox, what they want to be told, and where they can be reached."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.inbox.lists import NOTIFICATIONS
from wuji.inbox.schemas import (
    AddressesOut,
    AddressIn,
    AddressOut,
    ChoicesIn,
    ChoicesOut,
    NewAddressOut,
    NotificationsOut,
    ReadOut,
    ReadUntilIn,
    VerificationIn,
)
from wuji.inbox.services.addresses import (
    add_address,
    get_address,
    list_addresses,
    remove_address,
    send_code,
    verify_address,
)
from wuji.inbox.services.choosing import choose, get_choices
from wuji.inbox.services.reading import count_unread, list_notifications, mark_notification, mark_until
from wuji.kit.buckets import Rate
from wuji.kit.http.columns import Total
from wuji.kit.http.etag import asked_version
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer, Feature

feature = Feature("inbox")
CODES = Rate("codes", 20, 3600, by="account")
ONE, ADDRESS = "/me/notifications/<uuid:notification_id>", "/me/addresses/<uuid:address_id>"


@feature.route("GET", "/me/notifications", permission="account", query=NOTIFICATIONS.query(), answer=NotificationsOut)
def list_own_notifications(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What one was told, the newest first; with `unread=true` what has not been read."""
    return list_notifications(call.session, call.deployment.texts, read_locale(request), asked)


@feature.route("GET", "/me/notifications/count", permission="account", answer=Total)
def count_own_notifications(call: Call) -> Answer:
    """How many have not been read."""
    return Answer(count_unread(call.session), tagged=True)


@feature.route("POST", "/me/notifications/read", permission="account", body=ReadUntilIn, answer=ReadOut)
def read_own_notifications(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """All up to a moment are read."""
    return {"read": mark_until(call.session, asked["until"])}


@feature.route("POST", f"{ONE}/read", permission="account")
def read_notification(call: Call, notification_id: UUID) -> None:
    """It is read."""
    mark_notification(call.session, notification_id, read=True)


@feature.route("DELETE", f"{ONE}/read", permission="account")
def unread_notification(call: Call, notification_id: UUID) -> None:
    """It is as if it had not been read."""
    mark_notification(call.session, notification_id, read=False)


@feature.route("GET", "/me/notification-settings", permission="account", answer=ChoicesOut)
def show_notification_settings(call: Call) -> Answer:
    """Topics and channels, quiet hours, the daily digest."""
    return _choices(call)


@feature.route("PUT", "/me/notification-settings", permission="account", body=ChoicesIn, answer=ChoicesOut)
def set_notification_settings(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Choose exactly this."""
    choose(call.deployment, call.session, asked, asked_version(request))
    return _choices(call)


def _choices(call: Call) -> Answer:
    shown, version = get_choices(call.deployment, call.session, read_locale(request))
    return Answer(shown, version=version)


@feature.route("GET", "/me/addresses", permission="account", answer=AddressesOut)
def list_own_addresses(call: Call) -> Mapping[str, Any]:
    """Where one can be reached."""
    return {"items": list_addresses(call.deployment, call.session, read_locale(request))}


@feature.route(
    "POST",
    "/me/addresses",
    permission="account",
    body=AddressIn,
    answer=NewAddressOut,
    status=201,
    secret=True,
    rate=CODES,
)
def add_own_address(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name an e-mail address or a webhook; a code is sent there."""
    address_id, secret = add_address(call.deployment, call.session, asked["channel"], asked["address"])
    return {**get_address(call.deployment, call.session, address_id, read_locale(request)), "secret": secret}


@feature.route("POST", f"{ADDRESS}/code", permission="account", status=202, rate=CODES)
def send_address_code(call: Call, address_id: UUID) -> None:
    """Another code; the one before is worth nothing any more."""
    send_code(call.deployment, call.session, address_id)


@feature.route(
    "POST", f"{ADDRESS}/verification", permission="account", body=VerificationIn, answer=AddressOut, secret=True
)
def verify_own_address(call: Call, asked: Mapping[str, Any], address_id: UUID) -> Mapping[str, Any]:
    """Say the code that came there; from then on messages go there."""
    verify_address(call.deployment, call.session, address_id, asked["code"])
    return get_address(call.deployment, call.session, address_id, read_locale(request))


@feature.route("DELETE", ADDRESS, permission="account")
def remove_own_address(call: Call, address_id: UUID) -> None:
    """It is gone, with all that was on its way there."""
    remove_address(call.session, address_id)
