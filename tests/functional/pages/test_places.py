"""A place's home in the HTML: readable without a program, the same for everybody, safe to show."""

from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from wuji.pages import places
from wuji.plugin.records import Card, CardRow
from wuji.testing import Server, World
from wuji.testing.application import make_app

EVIL = "<script>alert(1)</script>\"'&"
SHOWN = escape(EVIL).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """What a plugin called probe gives; tests put cards into it."""
    given: list[Card] = []

    def list_cards(*_: object) -> dict[str, Any]:
        return {"items": [{**asdict(card), "plugin": "probe"} for card in given], "failed": []}

    monkeypatch.setattr(places, "list_cards", list_cards)
    return given


@pytest.mark.parametrize(("locale", "below"), [("zh-CN", "下级"), ("en", "Below")])
def test_a_home_says_what_it_is(client: FlaskClient, world: World, locale: str, below: str) -> None:
    code = world.code["street"]
    page = client.get(f"/{code}", headers={"Accept-Language": locale})
    assert page.status_code == 200
    assert page.headers["Content-Language"] == locale
    for part in (
        f'<html lang="{locale}">',
        "<title>street</title>",
        '<meta name="description" content="',
        f'<link rel="canonical" href="http://localhost:8000/{code}">',
        '<link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials">',
        f"<h2>{below}</h2>",
        f'<a href="/{world.code["village"]}" lang="zh-CN">village</a>',
        f'<a href="/{world.code["city"]}" lang="zh-CN">city</a>',
        f'action="/{code}/search"',
    ):
        assert part in page.text


def test_cards_stand_in_the_html_with_their_rows(client: FlaskClient, world: World, cards: list[Card]) -> None:
    code = world.code["village"]
    rows = (CardRow(title="第一条", text="说明", note="某村", path="rows/1"), CardRow(title="没有去处", lang="en"))
    cards += [
        Card(name="season", place="head", title="大暑", text="看住水和病", note="7月23日", path="terms/12"),
        Card(name="month", place="main", title="本月", rows=rows, more="全部", path="rows"),
        Card(name="none", place="side", title="旁边", empty="还没有"),
    ]
    page = client.get(f"/{code}").text
    for part in ("大暑", f'href="/{code}/x/probe/terms/12"', "看住水和病", "<h2>本月</h2>", "说明", "某村", "还没有"):
        assert part in page
    assert f'<a href="/{code}/x/probe/rows/1">第一条</a>' in page
    assert "<b>没有去处</b>" in page
    assert f'<a href="/{code}/x/probe/rows">全部</a>' in page


def test_what_people_wrote_is_text(client: FlaskClient, world: World, cards: list[Card]) -> None:
    row = CardRow(title=EVIL, text=EVIL, note=EVIL, path=EVIL, lang=EVIL)
    cards.append(Card(name="x", place="main", title=EVIL, text=EVIL, note=EVIL, rows=(row,), more=EVIL, path=EVIL))
    cards.append(Card(name="y", place="head", title=EVIL, text=EVIL, note=EVIL, path=EVIL))
    world.run("update wuji.tenant set name = %s where id = %s", EVIL, world.tenant["village"])
    page = client.get(f"/{world.code['village']}").text
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert SHOWN in page


def test_a_notice_is_read_by_everybody(client: FlaskClient, world: World) -> None:
    world.run(
        "insert into wuji.setting_value(tenant_id, key, mode, value)"
        " values (%s, 'tenancy.portal_notice', 'set', to_jsonb(%s::text))",
        world.tenant["street"],
        f"今晚停电 {EVIL}",
    )
    below = world.code["village"]
    assert client.get(f"/api/v1/tenants/{below}/portal").json == {"notice": f"今晚停电 {EVIL}"}
    page = client.get(f"/{below}").text
    assert f"今晚停电 {SHOWN}" in page
    assert client.get(f"/api/v1/tenants/{world.code['other']}/portal").json == {"notice": ""}


def test_the_html_knows_nobody(client: FlaskClient, world: World) -> None:
    code = world.code["village"]
    plain = client.get(f"/{code}").data
    client.set_cookie("wuji-8000", world.cookie["official@village"])
    assert client.get(f"/{code}").data == plain


def test_there_is_nothing_below_a_place_that_nobody_serves(client: FlaskClient, world: World) -> None:
    for path in ("nothing", "search/more", "x"):
        assert client.get(f"/{world.code['village']}/{path}", headers={"Accept": "text/html"}).status_code == 404


def test_pages_go_out_compressed_and_answers_of_the_api_do_not(client: FlaskClient, world: World) -> None:
    code, asked = world.code["village"], {"Accept-Encoding": "gzip, br"}
    squeezed = client.get(f"/{code}", headers=asked)
    assert squeezed.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in squeezed.vary
    assert brotli.decompress(squeezed.data) == client.get(f"/{code}").data
    assert "Content-Encoding" not in client.get(f"/{code}", headers={"Accept-Encoding": "gzip, br;q=0"}).headers
    assert "Content-Encoding" not in client.get("/api/v1/openapi.json", headers=asked).headers
    assert "Content-Encoding" not in client.get(f"/{code}/theme.css", headers=asked).headers  # too small to matter
