"""When a page has come to rest. Playwright's "networkidle" waits for the answer that stays open as long as a page listens."""

import time
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Page, Request

# The answer that stays open, and the script of the worker that holds it, of which no end is reported.
OPEN = ("/live", "/assets/worker-")
REST, LOOK, PATIENCE = 0.5, 50, 30.0  # seconds, milliseconds, seconds
_asked: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """From now on what the page asks for is known."""
    asked = _asked[page] = set()

    def begun(request: Request) -> None:
        if not any(part in request.url for part in OPEN):
            asked.add(request)

    def ended(request: Request) -> None:
        asked.discard(request)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


def settle(page: Page) -> None:
    """Returns once the page is loaded and has asked for nothing for half a second."""
    page.wait_for_load_state("load")
    since = began = time.monotonic()
    while time.monotonic() - since < REST:
        page.wait_for_timeout(LOOK)
        if _asked[page]:
            since = time.monotonic()
        if since - began > PATIENCE:
            pytest.fail(f"{page.url} still waits for {[one.url for one in _asked[page]]}")
