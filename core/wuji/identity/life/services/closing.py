"""Ending one's own account."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, text

from wuji.identity.life.models import AccountClosure
from wuji.identity.services.own import list_own_grants
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, not_found

ASK = text("select wuji.closure_ask(:login, :present, :seal)")
END = text("select wuji.closure_end()")
REFLECTION = timedelta(days=7)  # as the rule of retention says (wuji.account_erase)
refusals = partial(refusals_as, {"closure_login": Fault("#/login", "identity.invalid.own_login")}, {})


def list_offices(session: ScopedSession) -> list[Mapping[str, Any]]:
    """The roles of the acting account that carry rights: somebody else has to hold them first."""
    return [grant for grant in list_own_grants(session) if grant["permissions"]]


def read_closure(session: ScopedSession) -> Mapping[str, Any]:
    """When the acting account is going to end; nulls where nobody asked for that."""
    asked = select(AccountClosure.asked_at).where(AccountClosure.account_id == session.actor.account_id)
    at = session.execute(asked).scalar_one_or_none()
    return {"asked_at": at, "due_at": at and at + REFLECTION, "offices": list_offices(session)}


def ask_closure(session: ScopedSession, seal: Seal, login: str) -> None:
    """Raises 409 for whoever holds an office, 422 where it is not their own login."""
    if offices := list_offices(session):
        places = "、".join(grant["tenant"]["name"] if grant["tenant"] else "—" for grant in offices)
        raise Problem("identity.closure_official", 409, places=places)
    present = session.actor.session_id
    sealed = seal.over("closure_ask", session.actor.account_id, present)
    with refusals():
        session.execute(ASK, {"login": login, "present": present, "seal": sealed})


def end_closure(session: ScopedSession) -> None:
    """Raises 404 where there is nothing to take back."""
    if not session.execute(END).scalar_one():
        raise not_found()
