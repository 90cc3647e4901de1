"""Account recovery over HTTP."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wuji.identity.recovery.lists import RECOVERIES
from wuji.identity.recovery.schemas import RecoveriesOut, RecoveryEndIn, RecoveryIn, RecoveryOut
from wuji.identity.recovery.services import agree_recovery, ask_recovery, end_recovery, list_own_recoveries
from wuji.identity.schemas import LinkOut
from wuji.identity.services.accounts import get_person
from wuji.kit.http.lists import serve_list
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature

feature = Feature("recovery")
RESET = "identity.account.reset"
ALL = "/tenants/<tenant_code>/account-recoveries"
ONE = f"{ALL}/<uuid:account_recovery_id>"

serve_list(feature, ALL, RECOVERIES, "list_account_recoveries", "Accounts that officials of the subtree recover.")


@feature.route(
    "POST", "/tenants/<tenant_code>/accounts/<uuid:account_id>/recovery", permission=RESET, body=RecoveryIn,
    answer=RecoveryOut, status=201, step_up=True,
)  # fmt: skip
def ask_account_recovery(call: Call, asked: Mapping[str, Any], account_id: UUID) -> Mapping[str, Any]:
    """Ask for the recovery of somebody who lost their second steps; another official agrees."""
    return ask_recovery(call.session, get_person(call.session, account_id), asked["reason"])


@feature.route("POST", f"{ONE}/agree", permission=RESET, answer=LinkOut, status=201, secret=True, step_up=True)
def agree_account_recovery(call: Call, account_recovery_id: UUID) -> Mapping[str, Any]:
    """Agree, as the second official: second steps and sessions end, and a link sets a new password."""
    link = agree_recovery(call.session, call.deployment, account_recovery_id)
    return {"link": link.url, "expires_at": link.expires_at}


@feature.route("POST", f"{ONE}/withdraw", permission=RESET, body=RecoveryEndIn)
def withdraw_account_recovery(call: Call, asked: Mapping[str, Any], account_recovery_id: UUID) -> None:
    """End a recovery that nobody should agree to."""
    end_recovery(call.session, account_recovery_id, asked.get("reason", ""))


@feature.route("GET", "/me/recoveries", permission="account", answer=RecoveriesOut)
def show_own_recoveries(call: Call) -> Mapping[str, Any]:
    """Recoveries of one's own account that wait for the second official."""
    return {"items": list_own_recoveries(call.session)}


@feature.route("DELETE", "/me/recoveries/<uuid:account_recovery_id>", permission="account")
def stop_own_recovery(call: Call, account_recovery_id: UUID) -> None:
    """Stop it: it was not asked for by oneself."""
    end_recovery(call.session, account_recovery_id, "")
