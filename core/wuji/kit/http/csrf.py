"""Unsafe calls must come from our own pages or from a program, never from another site's form (design: identity)."""

from urllib.parse import urlsplit

from flask import Request

from wuji.kit.problem import Problem

HEADER = "X-Wuji-Request"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NEAR = frozenset({"same-origin", "none"})


def check_origin(request: Request) -> None:
    """Raises 403 where the header is missing (a cross-site form cannot set it) or the browser says that another site
    asks.

    A program sends neither Sec-Fetch-Site nor Origin; it is let through, but the header is still asked of it.
    """
    if request.headers.get(HEADER) != "1":
        raise Problem("kit.request_header", 403)
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in NEAR:
        raise Problem("kit.other_site", 403)
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Problem("kit.other_site", 403)
