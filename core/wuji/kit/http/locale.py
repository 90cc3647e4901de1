"""The reader's language. A page: the one chosen in this browser, else what the browser prefers. An answer to a program: what that
program asks for; the front end's names the language that it speaks. Then the account's, and Chinese.
"""

from flask import Request, g
from werkzeug.datastructures import LanguageAccept

from wuji.kit.texts import LOCALES

DEFAULT = LOCALES[0]
# Written by the front end when somebody chooses (frontend/src/shared/i18n/chosen.ts); it holds a language and nothing else.
COOKIE = "wuji-language"
PROGRAMS = "/api/"


def read_locale(request: Request) -> str:
    """Accept-Language (RFC 9110) matched against ours; `zh`, `zh-TW`, `en-GB` find their nearest."""
    chosen = None if request.path.startswith(PROGRAMS) else request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return chosen
    own = g.get("account_locale")
    return preferred(request.accept_languages) or (own if own in LOCALES else DEFAULT)


def preferred(languages: LanguageAccept) -> str:
    """The first of ours that a header asks for; empty: none of them."""
    for wanted, quality in languages:
        if quality > 0:
            if wanted.lower().startswith("zh"):
                return "zh-CN"
            if wanted.lower().startswith("en"):
                return "en"
    return ""
