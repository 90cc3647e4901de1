"""Reads clean HTML: its headings, its pictures, its plain text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from wuji_agri_tips.rich_text.cleaning import HEADINGS, OWN

# Where one of these begins or ends, a word ends too.
BLOCKS = frozenset({*HEADINGS, "blockquote", "br", "caption", "hr", "li", "ol", "p", "table", "td", "th", "tr", "ul"})


@dataclass
class Heading:
    """`level` 2 is h2."""

    level: int
    text: str = ""


@dataclass
class Outline:
    """What a body consists of. A picture is the number of one of the tip's own, or None: there is none behind it."""

    headings: list[Heading] = field(default_factory=list)
    pictures: list[int | None] = field(default_factory=list)
    text: str = ""


def read_outline(html: str) -> Outline:
    """Of HTML that `clean` has given."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.outline.text = " ".join("".join(reader.pieces).split())
    return reader.outline


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = Outline()
        self.pieces: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HEADINGS:
            self.outline.headings.append(Heading(int(tag[1])))
            self.inside = True
        elif tag == "img":
            own = OWN.fullmatch(dict(attrs).get("src") or "")
            self.outline.pictures.append(int(own[1]) if own else None)
        if tag in BLOCKS:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS:
            self.inside = False
        if tag in BLOCKS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if self.inside:
            self.outline.headings[-1].text += data
