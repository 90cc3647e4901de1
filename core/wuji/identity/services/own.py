"""What a person does with their own account."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text

from wuji.identity.models import Account
from wuji.identity.passwords import check_password, normalised
from wuji.identity.services.attempts import Attempt, pass_attempt
from wuji.identity.services.sessions import prove, set_password
from wuji.journal.services import record
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid

GRANTS = text("select * from wuji.grants_mine()")
FOLLOW = text("select wuji.account_name_follow()")
STRICT = text("select wuji.password_strict()")


def get_account(session: ScopedSession) -> Account:
    """The acting account."""
    return session.execute(select(Account).where(Account.id == session.actor.account_id)).scalar_one()


def list_own_grants(session: ScopedSession) -> list[Mapping[str, Any]]:
    """What the account holds now; without a tenant: for the whole deployment."""
    return [
        {
            "tenant": {"code": row.code, "name": row.name, "level": row.level} if row.code else None,
            "role": row.role,
            "label": row.label,
            "labels": row.labels,
            "permissions": row.permissions,
            "expires_at": row.expires_at,
        }
        for row in session.execute(GRANTS)
    ]


def is_strict(session: ScopedSession) -> bool:
    """Whether a password that the acting account sets now must hold several kinds of characters."""
    return bool(session.execute(STRICT).scalar_one())


def change_account(session: ScopedSession, changes: Mapping[str, str], version: int) -> Account:
    """Changes name and locale of the acting account; its grants show the new name. Raises 412 for another version."""
    account = get_account(session)
    if account.version != version:
        raise Problem("kit.changed_meanwhile", 412)
    changed = [field for field, value in changes.items() if getattr(account, field) != value]
    for field in changed:
        setattr(account, field, changes[field])
    if "name" in changed:
        account.name_key = account.name.casefold()
    if changed:
        record(session, "identity.account.change", "account", account.id, tenant_id=None, fields=sorted(changed))
        session.execute(FOLLOW)
    return account


def change_password(session: ScopedSession, seal: Seal, address: str, present: str, password: str) -> None:
    """Sets a new password and ends the other sessions. Raises 422 where the present one is not right, 429 as a login does."""
    login = get_account(session).login
    check_password(password, login, "#/password", strict=is_strict(session))
    if normalised(password) == normalised(present):
        raise invalid(Fault("#/password", "identity.invalid.password_same"))
    attempt = Attempt(login, address)
    try:
        account_id, proven = prove(session, seal, attempt, present)
    except Problem as problem:
        if problem.slug != "identity.login_failed":
            raise
        raise invalid(Fault("#/present_password", "identity.invalid.present_password")) from problem
    set_password(session, seal, account_id, proven, password)
    pass_attempt(session, seal, attempt)
