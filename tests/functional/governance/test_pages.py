"""What plugins show: contributions, cards, files, and pages that can be read without any program."""

import pytest

HOOKS = """
@hook
def wuji_permissions(self):
    return ()

@hook
def wuji_ui(self):
    pages = (
        Page(surface="portal", path="tips", component="Tips", title=f"{self.name}.title"),
        Page(surface="portal", path="tips/:tip", component="Tip", title=f"{self.name}.title"),
        Page(surface="console", path="tips", component="Desk", title=f"{self.name}.title", permission="tenancy.tenant.read"),
    )
    menus = (
        Menu(surface="portal", group="sections", label=f"{self.name}.title", icon="sprout", path="tips", order=9),
        Menu(surface="portal", group="tabs", label=f"{self.name}.title", icon="sprout", path="tips", order=1),
    )
    return (Ui(module="index.js", styles=("style.css",), pages=pages, menus=menus),)

@hook
def wuji_public_page(self, session, path, locale):
    if path != "tips/3":
        return None
    at = datetime(2026, 6, 1, tzinfo=UTC)
    html = "<p>插秧前先晒田<script>alert(1)</script></p>"
    about = {"title": "晒田 <3", "description": "早\\"稻", "path": path, "lang": "zh-CN"}
    return PublicPage(html=html, modified_at=at, **about)

@hook
def wuji_cards(self, session, surface):
    rows = (CardRow(title="晒田", path="tips/3"),)
    silent = Card(name="empty", place="side", title="nothing to say")
    return (Card(name="late", place="main", title="农话", rows=rows, order=5), silent) if surface == "portal" else ()
"""
BEFORE = "from datetime import UTC, datetime"
FILES = {
    "ui/index.js": "export const Tips = 1",
    "ui/style.css": "p {}",
    "ui/deep/picture.svg": "<svg/>",
    "secret.txt": "no",
    "locales/en.json": '{"title": "Farm tips"}',
}


@pytest.fixture
def plugin(workshop):
    name = f"q{id(workshop) % 10**8}"
    return workshop.write(HOOKS, before=BEFORE, files=FILES, texts='{"title": "农话"}', name=name)


@pytest.fixture(autouse=True)
def switched_on(world, plugin):
    world.rule("city", plugin)


def test_contributions_of_this_reader(ask, plugin):
    (ui,) = ask("anonymous", "GET", "/ui?surface=portal", at="village").json["items"]
    assert ui["module"] == f"/plugins/{plugin}/1.0.0/index.js"
    assert ui["styles"] == [f"/plugins/{plugin}/1.0.0/style.css"]
    assert ui["texts"]["en"] == f"/plugins/{plugin}/1.0.0/locales/en.json"
    assert [page["path"] for page in ui["pages"]] == ["tips", "tips/:tip"]
    assert [menu["group"] for menu in ui["menus"]] == ["tabs", "sections"]
    assert ask("anonymous", "GET", "/ui?surface=console", at="village").json["items"] == []
    (desk,) = ask("clerk", "GET", "/ui?surface=console", at="village").json["items"]
    assert [page["component"] for page in desk["pages"]] == ["Desk"]
    assert ask("anonymous", "GET", "/ui", at="other").json["items"] == []
    assert ask("anonymous", "GET", "/ui?surface=moon", at="village").status_code == 422


def test_contributions_are_named_in_the_language_asked_for(ask):
    for language, title in (("zh-CN", "农话"), ("en", "Farm tips")):
        (ui,) = ask("anonymous", "GET", "/ui", at="village", headers={"Accept-Language": language}).json["items"]
        assert {page["title"] for page in ui["pages"]} == {menu["label"] for menu in ui["menus"]} == {title}


def test_cards(ask, plugin):
    answer = ask("anonymous", "GET", "/cards?surface=portal", at="village").json
    assert [(card["plugin"], card["name"]) for card in answer["items"]] == [(plugin, "late")]
    assert answer["items"][0]["rows"][0]["path"] == "tips/3"
    assert answer["failed"] == []


@pytest.fixture
def start_with(workshop, serve, world):
    """A program that has one more plugin, which is on."""

    def start(name):
        world.rule("city", name)
        return serve(workshop.load())

    return start


