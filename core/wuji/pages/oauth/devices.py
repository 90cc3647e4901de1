"""`/device`: somebody types the code that a device shows, or points a phone at it, and allows the device (RFC 8628, 3.3)."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response, request

from wuji.identity.oauth.scopes import text_keys
from wuji.identity.oauth.services.consents import list_places
from wuji.identity.oauth.services.devices import MOST_NAME, Waiting, decide_device, find_waiting, read_user_code
from wuji.kit.buckets import Rate
from wuji.kit.http.limits import limit
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, deployment, open_call
from wuji.kit.problem import Problem
from wuji.pages.oauth.entering import CODE, ask_who
from wuji.pages.oauth.forms import Carried, demand_form, page
from wuji.pages.shell import say

device_pages = Blueprint("device_pages", __name__, template_folder="../templates")
TYPED = re.compile(r"[\x00-\x1f\x7f\s]+")  # what no name holds, as one blank
RATE = Rate("device_code", 20, 600, by="account")  # 20 guesses of 25,600,000,000 in the time that a code is shown


@device_pages.get("/device")
def enter() -> Response:
    """Without a code: the field for it. With one: who waits, and for what."""
    made, typed = deployment(), request.args.get(CODE, "")[:40]
    with open_call("public", None) as call:
        if not call.actor.account_id or not call.actor.session_id:
            return ask_who(made, Carried({CODE: typed}, int(made.clock().timestamp())))
        if not typed:
            return page(made, "device", typed="", said="")
        waiting = find(call, typed)
        if waiting is None:
            return page(made, "device", status=HTTPStatus.NOT_FOUND, typed=typed, said=say("oauth.device.wrong"))
        return ask(call, typed, waiting)


@device_pages.post("/device")
def decide() -> Response:
    """Fields: user_code, decision (allow or deny), tenant (a code, or empty), device_name (what the person calls it)."""
    made, typed = deployment(), request.form.get(CODE, "")[:40]
    demand_form(made, "device_ask")
    with open_call("public", None) as call:
        if not call.actor.account_id or not call.actor.session_id:
            return ask_who(made, Carried({CODE: typed}, int(made.clock().timestamp())))
        waiting, allow = find(call, typed), request.form.get("decision") == "allow"
        if waiting is None:
            return page(made, "device", status=HTTPStatus.NOT_FOUND, typed=typed, said=say("oauth.device.wrong"))
        code = request.form.get("tenant", "")
        place = next((one for one in list_places(call.session, waiting.client.id) if one.code == code), None)
        if code and allow and place is None:
            raise Problem("kit.not_found", HTTPStatus.NOT_FOUND)
        called = waiting.client.metadata.called(read_locale(request))
        name = (TYPED.sub(" ", request.form.get("device_name", "")).strip() or called)[:MOST_NAME]
        decide_device(call.session, made.seal, read_user_code(typed) or "", place if allow else None, name, allow=allow)
    return page(made, "device_done", part="allowed" if allow else "denied")


def find(call: Call, typed: str) -> Waiting | None:
    """The device that shows that code. Raises 429 for whoever guesses."""
    limit(call, RATE)
    code = read_user_code(typed)
    return find_waiting(call.session, call.deployment.seal, code) if code else None


def ask(call: Call, typed: str, waiting: Waiting) -> Response:
    made, locale = call.deployment, read_locale(request)
    return page(
        made,
        "device_ask",
        typed=typed.upper(),
        client=waiting.client.metadata.called(locale),
        owner=waiting.client.tenant_name,
        wants=wants(call, waiting.scopes),
        places=list_places(call.session, waiting.client.id),
        person=call.actor.account_name,
        most=MOST_NAME,
    )


def wants(call: Call, scopes: Sequence[str]) -> list[str]:
    return [call.deployment.texts.say(read_locale(request), f"identity.{key}") for key in text_keys(scopes)]
