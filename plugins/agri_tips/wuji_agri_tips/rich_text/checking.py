"""What is missing before a tip can be read by everybody: named by what and where, so that it can be mended."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from wuji.api import Fault
from wuji_agri_tips.rich_text.reading import read_outline

TOP = 2  # the page's own heading is its title
NEEDED = ("months", "subject", "title", "summary", "body")
SHOWN = 20  # characters of a heading that a fault repeats


class Checked(Protocol):
    """A picture or recording, as far as it is checked."""

    number: int
    kind: str
    name: str
    alt: str
    transcript: str


def check_needed(content: dict[str, object]) -> Iterator[Fault]:
    """What a tip cannot do without."""
    for name in NEEDED:
        if not content[name]:
            yield Fault(f"#/{name}", f"agri_tips.invalid.{name}")
    if bool(content["title_en"]) != bool(content["summary_en"]):
        missing = "summary_en" if content["title_en"] else "title_en"
        yield Fault(f"#/{missing}", f"agri_tips.invalid.{missing}")


def check_headings(html: str) -> Iterator[Fault]:
    """They begin at h2 and go down one level at a time: that is how a screen reader's user finds the way."""
    before = TOP - 1
    for place, heading in enumerate(read_outline(html).headings, start=1):
        said = {"place": place, "text": heading.text.strip()[:SHOWN], "level": heading.level}
        if not heading.text.strip():
            yield Fault("#/body", "agri_tips.invalid.heading_empty", said)
        if heading.level < TOP:
            yield Fault("#/body", "agri_tips.invalid.heading_first", said)
        elif heading.level > before + 1:
            yield Fault("#/body", "agri_tips.invalid.heading_jump", {**said, "wanted": before + 1})
        before = max(heading.level, TOP)


def check_pictures(html: str, media: Sequence[Checked]) -> Iterator[Fault]:
    """Pictures within the text are pictures of the tip."""
    own = {one.number for one in media if one.kind == "picture"}
    for place, number in enumerate(read_outline(html).pictures, start=1):
        if number not in own:
            yield Fault("#/body", "agri_tips.invalid.picture_gone", {"place": place})


def check_media(media: Sequence[Checked]) -> Iterator[Fault]:
    """Whoever does not see or hear it learns the same."""
    for one in media:
        said = {"number": one.number, "name": one.name}
        if one.kind == "picture" and not one.alt:
            yield Fault(f"#/media/{one.number}/alt", "agri_tips.invalid.alt", said)
        if one.kind != "picture" and not one.transcript:
            yield Fault(f"#/media/{one.number}/transcript", "agri_tips.invalid.transcript", said)


def check_tip(content: dict[str, object], media: Sequence[Checked]) -> list[Fault]:
    """Everything that keeps it from being reviewed; a draft may lack any of it."""
    body = str(content["body"])
    return [*check_needed(content), *check_headings(body), *check_pictures(body, media), *check_media(media)]
