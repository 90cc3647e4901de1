"""The index as a whole: made what the rows say, and compared with them, while everybody goes on working.

Documents that are as they should be are not touched: a run that was cut off goes on where it stopped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from wuji.kit.db.doors import Door
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.plugin.records import SearchKind
from wuji.search.backend import SearchBackend
from wuji.search.documents import index_document
from wuji.search.registry import Search
from wuji.search.services.writing import chunks, write
from wuji.tenancy.models import Tenant

SUM = 1 << 64
Advance = Callable[[int], object]


@dataclass
class Comparison:
    """One kind below one tenant. The two sums are equal exactly where every document says what its row says."""

    kind: str
    rows: int = 0
    documents: int = 0
    row_sum: int = 0
    document_sum: int = 0
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.missing, *self.stale, *self.extra]


def reindex(deployment: Deployment, door: Door, kind: SearchKind, advance: Advance) -> int:
    """Makes the documents of a kind below the door's tenant what the rows say; returns how many were not."""
    backend = deployment.part(Search).backend
    found = compare(deployment, door, kind, advance)
    for ids in chunks(found.wrong):
        with deployment.work(door) as session:
            write(session, backend, kind, ids)
    return len(found.wrong)


def verify(deployment: Deployment, door: Door, kind: SearchKind, advance: Advance) -> Comparison:
    """Compares, and looks again at whatever differed: it may have been changed at that moment."""
    found = compare(deployment, door, kind, advance)
    if found.wrong:
        with deployment.work(door) as session:
            backend = deployment.part(Search).backend
            backend.hold(session, kind.name, sorted(found.wrong))  # whoever writes now, is waited for
            still = Comparison(kind.name)
            _compare(session, backend, kind, sorted(found.wrong), still)
            session.rollback()
        found.missing, found.stale, found.extra = still.missing, still.stale, still.extra
    return found


def compare(deployment: Deployment, door: Door, kind: SearchKind, advance: Advance) -> Comparison:
    """Reads everything once."""
    backend = deployment.part(Search).backend
    found = Comparison(kind.name)
    with deployment.work(door, read_only=True) as session:
        known = {id_ for id_, _ in backend.digests(session, kind.name)}
        for ids in kind.scan(session):
            for chunk in chunks(ids):
                _compare(session, backend, kind, chunk, found)
                known.difference_update(chunk)
                advance(len(chunk))
        for rest in chunks(known):
            _compare(session, backend, kind, rest, found)
    return found


def list_wrong(session: ScopedSession, backend: SearchBackend, kind: SearchKind, ids: Sequence[str]) -> list[str]:
    """Those of these ids whose documents do not say what their rows do."""
    found = Comparison(kind.name)
    _compare(session, backend, kind, ids, found)
    return sorted(found.wrong)


def _compare(
    session: ScopedSession, backend: SearchBackend, kind: SearchKind, ids: Sequence[str], into: Comparison
) -> None:
    rows, documents = dict(_expected(session, backend, kind, ids)), dict(backend.digests(session, kind.name, ids))
    into.rows += len(rows)
    into.documents += len(documents)
    into.row_sum = (into.row_sum + _sum(rows)) % SUM
    into.document_sum = (into.document_sum + _sum(documents)) % SUM
    into.missing += sorted(rows.keys() - documents.keys())
    into.extra += sorted(documents.keys() - rows.keys())
    into.stale += sorted(id_ for id_ in rows.keys() & documents.keys() if rows[id_] != documents[id_])


def _sum(digests: Mapping[str, str]) -> int:
    return sum(int(digest[:16], 16) for digest in digests.values())


def _expected(
    session: ScopedSession, backend: SearchBackend, kind: SearchKind, ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What the index should say of rows, out of the rows."""
    documents = [index_document(kind, document) for document in kind.read(session, ids)]
    tenants = {document.tenant_id for document in documents}
    above = {
        row.id: row.ancestors
        for row in session.execute(select(Tenant.id, Tenant.ancestors).where(Tenant.id.in_(tenants)))
    }
    for document in documents:
        yield document.id, backend.digest(document, above[document.tenant_id])
