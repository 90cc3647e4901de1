"""A shell of the front end, filled: title, description, language and the text that stands there before any JavaScript runs."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from markupsafe import escape

from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import deployment
from wuji.pages.assets import Assets

HEAD, BODY = "<!--head-->", "<!--body-->"
LANGUAGE, TITLE = 'lang="zh-CN"', ("<title>", "</title>")


def assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found


def shell(
    entry: str, template: str, *, title: str, description: str = "", status: int = 200, **values: Any
) -> Response:
    """The page, in the reader's language; its CSP allows this build's files and nothing else."""
    locale = read_locale(request)
    html = assets().html(entry)
    before, _, rest = html.partition(TITLE[0])
    _, _, after = rest.partition(TITLE[1])
    html = f"{before}{TITLE[0]}{escape(title)}{TITLE[1]}{after}"
    head = f'<meta name="description" content="{escape(description)}">' if description else ""
    body = render_template(template, say=_say(locale), **values)
    html = html.replace(HEAD, head, 1).replace(BODY, body, 1).replace(LANGUAGE, f'lang="{locale}"', 1)
    headers = {
        "Content-Security-Policy": assets().policy,
        "Content-Language": locale,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "no-cache",
    }
    return Response(html, status, headers, mimetype="text/html")


def say(key: str, params: Mapping[str, object] | None = None) -> str:
    return deployment().texts.say(read_locale(request), f"pages.{key}", params)


def _say(locale: str) -> Any:
    texts = deployment().texts
    return lambda key, **params: texts.say(locale, f"pages.{key}", params)


def register_shells(app: Flask, built: Assets) -> None:
    app.extensions["assets"] = built
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.before_request(lambda: g.setdefault("account_locale", None))
