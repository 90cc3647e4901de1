"""What people are told of what happens in the core. It reads how things stand now: nobody is told of what was undone since."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from wuji.identity.models import Role, RoleGrant
from wuji.inbox.services.notifying import list_holders, notify
from wuji.inbox.topics import FOLLOWED, LOOK, OPERATE, RESET, REVIEW
from wuji.kit.db.session import ScopedSession
from wuji.onboarding.models import Application, Registration
from wuji.plugin.running import Handler, Happened, title_key
from wuji.tenancy.models import TenantCode

WAS_RESET = text("select wuji.password_was_reset(:account_id, :at)")
TRANSFER_TOLD = text("select * from wuji.transfer_told(:transfer_id, :tenant_id)")
RESULTS = ("accepted", "rejected")
MOMENTOUS = {"recovery", "closure", "merge", "account"}


def tell_reviewers(session: ScopedSession, record: Happened) -> None:
    """An application waits: once a day, however often it is changed."""
    row = session.execute(select(Application).where(Application.id == UUID(record.subject_id))).scalar_one_or_none()
    if row is None or row.state != "open":
        return
    code = _code(session, row.tenant_id)
    notify(
        session,
        "inbox.application",
        [one for one in list_holders(session, REVIEW, row.tenant_id) if one != row.submitted_by],
        f"{row.id} {row.submitted_at:%Y-%m-%d}",
        values={"name": row.name},
        path=f"/console/{code}/applications" if code else "/console/applications",
        tenant_id=row.tenant_id,
    )


def tell_applicant(session: ScopedSession, record: Happened) -> None:
    """Whoever applied with an account; others come back with their token."""
    row = session.execute(select(Application).where(Application.id == UUID(record.subject_id))).scalar_one_or_none()
    if row is None or row.submitted_by is None or row.state not in RESULTS:
        return
    notify(
        session,
        "inbox.decision",
        [row.submitted_by],
        f"{row.id} {row.decided_at.isoformat() if row.decided_at else ''}",
        values={"name": row.name, "result": {"text": f"inbox.result.{row.state}"}},
        path="/join",
        tenant_id=row.tenant_id,
    )


def tell_lookers(session: ScopedSession, record: Happened) -> None:
    """Somebody wants to be a resident: one message a day for each place, however many ask."""
    row = session.execute(select(Registration).where(Registration.id == UUID(record.subject_id))).scalar_one_or_none()
    if row is None or row.state != "open":
        return
    notify(
        session,
        "inbox.registration",
        [one for one in list_holders(session, LOOK, row.tenant_id) if one != row.account_id],
        f"{row.tenant_id} {row.submitted_at:%Y-%m-%d}",
        values={"name": row.account_name},
        path=f"/console/{_code(session, row.tenant_id)}/registrations",
        tenant_id=row.tenant_id,
    )


def tell_registered(session: ScopedSession, record: Happened) -> None:
    """Whoever asked to be a resident and was not let in; a role that comes of it tells of itself."""
    row = session.execute(select(Registration).where(Registration.id == UUID(record.subject_id))).scalar_one_or_none()
    if row is None or row.state != "rejected":
        return
    told = {"reason": row.reason}
    notify(session, "inbox.registered", [row.account_id], str(row.id), values=told, path="/me", tenant_id=row.tenant_id)


def tell_holder(session: ScopedSession, record: Happened) -> None:
    """Whoever got a role, or lost one."""
    row = session.execute(
        select(RoleGrant.id, RoleGrant.account_id, RoleGrant.tenant_id, RoleGrant.revoked_at, Role.label, Role.labels)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(RoleGrant.id == UUID(record.subject_id))
    ).one_or_none()
    taken = record.verb == "identity.grant.take"
    if row is None or (row.revoked_at is not None) != taken or (row.account_id == record.account_id and taken):
        return
    notify(
        session,
        "inbox.grant_taken" if taken else "inbox.grant_given",
        [row.account_id],
        str(row.id),
        values={"role": row.labels or {"text": row.label}},
        path="/me" if row.tenant_id else "/console",
        tenant_id=row.tenant_id,
    )


def tell_owner(session: ScopedSession, record: Happened) -> None:
    """Whoever had their password reset by somebody else's link: they notice if it was not they who used it."""
    if session.execute(WAS_RESET, {"account_id": UUID(record.subject_id), "at": record.at}).scalar_one():
        notify(session, "inbox.password_reset", [UUID(record.subject_id)], str(record.id), path="/me")


def tell_proven(session: ScopedSession, record: Happened) -> None:
    """Whoever's ways of logging in changed, or who was let in by a code on paper: they notice if it was not they."""
    _, kind, done = record.verb.split(".")
    what = {"text": f"inbox.factor.{f'{kind}_{done}' if kind in MOMENTOUS else done}"}
    notify(session, "inbox.factor", [UUID(record.subject_id)], str(record.id), values={"what": what}, path="/me")


