"""Pages and texts go out compressed. What the build made is so already; answers of the API never are: a secret beside what
somebody else chose could be guessed by its length.
"""

from functools import lru_cache
from http import HTTPStatus

import brotli
from flask import Response, request

TEXTS = frozenset({"text/html", "text/css", "text/javascript", "application/json", "application/manifest+json"})
API = "/api/"
LEAST = 1000  # bytes below which the headers weigh more
QUALITY, BEST = 5, 11  # 1 ms for a page; 80 ms for a plugin's texts, once in the life of a process


def squeeze(response: Response) -> Response:
    """With Brotli, which every browser of the last eight years takes; others get the text as it is."""
    if response.status_code != HTTPStatus.OK or response.mimetype not in TEXTS or request.path.startswith(API):
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["br"]:
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) >= LEAST:
        is_kept = "immutable" in response.headers.get("Cache-Control", "")
        response.set_data(_kept(plain) if is_kept else _squeezed(plain, QUALITY))
        response.headers["Content-Encoding"] = "br"
        tag, _ = response.get_etag()
        if tag:  # of the plain form
            response.set_etag(tag, weak=True)
    return response


def _squeezed(plain: bytes, quality: int) -> bytes:
    return brotli.compress(plain, mode=brotli.MODE_TEXT, quality=quality)


@lru_cache(64)
def _kept(plain: bytes) -> bytes:
    """Of what a browser asks for once."""
    return _squeezed(plain, BEST)
