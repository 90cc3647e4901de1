"""A tree's own colours as a style sheet: the strict CSP leaves no other way to bring them into a page."""

from flask import Response
from sqlalchemy import text

from wuji.kit.http.request import open_call

FIND = text("select wuji.theme_find()")
# Changed once a year; every page of a place asks for it.
CACHE = "public, max-age=300"
GROUNDS = {"light": ":root", "dark": ':root[data-theme="dark"]'}


def theme_sheet(tenant_code: str) -> Response:
    """Colours of the tenant or of the nearest one above it that has its own; an empty sheet where there are none."""
    with open_call("public", tenant_code) as call:
        theme: dict[str, dict[str, str]] = call.session.execute(FIND).scalar_one_or_none() or {}
    rules = [
        f"{selector}{{{';'.join(f'--{name}:{colour}' for name, colour in sorted(theme[ground].items()))}}}\n"
        for ground, selector in GROUNDS.items()
        if ground in theme
    ]
    return Response("".join(rules), headers={"Cache-Control": CACHE}, mimetype="text/css")
