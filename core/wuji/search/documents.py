"""From a row as its kind describes it to a document as an index takes it."""

from collections.abc import Iterator

from wuji.plugin.records import SearchDocument, SearchKind
from wuji.search import text
from wuji.search.backend import Indexed

BODY = 50_000  # characters of a body that are indexed
TITLE = 300
OWN, FURTHER = 10, 5  # weight of a completion: of the title, of further names


class UnfitDocumentError(ValueError):
    """A kind gave a document that search cannot take."""


def index_document(kind: SearchKind, document: SearchDocument) -> Indexed:
    """Raises UnfitDocumentError for a facet that the kind does not declare."""
    title, body = text.normalise(document.title[:TITLE]), text.normalise(document.body[:BODY])
    return Indexed(
        id=document.id,
        version=document.version,
        tenant_id=document.tenant_id,
        audience=tuple(sorted(set(document.audience or ()))),
        tokens=frozenset(_tokens(document, title, body)),
        title=title,
        facets=tuple(sorted(_facets(kind, document))),
        published_at=document.published_at,
        keys=_keys(document),
    )


def _tokens(document: SearchDocument, title: str, body: str) -> Iterator[str]:
    yield from text.tokens(title)
    yield from text.single(title)
    yield from text.tokens(body)
    for name in document.suggest:
        yield from text.tokens(text.normalise(name))
    for read in text.readings(text.compact(title)):
        yield from text.tokens("".join(read))
        yield from text.tokens("".join(syllable[0] for syllable in read))


def facet_name(kind: SearchKind, name: str) -> str:
    """What a facet is called among those of all kinds: a plugin's own begins with its id, since two may choose one name."""
    plugin, dot, _ = kind.name.partition(".")
    return f"{plugin}.{name}" if dot else name


def _facets(kind: SearchKind, document: SearchDocument) -> Iterator[str]:
    declared = {facet.name for facet in kind.facets}
    for name, values in document.facets.items():
        if name not in declared:
            raise UnfitDocumentError(f"{kind.name} {document.id}: facet {name} is not declared")
        yield from (f"{facet_name(kind, name)}={value}" for value in set(values))


def _keys(document: SearchDocument) -> dict[str, int]:
    found = dict.fromkeys((key for name in document.suggest for key in text.keys(name)), FURTHER + document.weight)
    return found | dict.fromkeys(text.keys(document.title), OWN + document.weight)
