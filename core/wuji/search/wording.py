"""From what somebody typed to what an index is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wuji.search import text

ALTERNATIVES = 8  # ways to say a question that are tried
LONG = 3  # words that make a question long enough to be answered in part


@dataclass(frozen=True)
class Wording:
    """A question: `sets` of tokens of which a document holds one whole; `terms` of each are what is marked and weighed.

    `said`: words of it, with others for the same thing that were looked for too.
    """

    phrase: str
    sets: tuple[frozenset[str], ...]
    terms: tuple[tuple[str, ...], ...]
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()
    need: int = 1

    @cached_property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """The tokens of each way to say it, in order and as often as they are said."""
        return tuple(tuple(token for term in way for token in text.tokens(term)) for way in self.terms)


def read_wording(typed: str, synonyms: Iterable[Mapping[str, tuple[str, ...]]]) -> Wording:
    """Without a single token, such as of marks alone, there are no sets, and nothing is found."""
    folded = text.normalise(typed)
    phrases = [folded]
    said: dict[str, tuple[str, ...]] = {}
    for known in synonyms:
        for word, others in known.items():
            if word in folded:
                said[word] = tuple(dict.fromkeys((*said.get(word, ()), *others)))
    for word, others in said.items():
        phrases += [phrase.replace(word, other) for phrase in phrases for other in others]
    asked = [(frozenset(text.tokens(phrase)), tuple(text.runs(phrase))) for phrase in phrases[:ALTERNATIVES]]
    asked = [one for one in asked if one[0]]
    return Wording(
        folded, tuple(sets for sets, _ in asked), tuple(terms for _, terms in asked), tuple(sorted(said.items()))
    )


def relax(wording: Wording) -> Wording | None:
    """The same question asked of documents that hold two of its words; None where it has too few."""
    words: Sequence[str] = text.words(wording.phrase)
    if len(words) < LONG:
        return None
    sets = tuple(frozenset(text.tokens(word)) for word in words)
    return Wording(wording.phrase, sets, (tuple(words),), wording.said, need=2)
