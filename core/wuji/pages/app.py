"""What makes the portal an app on a home screen: its manifest, its service worker, and the page for when there is no network."""

import msgspec
from flask import Blueprint, Response, request

from wuji.kit.http.locale import read_locale
from wuji.pages.assets import ASK_AGAIN
from wuji.pages.shell import assets, say, still

app_pages = Blueprint("app_pages", __name__, template_folder="templates")
MANIFEST = "application/manifest+json"
# A worker may fetch what is ours and do nothing else.
WORKER = "default-src 'none'; connect-src 'self'"
HOUR = "public, max-age=3600"
BRAND, GROUND = "#0f625d", "#ffffff"  # brand and bg of the kit's light theme
ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable.png", "512x512", "image/png", "maskable"),
)


@app_pages.get("/sw.js")
def worker() -> Response:
    """The service worker; a browser asks for it again on its own, so it is never kept."""
    response = assets().send(request, "sw.js", ASK_AGAIN)
    response.headers["Content-Security-Policy"] = WORKER
    return response


@app_pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """In the reader's language. An installed app opens where it was left: the page at its start knows."""
    locale = read_locale(request)
    found = {
        "id": "/",
        "name": say("app.name"),
        "short_name": say("app.short"),
        "description": say("about"),
        "lang": locale,
        "dir": "ltr",
        "start_url": "/?start=app",
        "scope": "/",
        "display": "standalone",
        "theme_color": BRAND,
        "background_color": GROUND,
        "icons": [
            {"src": f"/ui/{name}", "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    headers = {"Cache-Control": HOUR, "Vary": "Accept-Language, Cookie", "Content-Language": locale}
    return Response(msgspec.json.encode(found), headers=headers, mimetype=MANIFEST)


@app_pages.get("/offline")
def offline() -> Response:
    """What the service worker shows where there is no network. Nothing in it is about anybody, so it may be kept."""
    html, policy = still("offline.html", title=say("offline.title"))
    headers = {
        "Content-Security-Policy": policy,
        "Content-Language": read_locale(request),
        "Cache-Control": HOUR,
        "Vary": "Accept-Language, Cookie",
        "X-Robots-Tag": "noindex",
    }
    return Response(html, headers=headers, mimetype="text/html")
