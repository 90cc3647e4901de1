"""How well a document answers, and where it does: over the text itself, once the reader may read it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import exp

from wuji.plugin.records import SearchDocument
from wuji.search.text import normalise, tokens

# BM25 with a fixed mean length, and every token worth the same: the score of a document depends on nothing but itself and
# the question, so that a page begins where the last one ended, whatever was written meanwhile.
K1, B, MEAN = 1.2, 0.75, 400
TITLE, PHRASE, COVER, FRESH, YEAR = 3.0, 1.5, 2.0, 0.3, 365 * 86400
SNIPPET, LEAD = 90, 15  # characters of a text that are shown, and of those before the first mark
Span = tuple[int, int]


@dataclass(frozen=True)
class Scored:
    """A document that answers, how well, and by what it is ordered."""

    kind: str
    document: SearchDocument
    score: float
    rank: float

    @property
    def place(self) -> tuple[float, str, str]:
        return self.rank, self.document.id, self.kind


def weigh(document: SearchDocument, phrase: str, ways: Sequence[Sequence[str]], now: datetime) -> float:
    """Not below 0. `ways` are the tokens of each way to say the same; the one that fits best counts."""
    title, body = normalise(document.title), normalise(document.body)
    score = max(_bm25(title, body, way) for way in ways)
    if phrase in title:
        score = score * PHRASE + COVER * len(phrase) / len(title)
    elif phrase in body:
        score *= PHRASE
    if document.published_at:
        age = max(0.0, (now - document.published_at).total_seconds())
        score *= 1 + FRESH * exp(-age / YEAR)
    return round(score, 6)


def _bm25(title: str, body: str, asked: Iterable[str]) -> float:
    length = K1 * (1 - B + B * len(body) / MEAN)
    found = 0.0
    for token in asked:
        often = body.count(token)
        found += often * (K1 + 1) / (often + length) + TITLE * (token in title)
    return found


def mark_title(title: str, terms: Sequence[Sequence[str]]) -> str:
    """As HTML: the text escaped, matches in <mark>."""
    return _marked(title, _spans(normalise(title), terms), 0, len(title))


def mark_body(body: str, terms: Sequence[Sequence[str]]) -> str:
    """The part of the text where most of it matches, as HTML; its beginning where only the title or another name does."""
    spans = list(_spans(normalise(body), terms))
    first, _ = max(
        spans or [(0, 0)],
        key=lambda span: (sum(1 for s in spans if span[0] <= s[0] < span[0] + SNIPPET - LEAD), -span[0]),
    )
    start = max(0, min(first - LEAD, len(body) - SNIPPET))
    end = min(len(body), start + SNIPPET)
    shown = _marked(body, spans, start, end)
    return f"{'…' if start else ''}{shown}{'…' if end < len(body) else ''}"


def _spans(folded: str, terms: Sequence[Sequence[str]]) -> list[Span]:
    """Where a term stands, or where it stands nowhere as a whole, its tokens; what touches is one."""
    found = sorted(span for way in terms for term in way for span in _of_term(folded, term))
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _of_term(folded: str, term: str) -> Iterator[Span]:
    for part in [term] if term in folded else tokens(term):
        at = folded.find(part)
        while at >= 0:
            yield at, at + len(part)
            at = folded.find(part, at + len(part))


def _marked(text: str, spans: Iterable[Span], start: int, end: int) -> str:
    parts, at = [], start
    for opens, closes in spans:
        first, last = max(opens, start), min(closes, end)
        if first < last:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
    return "".join([*parts, escape(text[at:end])])
