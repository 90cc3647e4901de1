"""Rows behind hits, read under row security: what the reader may not see any more falls out here."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from wuji.kit.db.session import ScopedSession
from wuji.plugin.records import SearchDocument, SearchKind
from wuji.search.registry import plugin_of

log = logging.getLogger(__name__)
Key = tuple[str, str]  # kind and id


def read_documents(
    session: ScopedSession, kinds: Mapping[str, SearchKind], keys: Iterable[Key]
) -> dict[Key, SearchDocument]:
    """By kind and id. A plugin that cannot read its rows takes its own hits out and nobody else's."""
    wanted: dict[str, list[str]] = {}
    for kind, id_ in keys:
        wanted.setdefault(kind, []).append(id_)
    found: dict[Key, SearchDocument] = {}
    for name, ids in wanted.items():
        found |= {(name, document.id): document for document in _read(session, kinds[name], ids)}
    return found


def _read(session: ScopedSession, kind: SearchKind, ids: Sequence[str]) -> Sequence[SearchDocument]:
    if not plugin_of(kind.name):
        return kind.read(session, ids)
    try:
        with session.begin_nested():
            return kind.read(session, ids)
    except Exception:
        log.exception("documents of kind %s cannot be read", kind.name)
        return ()
