"""After tenants were merged: what others show to the people of the one that closed. Whoever merges writes in their own range, the
journal's consumer in the whole tree; until it has, such a row is missed by those people, and shown to nobody else.
"""

from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.plugin.running import Handler, Happened

NAME = "tenancy.follow"
FOLLOWED = frozenset({"tenant"})
VERBS = frozenset({"tenancy.tenant.merge", "tenancy.tenant.restore"})
RETELL = text("select wuji.merge_retell(:tenant_id)")


def handle(session: ScopedSession, happened: Happened) -> None:
    if happened.verb in VERBS and happened.tenant_id is not None:
        session.execute(RETELL, {"tenant_id": happened.tenant_id})


FOLLOW = Handler(name=NAME, kinds=FOLLOWED, handle=handle)
