"""A person's own account, sessions and password."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from wuji.identity.access_log import ACCESS
from wuji.identity.copying import copy_own
from wuji.identity.models import Account
from wuji.identity.routes.feature import feature
from wuji.identity.routes.session import put_cookie
from wuji.identity.schemas import AccountOut, EndedOut, MeIn, MeOut, OwnCopyOut, PasswordIn, SessionsOut
from wuji.identity.services.own import change_account, change_password, get_account, list_own_grants
from wuji.identity.services.sessions import end_session, end_sessions, list_sessions
from wuji.kit.buckets import Rate
from wuji.kit.http.download import disposition
from wuji.kit.http.etag import asked_version
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer, write
from wuji.kit.http.rows import read_page

COPIES = Rate("copies", 10, 3600, by="account")


def shown(account: Account) -> Mapping[str, Any]:
    return {"id": account.id, "login": account.login, "name": account.name, "locale": account.locale}


@feature.route("GET", "/me", permission="account", answer=MeOut)
def show_me(call: Call) -> Answer:
    """The acting account, and what it holds where."""
    account = get_account(call.session)
    return Answer({"account": shown(account), "grants": list_own_grants(call.session)}, version=account.version)


@feature.route("PATCH", "/me", permission="account", body=MeIn, answer=AccountOut)
def change_me(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Change one's name or language."""
    account = change_account(call.session, asked, asked_version(request))
    return Answer(shown(account), version=account.version)


@feature.route("POST", "/me/password", permission="account", body=PasswordIn, secret=True)
def change_own_password(call: Call, asked: Mapping[str, Any]) -> None:
    """Set a new password; every other session ends."""
    address = request.remote_addr or ""
    change_password(call.session, call.deployment.seal, address, asked["present_password"], asked["password"])


@feature.route("GET", "/me/sessions", permission="account", answer=SessionsOut)
def list_own_sessions(call: Call) -> Mapping[str, Any]:
    """Where one is logged in."""
    return {"items": list_sessions(call.session)}


@feature.route("DELETE", "/me/sessions", permission="account", answer=EndedOut)
def end_other_sessions(call: Call) -> Mapping[str, Any]:
    """Log out everywhere else."""
    return {"ended": end_sessions(call.session, call.deployment.seal)}


@feature.route("DELETE", "/me/sessions/<uuid:account_session_id>", permission="account")
def end_own_session(call: Call, account_session_id: UUID) -> Response:
    """Log out on one device."""
    end_session(call.session, call.deployment.seal, account_session_id)
    response = write(None, 204)
    return put_cookie(call, response, "") if account_session_id == call.actor.session_id else response


@feature.route("GET", "/me/access-log", permission="account", query=ACCESS.query(), answer=ACCESS.page())
def list_own_access(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What happened to one's account, by whomever, newest first."""
    page, say, locale = read_page(call.session, ACCESS, asked), call.deployment.texts.say, read_locale(request)
    items = [{**item, "said": say(locale, item["verb"].replace(".", ".verb.", 1))} for item in page["items"]]
    return {**page, "items": items}


@feature.route("POST", "/me/copy", permission="account", answer=OwnCopyOut, secret=True, rate=COPIES, step_up=True)
def copy_own_data(call: Call) -> Answer:
    """A copy of what is kept of oneself, as a file to take along."""
    name = f"wuji-{get_account(call.session).login}.json"
    return Answer(copy_own(call.session, call.deployment), headers={"Content-Disposition": disposition(name)})
