"""What search makes of text, the same for every index: characters that compare, tokens, readings, words of a question.

The only module that loads language libraries: together they take 90 MB and half a second. Who needs neither (relay,
most commands) does not import search's services.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import opencc
import pypinyin
import rjieba

from wuji.search.readings import CHARACTERS, PLACES, SURNAMES

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{HAN}]+|[0-9a-z]+")
BMP_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]{2}")
READABLE = re.compile(f"[{HAN}]+|.", re.DOTALL)
BLANK = re.compile(r"[\s'’·.,，、-]+")
READ = 16  # characters of a name that are read aloud: nobody types more
STARTS = 4  # words of a title, beside the first, at which a completion may begin
KEY = 40  # characters of a completion that are kept
STOP = frozenset(
    RUN.findall(
        "的 了 是 在 和 与 及 或 有 我们 你们 他们 怎么 怎样 怎么样 怎么办 如何 什么 为什么 哪些 哪里 多少 可以 应该 需要 "
        "一个 这个 那个 没有 不能 能不能 是不是"
    )
)


# Traditional characters to simplified ones.
SIMPLIFY = opencc.OpenCC("t2s").convert
pypinyin.load_phrases_dict({place: [[one] for one in read.split()] for place, read in PLACES.items()})


class Folding(dict[int, int]):
    """One character for one character, so that places in the folded text are places in the text itself."""

    def __missing__(self, point: int) -> int:
        found = _single(unicodedata.normalize("NFKC", chr(point)), chr(point))
        found = _single(found.lower(), found)
        if not "\ud800" <= found <= "\udfff":
            found = _single(SIMPLIFY(found), found)
        self[point] = ord(found)
        return self[point]


def _single(made: str, otherwise: str) -> str:
    return made if len(made) == 1 else otherwise


FOLDING = Folding()


def normalise(text: str) -> str:
    """Compatibility forms, case and traditional characters folded; as long as the text itself."""
    return text.translate(FOLDING)


def runs(folded: str) -> list[str]:
    """Stretches of Chinese characters, and of letters and digits, of a folded text."""
    return RUN.findall(folded)


def tokens(folded: str) -> Iterator[str]:
    """Pairs of neighbouring characters; letters and digits as they stand together."""
    for run in runs(folded):
        if run[0].isascii() or len(run) == 1:
            yield run
        else:
            yield from map("".join, pairwise(run))


def single(folded: str) -> Iterator[str]:
    """Each Chinese character by itself: how a title is found under one."""
    return (one for run in runs(folded) if not run[0].isascii() for one in run)


def pack(token: str) -> int:
    """As PostgreSQL's int4: two ideographs exactly, everything else hashed into the range below U+3000."""
    if BMP_HAN.fullmatch(token):
        return (ord(token[0]) << 16 | ord(token[1])) - (1 << 31)
    return (zlib.crc32(token.encode()) & 0x2FFFFFFF) - (1 << 31)


@lru_cache(4096)
def readings(name: str) -> frozenset[tuple[str, ...]]:
    """The syllables of a folded name, in every way that it may be read."""
    read = name[:READ]
    pieces = READABLE.findall(read)
    usual = tuple(said for piece in pieces for said in (pypinyin.lazy_pinyin(piece) if RUN.match(piece) else [piece]))
    found = {usual}
    if len(usual) == len(read):
        found.add(tuple(CHARACTERS.get(one, said) for one, said in zip(read, usual, strict=True)))
        for surname, said in SURNAMES.items():
            if read.startswith(surname):
                found.add((*said.split(), *usual[len(surname) :]))
    return frozenset(found)


def compact(folded: str) -> str:
    """Without blanks and marks, as people type when they want a completion."""
    return BLANK.sub("", folded)[:KEY]


def keys(name: str) -> frozenset[str]:
    """What completes to a name: itself, its words but for a few first ones, its readings and their initials."""
    folded = normalise(name)
    found = {compact(folded)}
    if len(folded) > 2 and not folded.isascii():  # noqa: PLR2004 - two characters have no words within
        found |= {compact(rest) for rest in _starts(folded)}
    for read in readings(compact(folded)):
        found |= {compact("".join(read)), "".join(syllable[0] for syllable in read if syllable)}
    return frozenset(found - {""})


def _starts(folded: str) -> Iterable[str]:
    place, starts = 0, []
    for word in rjieba.cut(folded[:KEY]):
        if place and len(word) > 1:
            starts.append(folded[place:])
        place += len(word)
    return starts[:STARTS]


def words(folded: str, most: int = 12) -> list[str]:
    """What matters of a question: its words of two characters or more, the longest of them, as they stand in it."""
    found = dict.fromkeys(word for word in rjieba.cut(folded) if len(word) > 1 and word not in STOP and RUN.match(word))
    kept = set(sorted(found, key=len, reverse=True)[:most])
    return [word for word in found if word in kept]
