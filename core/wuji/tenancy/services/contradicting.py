"""What keeps a change or a transfer from being done or taken back, named so that somebody can mend it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, Problem
from wuji.tenancy.services.foreseeing import find_places
from wuji.tenancy.services.stored import Standing, list_standing

# What a tenant is set up with, and what is noted of it: it goes into the archive with its tenant.
SETUP = frozenset({
    "tenant_profile", "tenant_change",
    "setting_value", "plugin_rule", "role_grant", "invitation", "job", "journal_record", "journal_seal",
})  # fmt: skip
Found = Mapping[str, Any]


def list_told(session: ScopedSession, asked: TextClause) -> list[Found]:
    """What the database says: why, and because of which tenant."""
    return [{**row, "rows": []} for row in session.execute(asked).mappings()]


def list_settled(session: ScopedSession, tenant_ids: Sequence[int]) -> list[Found]:
    """Tenants that hold more than they were set up with, and what."""
    standing = list_standing(session, tenant_ids, beside=SETUP)
    return [
        {"why": "rows", "name": place.name, "code": place.code, "rows": [_shown(one) for one in standing[place.id]]}
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
