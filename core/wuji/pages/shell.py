"""A shell of the front end, filled: title, description, language and the text that stands there before any JavaScript runs."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from markupsafe import escape

from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment
from wuji.kit.problem import Problem
from wuji.pages.assets import Assets

HEAD, BODY = "<!--head-->", "<!--body-->"
# with the cookie that says which language was chosen
MANIFEST = '<link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials">'
LANGUAGE, TITLE = 'lang="zh-CN"', ("<title>", "</title>")
PROGRAM = re.compile(r'<script type="module"[^>]*></script>|<link rel="modulepreload"[^>]*>')
# What a problem is said in where there is no build; it asks for no file.
BARE = f"""<!doctype html>
<html {LANGUAGE}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
{TITLE[0]}{TITLE[1]}</head><body>{BODY}</body></html>
"""
NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found


def shell(
    entry: str, template: str, *, title: str, description: str = "", status: int = 200, head: str = "", **values: Any
) -> Response:
    """The page, in the reader's language; its CSP allows this build's files and nothing else. `head`: further tags, escaped."""
    locale = read_locale(request)
    if description:
        head = f'<meta name="description" content="{escape(description)}">{head}'
    if entry == "portal":
        head += MANIFEST
    if tenant := values.get("tenant"):  # its colours are there before the program runs
        head += f'<link id="theme" rel="stylesheet" href="/{escape(tenant["code"])}/theme.css">'
    html = _filled(assets().html(entry), locale, title, template, values).replace(HEAD, head, 1)
    headers = {
        "Content-Security-Policy": assets().policy,
        "Content-Language": locale,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "no-cache",
    }
    return Response(html, status, headers, mimetype="text/html")


def still(template: str, *, title: str, **values: Any) -> tuple[str, str]:
    """A page that looks like the portal's but runs no program, and its CSP. It can be made without a build too."""
    try:
        html, policy = PROGRAM.sub("", assets().html("portal")), assets().policy
    except Problem:
        html, policy = BARE, NOTHING
    return _filled(html, read_locale(request), title, template, values), policy


def _filled(html: str, locale: str, title: str, template: str, values: Mapping[str, Any]) -> str:
    before, _, rest = html.partition(TITLE[0])
    _, _, after = rest.partition(TITLE[1])
    html = f"{before}{TITLE[0]}{escape(title)}{TITLE[1]}{after}"
    body = render_template(template, say=_say(locale), title=title, **values)
    return html.replace(BODY, body, 1).replace(LANGUAGE, f'lang="{locale}"', 1)


def say(key: str, params: Mapping[str, object] | None = None) -> str:
    return deployment().texts.say(read_locale(request), f"pages.{key}", params)


def _say(locale: str) -> Any:
    texts = deployment().texts
    return lambda key, **params: texts.say(locale, f"pages.{key}", params)


def register_shells(app: Flask, built: Assets) -> None:
    app.extensions["assets"] = built
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.before_request(lambda: g.setdefault("account_locale", None))
