"""What taking a change back leaves as it is by then, named so that nobody is surprised."""

from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.tenancy.models import TenantChange
from wuji.tenancy.services.contradicting import Found, list_closing
from wuji.tenancy.services.stored import FEW, list_stored

LEFT = text("""
  select l.why, t.name, k.code, l.called as "table", l.n as rows, l.firsts as titles
    from wuji.rows_left(:change_id, cast(:titles as jsonb), :few) l join wuji.tenant t on t.id = l.tenant_id
    left join wuji.tenant_code k on k.tenant_id = t.id and k.valid_to is null order by 1, 2, t.id, 4""")


def list_left(session: ScopedSession, change: TenantChange) -> list[Found]:
    """Of a merge the rows that do not go back, of a split what is closed with its new half."""
    if "taker" not in change.carried:
        return list_closing(session, change.made)
    titles = {one.called: one.title for one in list_stored(session) if one.title}
    values = {"change_id": change.id, "titles": msgspec.json.encode(titles).decode(), "few": FEW}
    found = session.execute(LEFT, values).mappings().all()
    return [
        {"why": why, "name": name, "code": code, "rows": [_shown(row) for row in rows]}
        for (why, name, code), rows in groupby(found, key=lambda row: (row["why"], row["name"], row["code"]))
    ]


def _shown(row: Any) -> Found:
    return {"table": row["table"], "rows": row["rows"], "titles": list(row["titles"])}
