"""Documents after the fact: of rows that somebody wrote who may write no document, such as residents and visitors, and of what
definer functions record, which no projector hears of.
"""

from wuji.kit.db.session import Recorded, ScopedSession
from wuji.plugin.running import Handler, Happened
from wuji.search.registry import Search
from wuji.search.services.rebuilding import list_wrong
from wuji.search.services.writing import chunks, write

NAME = "search.follow"


def follower(search: Search) -> Handler:
    """Makes the documents of a row say what it says now. Those that do already, as after an official wrote it, are not touched:
    nobody who writes has to wait.
    """

    def handle(session: ScopedSession, happened: Happened) -> None:
        if happened.subject_id is None:
            return
        kind = search.kinds[happened.kind]
        recorded = Recorded(happened.verb, happened.kind, happened.subject_id, happened.tenant_id)
        ids = kind.touched(session, recorded) if kind.touched else [happened.subject_id]
        for chunk in chunks(ids):
            write(session, search.backend, kind, list_wrong(session, search.backend, kind, chunk))

    return Handler(name=NAME, kinds=frozenset(search.kinds), handle=handle)
