"""What a person agreed to, and how an account ends, over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from wuji.identity.life.purposes import PURPOSES, Purpose, said
from wuji.identity.life.schemas import (
    ClosureIn,
    ClosureOut,
    ConsentIn,
    ConsentsOut,
    MergeCodeOut,
    MergeIn,
    MergePreviewOut,
)
from wuji.identity.life.services.closing import ask_closure, end_closure, read_closure
from wuji.identity.life.services.consents import give_consent, list_consents
from wuji.identity.life.services.merging import merge_account, offer_merge, preview_merge
from wuji.identity.routes.session import put_cookie
from wuji.kit.buckets import Rate
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature, write

feature = Feature("life")
MERGES = Rate("merging", 10, 3600, by="account")  # a code is guessed at by somebody who is logged in, or by nobody


@feature.route("GET", "/me/consents", permission="account", answer=ConsentsOut)
def list_own_consents(call: Call) -> Mapping[str, Any]:
    """What one agreed to, in which edition and when, and what has changed since."""
    texts, locale = call.deployment.texts, read_locale(request)
    items = list_consents(call.session)
    due = {item["purpose"] for item in items if item["due"]}
    known = [item for item in items if item["edition"] <= PURPOSES[item["purpose"]].edition]
    shown = [{**said(texts, locale, Purpose(item["purpose"], item["edition"])), **item} for item in known]
    return {"items": shown, "asked": [said(texts, locale, PURPOSES[name]) for name in sorted(due)]}


@feature.route("POST", "/me/consents", permission="account", body=ConsentIn)
def give_own_consent(call: Call, asked: Mapping[str, Any]) -> None:
    """Agree to the edition that is in force."""
    give_consent(call.session, asked["purpose"], asked["edition"])


@feature.route("GET", "/me/closure", permission="account", answer=ClosureOut)
def show_own_closure(call: Call) -> Mapping[str, Any]:
    """Whether one's account is going to end, and what has to be handed over first."""
    return read_closure(call.session)


@feature.route("POST", "/me/closure", permission="account", body=ClosureIn, answer=ClosureOut, status=201, step_up=True)
def close_own_account(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """End one's account; for seven days that can be taken back. Every other session ends at once."""
    ask_closure(call.session, call.deployment.seal, asked["login"])
    return read_closure(call.session)


@feature.route("DELETE", "/me/closure", permission="account")
def keep_own_account(call: Call) -> None:
    """Keep the account after all."""
    end_closure(call.session)


@feature.route(
    "POST",
    "/me/merge-code",
    permission="account",
    answer=MergeCodeOut,
    status=201,
    secret=True,
    rate=MERGES,
    step_up=True,
)
def make_merge_code(call: Call) -> Mapping[str, Any]:
    """A code that makes another account of one's own part of this one, for fifteen minutes."""
    code, expires_at = offer_merge(call.session, call.deployment)
    return {"code": code, "expires_at": expires_at}


@feature.route("POST", "/me/merge/preview", permission="account", body=MergeIn, answer=MergePreviewOut, rate=MERGES)
def preview_own_merge(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What would go along to the account whose code this is."""
    return preview_merge(call.session, call.deployment, read_locale(request), asked["code"])


@feature.route("POST", "/me/merge", permission="account", body=MergeIn, secret=True, rate=MERGES, step_up=True)
def merge_own_account(call: Call, asked: Mapping[str, Any]) -> Response:
    """Make this account part of the other one, and log out of it."""
    merge_account(call.session, call.deployment.seal, asked["code"])
    return put_cookie(call, write(None, 204), "")
