"""The reader's language: what the program in front of them asks for, else their account's, else Chinese."""

from flask import Request, g

from wuji.kit.texts import LOCALES

DEFAULT = LOCALES[0]


def read_locale(request: Request) -> str:
    """Accept-Language (RFC 9110) matched against ours; `zh`, `zh-TW`, `en-GB` find their nearest."""
    for wanted, quality in request.accept_languages:
        if quality > 0:
            if wanted.lower().startswith("zh"):
                return "zh-CN"
            if wanted.lower().startswith("en"):
                return "en"
    chosen = g.get("account_locale")
    return chosen if chosen in LOCALES else DEFAULT
