"""Recording what happened, in the transaction in which it happens."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from wuji.kit.db.session import Recorded, ScopedSession

RECORD = text("select wuji.record(:verb, :kind, :subject_id, :tenant_id, :fields, :event_id, :reason)")


def record(
    session: ScopedSession,
    verb: str,
    kind: str,
    subject_id: object,
    *,
    tenant_id: int | None,
    fields: Sequence[str] = (),
    event_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Writes one journal record and runs the projectors of its kind; raises what they raise, so that nothing is half done.

    `fields` are names of what changed, never values. An event that touches two tenants is two records with one `event_id`,
    lower root first.
    """
    values = {"verb": verb, "kind": kind, "subject_id": str(subject_id), "tenant_id": tenant_id, "reason": reason}
    session.flush()
    made: UUID = session.execute(RECORD, {**values, "fields": list(fields), "event_id": event_id}).scalar_one()
    for project in session.projectors.get(kind, ()):
        project(session, Recorded(verb, kind, str(subject_id), tenant_id))
    return made
