"""How a document is named to its reader: its kind in their language, where it stands, where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wuji.kit.db.session import ScopedSession
from wuji.kit.texts import Texts
from wuji.plugin.records import SearchDocument, SearchKind


@dataclass(frozen=True)
class Voice:
    """Texts in one language."""

    texts: Texts
    locale: str

    def say(self, key: str) -> str:
        return self.texts.say(self.locale, key)


def name_document(
    voice: Voice,
    session: ScopedSession,
    kind: SearchKind,
    document: SearchDocument,
    places: Mapping[int, Mapping[str, Any]],
) -> Mapping[str, Any]:
    """What hits and completions have in common."""
    place = places[document.tenant_id]
    path = kind.path.format(id=document.id, code=place["code"])
    return {
        "kind": kind.name,
        "kind_label": voice.say(kind.title),
        "icon": kind.icon,
        "id": document.id,
        "lang": document.lang,
        "tenant": place,
        "url": path if path.startswith("/") else f"/{session.actor.tenant_code}/{path}",
    }
