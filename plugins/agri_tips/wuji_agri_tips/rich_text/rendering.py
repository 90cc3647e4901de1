"""A clean body as it stands in a page: its pictures with their addresses, sizes and descriptions."""

import re
from collections.abc import Sequence
from html import escape
from typing import Protocol
from uuid import UUID

IMG = re.compile(r'<img(?: src="media:([0-9]+)")?>')
WIDTHS = {"small": 320, "medium": 960}


class Shown(Protocol):
    """A picture or recording, as far as it is shown."""

    id: UUID
    number: int
    kind: str
    alt: str
    caption: str
    transcript: str
    width: int | None
    height: int | None


def media_url(code: str, media_id: UUID, size: str = "full") -> str:
    """Where a file is read, below the reader's own place."""
    query = "" if size == "full" else f"?size={size}"
    return f"/api/v1/tenants/{code}/agri_tips/media/{media_id}{query}"


def render_body(html: str, media: Sequence[Shown], code: str) -> str:
    """Pictures within the text in their place; one that is gone leaves nothing behind."""
    pictures = {str(one.number): one for one in media if one.kind == "picture"}

    def put(found: re.Match[str]) -> str:
        one = pictures.get(found[1] or "")
        return render_picture(one, code) if one else ""

    return IMG.sub(put, html)


def render_picture(one: Shown, code: str) -> str:
    """For phones the small one, for wide screens the medium one."""
    small, medium = (escape(media_url(code, one.id, size)) for size in WIDTHS)
    measures = f' width="{one.width}" height="{one.height}"' if one.width and one.height else ""
    return (
        f'<img src="{medium}" srcset="{small} {WIDTHS["small"]}w, {medium} {WIDTHS["medium"]}w" '
        f'sizes="(max-width: 40rem) 100vw, 40rem" alt="{escape(one.alt)}"{measures} loading="lazy">'
    )


def render_recording(one: Shown, code: str, transcript: str) -> str:
    """A player, and beneath it what is said; `transcript` is the words that open it."""
    source = escape(media_url(code, one.id))
    player = f'<{one.kind} controls preload="none" src="{source}"></{one.kind}>'
    said = "".join(f"<p>{escape(line)}</p>" for line in one.transcript.splitlines() if line.strip())
    caption = f"<figcaption>{escape(one.caption)}</figcaption>" if one.caption else ""
    return f"<figure>{player}{caption}</figure><details><summary>{escape(transcript)}</summary>{said}</details>"


def render_figure(one: Shown, code: str) -> str:
    """A picture on its own."""
    caption = f"<figcaption>{escape(one.caption)}</figcaption>" if one.caption else ""
    return f"<figure>{render_picture(one, code)}{caption}</figure>"
