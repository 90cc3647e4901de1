"""Who must prove more before a call goes on: where officials need two factors, and for what asks for a fresh proof."""

from http import HTTPStatus

from sqlalchemy import text

from wuji.kit.db.doors import Actor
from wuji.kit.http.request import Call, challenge
from wuji.kit.problem import Problem

DUE = text("select wuji.step_up_due(:at, :acr)")
OPEN = frozenset({"public", "account"})  # nothing official
SET_UP, RENEW = "set_up", "new_password"
SLUGS = {SET_UP: "kit.factor_missing", RENEW: "kit.password_old"}


def demand_proven(call: Call, permission: str, *, step_up: bool) -> None:
    """Raises 403 with how to mend it in `how`; to a program 401, so that it sends the person to log in (RFC 9470)."""
    actor = call.actor
    if actor.account_id is None:
        return
    due = actor.weak if permission not in OPEN else None
    if due is None and step_up and actor.auth_time:  # a program of nobody's proves itself by each call
        due = call.session.execute(DUE, {"at": actor.auth_time, "acr": actor.acr}).scalar_one_or_none()
    if due:
        raise _refusal(actor, due)


def _refusal(actor: Actor, due: str) -> Problem:
    if actor.scopes is None:
        return Problem(SLUGS.get(due, "kit.step_up_needed"), HTTPStatus.FORBIDDEN, members={"how": due})
    wanted = 'acr_values="urn:wuji:acr:2"' if due in {"factor", SET_UP} else 'max_age="300"'
    said = f"{challenge('insufficient_user_authentication')}, {wanted}"
    return Problem(
        "kit.step_up_needed", HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": said}, members={"how": due}
    )
