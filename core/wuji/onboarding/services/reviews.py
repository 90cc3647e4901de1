"""From the side of whoever answers: officials of the tenant that was asked, for roots the operator."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select, text
from sqlalchemy.orm import aliased

from wuji.identity.models import RoleGrant
from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem, invalid, not_found
from wuji.onboarding.models import Application
from wuji.onboarding.services.refusals import refusals
from wuji.tenancy.models import Tenant, TenantCode

ACCEPT = text("select wuji.application_accept(:application_id, :version, :reason)")
REJECT = text("select wuji.application_reject(:application_id, :version, :reason)")
Found = Row[*tuple[Any, ...]]
NEW_ID = text("select wuji.new_id()")
PLACE, MADE = aliased(TenantCode), aliased(TenantCode)
# Who decided is named where the reader sees a grant of theirs: within the own range, and among operators.
DECIDER = (
    select(RoleGrant.account_name)
    .where(RoleGrant.account_id == Application.reviewed_by)
    .order_by(RoleGrant.given_at.desc(), RoleGrant.id.desc())
    .limit(1)
    .scalar_subquery()
)


def get_application(session: ScopedSession, application_id: UUID) -> Found:
    """One application of the range, or of a root for the operator. Raises 404 for every other."""
    at_tenant = session.actor.tenant_id is not None
    in_range = Application.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    found = session.execute(
        select(
            *Application.__table__.c,
            DECIDER.label("decided_by"),
            PLACE.code.label("parent_code"),
            Tenant.name.label("parent_name"),
            MADE.code.label("tenant_code"),
        )
        .outerjoin(Tenant, Tenant.id == Application.tenant_id)
        .outerjoin(PLACE, and_(PLACE.tenant_id == Application.tenant_id, PLACE.valid_to.is_(None)))
        .outerjoin(MADE, and_(MADE.tenant_id == Application.made_id, MADE.valid_to.is_(None)))
        .where(Application.id == application_id, in_range if at_tenant else Application.tenant_id.is_(None))
    ).first()
    if found is None:
        raise not_found()
    return found


def review(
    session: ScopedSession, application_id: UUID, decision: str, reason: str, version: int | None = None
) -> Found:
    """Accepts or rejects; an accepted organisation is a tenant with a head when this returns.

    Raises 409 where somebody else has decided, saying who; 412 where the applicant has changed it since `version`; 403 to whoever
    applied.
    """
    if decision == "reject" and not reason:
        raise invalid(Fault("#/reason", "onboarding.invalid.reason"))
    application = get_application(session, application_id)
    values = {"application_id": application_id, "version": version, "reason": reason}
    with refusals():
        answer: int | bool | None = session.execute(ACCEPT if decision == "accept" else REJECT, values).scalar_one()
    if not answer:
        raise _decided(get_application(session, application_id))
    if decision == "accept":
        _note(session, application, answer, reason)
    return get_application(session, application_id)


def _note(session: ScopedSession, application: Found, made: int, reason: str) -> None:
    """One event, of the tenant that admits and of the one that is admitted."""
    event: UUID = session.execute(NEW_ID).scalar_one()
    for verb, kind, subject, at in (
        ("onboarding.application.accept", "application", application.id, application.tenant_id),
        ("tenancy.tenant.add", "tenant", made, made),
    ):
        record(session, verb, kind, subject, tenant_id=at, event_id=event, reason=reason)


def _decided(application: Found) -> Problem:
    if application.state == "withdrawn":
        return Problem("onboarding.withdrawn", 409)
    if application.decided_by is None:  # by somebody above: persons are named within the own range only
        return Problem(f"onboarding.{application.state}_above", 409)
    return Problem(f"onboarding.{application.state}_by", 409, name=application.decided_by)
