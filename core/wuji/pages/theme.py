"""A tree's own colours as a style sheet: the strict CSP leaves no other way to bring them into a page."""

from collections.abc import Iterator, Mapping

from flask import Response
from sqlalchemy import text

from wuji.kit.http.request import open_call

FIND = text("select wuji.theme_find()")
# Changed once a year; every page of a place asks for it.
CACHE = "public, max-age=300"
GROUNDS = {"light": ":root", "dark": ':root[data-theme="dark"]'}
# The five terraces of a page head: how much of brand-mid is in each, the rest is white.
TERRACES = (0.15, 0.25, 0.4, 0.6, 0.82)


def theme_sheet(tenant_code: str) -> Response:
    """Colours of the tenant or of the nearest one above it that has its own; an empty sheet where there are none."""
    with open_call("public", tenant_code) as call:
        theme: dict[str, dict[str, str]] = call.session.execute(FIND).scalar_one_or_none() or {}
    rules = [
        f"{selector}{{{';'.join(f'--{name}:{colour}' for name, colour in _colours(ground, theme[ground]))}}}\n"
        for ground, selector in GROUNDS.items()
        if ground in theme
    ]
    return Response("".join(rules), headers={"Cache-Control": CACHE}, mimetype="text/css")


def _colours(ground: str, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from sorted(given.items())
    if ground == "light" and "brand-mid" in given:  # fields of another colour than the page's would look like a mistake
        for number, share in enumerate(TERRACES, 1):
            yield f"a{number}", _lightened(given["brand-mid"], share)


def _lightened(colour: str, share: float) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part * share + 255 * (1 - share)):02x}" for part in parts)
