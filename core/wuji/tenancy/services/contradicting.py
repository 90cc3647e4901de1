"""What keeps a change or a transfer from being done or taken back, named so that somebody can mend it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem
from wuji.tenancy.services.foreseeing import find_places
from wuji.tenancy.services.stored import Standing, Stored, list_standing

# Of these tables the rows that somebody counts on: whoever holds a role, was invited, or waits for an answer. Others are over.
LIVE = {
    "role_grant": "revoked_at is null and (expires_at is null or expires_at > now())",
    "invitation": "revoked_at is null and uses_left > 0 and expires_at > now()",
    "application": "state = 'open'",
    "file": "expires_at is null",
}
# What a tenant says of itself goes into the archive with it, as when it becomes part of another.
SAID = {
    "setting_value": "true",
    "plugin_rule": "true",
    "tenant_profile": "contact <> '' or about <> '' or theme <> '{}'",
}
# What is noted of a tenant stays, and figures are summed up anew wherever it lies.
NOTED = frozenset({"tenant_change", "job", "journal_record", "journal_seal", "rollup"})
Found = Mapping[str, Any]


def list_told(session: ScopedSession, asked: TextClause) -> list[Found]:
    """What the database says: why, and because of which tenant."""
    return [{**row, "rows": []} for row in session.execute(asked).mappings()]


def list_settled(session: ScopedSession, tenant_ids: Sequence[int]) -> list[Found]:
    """Tenants in which something has settled, and what: people hold roles there, or keep things."""
    return _named(session, "rows", list_standing(session, tenant_ids, _settles))


def list_closing(session: ScopedSession, tenant_ids: Sequence[int]) -> list[Found]:
    """What else they hold, which is closed with them: what they say of themselves, and what was counted there."""
    return _named(session, "closed", list_standing(session, tenant_ids, _closes))


def _settles(one: Stored) -> str | None:
    if one.called in LIVE:
        return LIVE[one.called]
    return "true" if one.kept and one.called not in SAID and one.called not in NOTED else None


def _closes(one: Stored) -> str | None:
    if one.called in SAID:
        return SAID[one.called]
    return None if one.kept or one.called in LIVE or one.called in NOTED else "true"


def _named(session: ScopedSession, why: str, standing: Mapping[int, Sequence[Standing]]) -> list[Found]:
    return [
        {"why": why, "name": place.name, "code": place.code, "rows": [_shown(one) for one in standing[place.id]]}
        for place in find_places(session, list(standing)).values()
    ]


def refuse(slug: str, against: Sequence[Found]) -> None:
    """Raises 409 naming each."""
    if not against:
        return
    faults = []
    for one in against:
        things = "; ".join(_said(rows) for rows in one["rows"])
        params = {"tenant": one["name"], "code": one["code"] or "", "things": things}
        faults.append(Fault("#", f"tenancy.contradiction.{one['why']}", params))
    raise Problem(slug, 409, faults=faults)


def _shown(one: Standing) -> Found:
    return {"table": one.table, "rows": one.rows, "titles": list(one.titles)}


def _said(one: Found) -> str:
    """For programs, which know a table by its name; the console says it in the reader's words."""
    titles = f" ({' / '.join(one['titles'])})" if one["titles"] else ""
    return f"{one['table']} {one['rows']}{titles}"
