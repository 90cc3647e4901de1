"""Making the index say of some rows what is true of them now."""

from collections.abc import Collection, Iterator, Sequence

from wuji.kit.db.session import ScopedSession
from wuji.plugin.records import SearchKind
from wuji.search.backend import Dropped, SearchBackend
from wuji.search.documents import index_document

CHUNK = 500


def chunks(ids: Collection[str]) -> Iterator[Sequence[str]]:
    """In order, so that two who write the same documents wait for each other and never both."""
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def write(session: ScopedSession, backend: SearchBackend, kind: SearchKind, ids: Sequence[str]) -> None:
    """Holds the documents, reads the rows as they are then, writes what is there and drops what is not."""
    held = list(backend.hold(session, kind.name, ids))
    if not held:
        return
    documents = [index_document(kind, document) for document in kind.read(session, held)]
    backend.put(session, kind.name, documents)
    there = {document.id for document in documents}
    backend.drop(session, kind.name, [Dropped(id_) for id_ in held if id_ not in there])
