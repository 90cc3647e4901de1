"""Documents after the fact: of rows that somebody wrote who may write no document, such as residents and visitors, and of what
definer functions record, which no projector hears of.
"""

from collections.abc import Mapping, Sequence

from wuji.kit.db.session import Recorded, ScopedSession
from wuji.plugin.running import Handler, Happened
from wuji.search.registry import Search
from wuji.search.services.rebuilding import list_wrong
from wuji.search.services.writing import chunks, write

NAME = "search.follow"


def follower(search: Search) -> Handler:
    """Makes the documents of rows say what they say now: of a whole batch of records at once, each row once. Those that do
    already, as after an official wrote them, are not touched: nobody who writes has to wait.
    """

    def handle_all(session: ScopedSession, records: Sequence[Happened]) -> None:
        for kind, ids in _touched(session, search, records).items():
            for chunk in chunks(ids):
                wrong = list_wrong(session, search.backend, search.kinds[kind], chunk)
                write(session, search.backend, search.kinds[kind], wrong)

    def handle(session: ScopedSession, happened: Happened) -> None:
        handle_all(session, [happened])

    return Handler(name=NAME, kinds=frozenset(search.kinds), handle=handle, handle_all=handle_all)


def _touched(session: ScopedSession, search: Search, records: Sequence[Happened]) -> Mapping[str, set[str]]:
    """Ids of rows by kind, in the order of names: two who write several kinds wait for each other and never both."""
    found: dict[str, set[str]] = {}
    for record in records:
        if record.subject_id is None:
            continue
        touched = search.kinds[record.kind].touched
        recorded = Recorded(record.verb, record.kind, record.subject_id, record.tenant_id)
        found.setdefault(record.kind, set()).update(touched(session, recorded) if touched else [record.subject_id])
    return dict(sorted(found.items()))
