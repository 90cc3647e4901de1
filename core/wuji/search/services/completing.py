"""What somebody may be about to type: names of what they may find, and tenants of the whole directory."""

from collections.abc import Mapping, Sequence
from typing import Any

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.search.backend import open_scope
from wuji.search.registry import Search
from wuji.search.services.naming import Voice, name_document
from wuji.search.services.places import read_places
from wuji.search.services.reading import read_documents
from wuji.search.text import compact, normalise

MOST = 10


def suggest(deployment: Deployment, session: ScopedSession, typed: str, locale: str) -> Mapping[str, Any]:
    """Documents whose name, a word of it, reading, initials or code begins so."""
    made = deployment.part(Search)
    kinds = made.active(session, deployment.active)
    keys = made.backend.suggest(open_scope(session), compact(normalise(typed)), list(kinds), MOST)
    documents = read_documents(session, kinds, keys)
    places = read_places(session, (document.tenant_id for document in documents.values()))
    voice = Voice(deployment.texts, locale)
    found = ((kinds[key[0]], documents[key]) for key in keys if key in documents)
    items = [
        {**name_document(voice, session, kind, document, places), "text": document.title}
        for kind, document in found
        if document.tenant_id in places
    ]
    return {"items": items}


def find_places(
    deployment: Deployment, session: ScopedSession, typed: str
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Tenants whose name, reading, initials or code begins so; whoever asks needs to act nowhere."""
    ids = deployment.part(Search).backend.suggest_places(open_scope(session), compact(normalise(typed)), MOST)
    places = read_places(session, ids)
    return {"items": [places[tenant_id] for tenant_id in ids if tenant_id in places]}
