"""The first kind that can be found: tenants, by name, code, reading, and the names of those above them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from wuji.kit.db.among import among
from wuji.kit.db.session import Recorded, ScopedSession
from wuji.plugin.records import SearchDocument, SearchKind
from wuji.tenancy.models import Tenant, TenantCode

CHUNK = 500
LEVELS = 5
BELOW = aliased(Tenant)
# Two statements and no join: in a transaction that has just made a whole tree there are no statistics to plan one with.
ROWS = select(Tenant.id, Tenant.version, Tenant.root_id, Tenant.ancestors, Tenant.level, Tenant.name)
CODES = select(TenantCode.tenant_id, TenantCode.code).where(TenantCode.valid_to.is_(None))


def read(session: ScopedSession, ids: Sequence[str]) -> Sequence[SearchDocument]:
    """Whoever acts in the same tree finds them: other trees have a directory of their own."""
    connection = session.connection()
    wanted = [int(id_) for id_ in ids]
    rows = connection.execute(ROWS.where(among(Tenant.id, wanted))).all()
    codes = {row.tenant_id: row.code for row in connection.execute(CODES.where(among(TenantCode.tenant_id, wanted)))}
    above = {tenant_id for row in rows for tenant_id in row.ancestors}
    named = connection.execute(select(Tenant.id, Tenant.name).where(among(Tenant.id, above)))
    names = {row.id: row.name for row in named}
    return [
        SearchDocument(
            id=str(row.id),
            version=row.version,
            tenant_id=row.id,
            audience=(row.root_id * 8,),
            title=row.name,
            body=" ".join([*(names[up] for up in row.ancestors[:-1] if up in names), codes[row.id]]),
            suggest=(codes[row.id],),
            weight=(LEVELS - row.level) * 10,
        )
        for row in rows
        if row.id in codes  # what a split made and undoing it closed has none
    ]


def scan(session: ScopedSession) -> Iterator[Sequence[str]]:
    """By key, so that no query stays open."""
    last = 0
    while True:
        page = (
            select(Tenant.id)
            .where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()), Tenant.id > last)
            .order_by(Tenant.id)
            .limit(CHUNK)
        )
        ids = session.connection().execute(page).scalars().all()
        if not ids:
            return
        yield [str(id_) for id_ in ids]
        last = ids[-1]


def touched(session: ScopedSession, recorded: Recorded) -> Sequence[str]:
    """A name stands in the documents of all below, and so does the way down to it."""
    if not recorded.verb.endswith((".rename", ".move", ".relevel")):
        return [recorded.subject_id]
    below = select(BELOW.id).join(Tenant, BELOW.pos.between(Tenant.pos, Tenant.pos_hi))
    found = session.connection().execute(below.where(Tenant.id == int(recorded.subject_id))).scalars()
    return [str(id_) for id_ in found]


TENANTS = SearchKind(
    name="tenant",
    title="search.kind.tenant",
    icon="building",
    path="/{code}",
    read=read,
    scan=scan,
    touched=touched,
)