def tell_kept(session: ScopedSession, record: Happened) -> None:
    """Whoever's account another one went into; nobody reads messages of the one that went."""
    if record.account_id != UUID(record.subject_id):
        tell_proven(session, record)


def tell_recovery(session: ScopedSession, record: Happened) -> None:
    """The person, who may stop it, and whoever else may be the second official."""
    tell_proven(session, record)
    account, code = UUID(record.subject_id), _code(session, record.tenant_id)
    notify(
        session,
        "inbox.recovery",
        [one for one in list_holders(session, RESET, record.tenant_id) if one not in (record.account_id, account)],
        str(record.id),
        path=f"/console/{code}/accounts/recoveries" if code else "/console",
        tenant_id=record.tenant_id,
    )


def tell_answerers(session: ScopedSession, record: Happened) -> None:
    """Those at this end who have to agree that a tree joins or parts, or that this is taken back."""
    row = session.execute(TRANSFER_TOLD, _transfer(record)).one_or_none()
    if row is None or row.is_back != (record.verb == "tenancy.transfer.undo"):
        return
    cause = f"{record.subject_id} {record.event_id}"
    _tell_transfer(session, record, row, topic="inbox.transfer_asked", people=row.answerers, cause=cause)


def tell_asker(session: ScopedSession, record: Happened) -> None:
    """Whoever asked at this end, what the other side said."""
    row = session.execute(TRANSFER_TOLD, _transfer(record)).one_or_none()
    declined = record.verb == "tenancy.transfer.decline"
    if row is None or row.asker is None or (not declined and row.is_back != (row.state == "undone")):
        return
    cause = f"{record.subject_id} {record.event_id if declined else row.state}"
    said = {"result": {"text": f"inbox.result.{'declined' if declined else 'agreed'}"}}
    _tell_transfer(session, record, row, topic="inbox.transfer_answered", people=[row.asker], cause=cause, **said)


def _transfer(record: Happened) -> Mapping[str, object]:
    return {"transfer_id": UUID(record.subject_id), "tenant_id": record.tenant_id}


def _tell_transfer(
    session: ScopedSession,
    record: Happened,
    row: Row[Any],
    *,
    topic: str,
    people: Sequence[UUID],
    cause: str,
    **said: object,
) -> None:
    """By the names of the tenants; the reason is read on the page."""
    what = {"text": f"inbox.transfer.{'back_' if row.is_back else ''}{row.op}"}
    notify(
        session,
        topic,
        people,
        cause,
        values={"subject": row.subject, "parent": row.parent, "what": what, **said},
        path=f"/console/{row.code}/transfers/{record.subject_id}",
        tenant_id=record.tenant_id,
    )


def tell_operators(session: ScopedSession, record: Happened) -> None:
    """A consumer has set its first record aside; the page of what runs says which, and how many since."""
    notify(
        session,
        "inbox.trouble",
        list_holders(session, OPERATE, None),
        str(record.id),
        values={"what": {"text": "inbox.what.poison"}, "name": {"text": title_key(record.subject_id or "")}},
        path="/console/health/set-aside",
    )


TOLD: Mapping[str, Callable[[ScopedSession, Happened], None]] = {
    "onboarding.application.submit": tell_reviewers,
    "onboarding.application.amend": tell_reviewers,
    "onboarding.application.accept": tell_applicant,
    "onboarding.application.reject": tell_applicant,
    "onboarding.registration.submit": tell_lookers,
    "onboarding.registration.reject": tell_registered,
    "identity.grant.give": tell_holder,
    "identity.grant.take": tell_holder,
    "onboarding.invitation.redeem": tell_holder,
    "identity.link.redeem": tell_owner,
    "identity.factor.add": tell_proven,
    "identity.factor.remove": tell_proven,
    "identity.factor.forget": tell_proven,
    "identity.factor.use_code": tell_proven,
    "identity.recovery.ask": tell_recovery,
    "identity.recovery.agree": tell_proven,
    "identity.recovery.end": tell_proven,
    "identity.closure.ask": tell_proven,
    "identity.closure.end": tell_proven,
    "identity.merge.offer": tell_proven,
    "identity.account.merge": tell_kept,
    "identity.external.link": tell_proven,
    "identity.external.unlink": tell_proven,
    "tenancy.transfer.ask": tell_answerers,
    "tenancy.transfer.undo": tell_answerers,
    "tenancy.transfer.agree": tell_asker,
    "tenancy.transfer.decline": tell_asker,
    "journal.consumer.set_aside": tell_operators,
}


def tell(session: ScopedSession, record: Happened) -> None:
    if record.verb in TOLD:
        TOLD[record.verb](session, record)


TELL = Handler(name="inbox.tell", kinds=FOLLOWED, handle=tell)


def _code(session: ScopedSession, tenant_id: int | None) -> str | None:
    return session.execute(
        select(TenantCode.code).where(TenantCode.tenant_id == tenant_id, TenantCode.valid_to.is_(None))
    ).scalar()
