"""A certified provider that we did not write (npm oidc-provider), as a city would run one, with pages of its own."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import uuid4

import pytest
import requests

ROOT = Path(__file__).parents[3]
CLIENT, SECRET = "wuji-client", "s3cret/with+odd:chars%"
WAITS = 10


@pytest.fixture
def certified(tmp_path):
    """`certified(back, how)`: starts one; its issuer."""
    (tmp_path / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    shutil.copy(Path(__file__).with_name("op.mjs"), tmp_path / "op.mjs")
    running = []

    def start(back, how):
        command = [ROOT / ".ci" / "node", "node", tmp_path / "op.mjs", CLIENT, SECRET, back, how]
        made = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(made)
        port = made.stdout.readline().strip()
        assert port, made.stderr.read()
        return f"http://127.0.0.1:{port}"

    yield start
    for made in running:
        made.communicate(timeout=WAITS)


def agree(address, back, login):
    """Somebody logs in there and agrees, in a browser of their own; the parameters that they come back with."""
    with requests.Session() as browser:
        page = browser.get(address, allow_redirects=False, timeout=WAITS)
        for _ in range(12):
            where = urljoin(page.url, page.headers.get("Location", ""))
            if "Location" in page.headers and where.startswith(back):
                return dict(parse_qsl(urlsplit(where).query))
            if "Location" in page.headers:
                page = browser.get(where, allow_redirects=False, timeout=WAITS)
                continue
            assert page.status_code == requests.codes.ok, page.text
            action = unescape(re.search(r'<form[^>]*action="([^"]+)"', page.text)[1])
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            typed = {"login": login, "password": "any"} if 'name="login"' in page.text else {}
            page = browser.post(
                urljoin(page.url, action), data={**hidden, **typed}, allow_redirects=False, timeout=WAITS
            )
    raise AssertionError("the provider's pages lead nowhere")


@pytest.mark.parametrize("how", ["basic rs256", "post es256", "par basic", "signed par"])
def test_logging_in_with_it(coming, certified, how, monkeypatch):
    provider = uuid4()
    monkeypatch.setattr("wuji.identity.federation.services.providers.uuid4", lambda: provider)
    back = f"http://localhost:8000/login/back/{provider}"
    issuer = certified(back, how)
    coming.provider(issuer, "village", admits="residents", client_id=CLIENT, client_secret=SECRET)
    for path in ("/me?first", "/me?second"):
        browser = coming.browser()
        answer = agree(coming.go(browser, str(provider), path), back, "zhang")
        assert answer["iss"] == issuer
        assert coming.back(browser, str(provider), answer) == path
        assert coming.me(browser)["name"] == "居民 zhang"
    assert coming.world.one("select count(*) from wuji.external_identity where iss = %s and sub = 'zhang'", issuer) == 1