@pytest.mark.parametrize("given", ["['no card']", "7", "[None]"], ids=str)
def test_cards_that_are_none(workshop, start_with, ask, plugin, given):
    bad = workshop.write(f"@hook\ndef wuji_cards(self):\n    return {given}")
    answer = ask("anonymous", "GET", "/cards", at="village", app=start_with(bad)).json
    assert [card["plugin"] for card in answer["items"]] == [plugin]
    assert answer["failed"] == [bad]


def test_files(app, plugin):
    client = app.test_client()
    for name, media in (("index.js", "javascript"), ("deep/picture.svg", "svg"), ("locales/en.json", "json")):
        answer = client.get(f"/plugins/{plugin}/1.0.0/{name}", buffered=True)
        assert answer.status_code == 200
        assert media in answer.content_type
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for path in (
        "1.0.0/../secret.txt",
        "1.0.0/%2e%2e/secret.txt",
        "1.0.0/locales/../secret.txt",
        "2.0.0/index.js",
        "1.0.0/",
    ):
        assert client.get(f"/plugins/{plugin}/{path}").status_code == 404
    assert client.get("/plugins/nobodys_plugin/1.0.0/index.js").status_code == 404


def test_built_files_come_first_and_small(app, workshop, plugin):
    built = workshop.folder / plugin / "ui" / "dist"
    built.mkdir()
    (built / "index.js").write_text("built")
    (built / "index.js.br").write_bytes(b"small")
    client = app.test_client()
    url = f"/plugins/{plugin}/1.0.0/index.js"
    assert client.get(url, buffered=True).data == b"built"
    small = client.get(url, headers={"Accept-Encoding": "br"}, buffered=True)
    assert (small.data, small.headers["Content-Encoding"]) == (b"small", "br")


def test_a_page_can_be_read_as_it_is_sent(app, world, plugin):
    client, code = app.test_client(), world.code["village"]
    answer = client.get(f"/{code}/x/{plugin}/tips/3", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "<title>晒田 &lt;3</title>" in answer.text
    assert 'content="早&#34;稻"' in answer.text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/{code}/x/{plugin}/tips/3">' in answer.text
    assert '<article lang="zh-CN">' in answer.text
    assert "插秧前先晒田" in answer.text
    assert answer.headers["Last-Modified"] == "Mon, 01 Jun 2026 00:00:00 GMT"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_page_of_the_program_alone(app, world, plugin):
    answer = app.test_client().get(f"/{world.code['village']}/x/{plugin}/tips")
    assert answer.status_code == 200
    assert "<title>农话</title>" in answer.text


@pytest.mark.parametrize(
    ("at", "path"), [("village", "tips/4"), ("village", "nowhere"), ("other", "tips/3"), (None, "tips/3")]
)
def test_what_is_not_there_is_one_page(app, world, plugin, at, path):
    client = app.test_client()
    code = world.code[at] if at else "0" * 12
    answer = client.get(f"/{code}/x/{plugin}/{path}")
    other = client.get(f"/{'1' * 12}/x/nobodys_plugin/{path}")
    assert (answer.status_code, other.status_code) == (404, 404)
    assert answer.data == other.data


ROUTES = """
@hook
def wuji_routes(self):
    return (feature,)
"""
ROUTE = """
class CountOut(Out):
    count = Whole()

feature = Feature("{name}", plugin="{name}")

@feature.route("GET", "/tenants/<tenant_code>/{name}/count", permission="public", answer=CountOut)
def count_{name}(call):
    "How many."
    return {"count": 3}
"""


def test_routes_are_there_where_it_is_active(workshop, serve, world, ask, app):
    name = "counting_plugin"
    workshop.write(ROUTES, before=ROUTE.replace("{name}", name), name=name)
    world.rule("city", name)
    served = serve(workshop.load())
    assert ask("anonymous", "GET", f"/{name}/count", at="village", app=served).json == {"count": 3}
    inactive = ask("anonymous", "GET", f"/{name}/count", at="other", app=served)
    absent = ask("anonymous", "GET", f"/{name}/count", at="other", app=app)
    assert (inactive.status_code, absent.status_code) == (404, 404)
    assert inactive.data == absent.data
    document = ask("anonymous", "GET", "/openapi.json", app=served).json
    assert document["paths"][f"/api/v1/tenants/{{tenant_code}}/{name}/count"]["get"]["x-plugin"] == name
