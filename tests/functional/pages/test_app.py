"""What makes the portal an app: manifest, worker, the page without a network."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from wuji.testing import Server
from wuji.testing.application import make_app


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(("locale", "name"), [("zh-CN", "五级"), ("en", "Wuji")])
def test_the_manifest_speaks_the_reader_s_language(client: FlaskClient, locale: str, name: str) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": locale})
    assert answer.mimetype == "application/manifest+json"
    assert (answer.json["short_name"], answer.json["lang"]) == (name, locale)
    assert {icon["purpose"] for icon in answer.json["icons"]} == {"any", "maskable"}
    for icon in answer.json["icons"]:
        with client.get(icon["src"]) as image:
            assert (image.status_code, image.mimetype) == (200, icon["type"])


def test_the_worker_may_fetch_what_is_ours_and_nothing_else(client: FlaskClient) -> None:
    with client.get("/sw.js") as answer:
        assert answer.mimetype in {"text/javascript", "application/javascript"}
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.text.startswith('const VERSION = "')
        assert '"/offline"' in answer.text


def test_pages_may_have_a_worker_and_a_manifest_of_ours(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


@pytest.mark.parametrize(("locale", "title"), [("zh-CN", "现在没有网络"), ("en", "There is no network now")])
def test_the_page_without_a_network_is_about_nobody(client: FlaskClient, locale: str, title: str) -> None:
    page = client.get("/offline", headers={"Accept-Language": locale})
    assert f"<h1>{title}</h1>" in page.text
    assert f'<html lang="{locale}">' in page.text
    assert '<script type="module"' not in page.text
    assert page.headers["Cache-Control"].startswith("public")
    assert page.headers["X-Robots-Tag"] == "noindex"
