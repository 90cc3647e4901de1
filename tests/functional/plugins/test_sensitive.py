"""Sensitive features: a plugin asks, and a route, a list, a page and a menu ask by themselves, whether the root allows one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wuji.kit.sensitive import UndeclaredFeatureError, root_allows
from wuji.testing.world import FAR, World

ZONE = ZoneInfo("Asia/Shanghai")
MANIFEST = """
[[sensitive]]
id = "ranking"
[sensitive.name]
zh-CN = "排行"
en = "Ranking"
"""
BEFORE = """
from wuji.api.models import Tenant
from sqlalchemy import select
feature = Feature("{name}", plugin="{name}")
RANKING = "{name}.ranking"
RANKS = List(
    name="{name}.ranks", permission="tenancy.tenant.read", sensitive=RANKING, key=Tenant.id, sort="name",
    columns=(Column("name", Tenant.name, sortable=True),),
    source=lambda asker, asked: select().select_from(Tenant).where(Tenant.id == asker.tenant_id),
)

@feature.route("GET", "/tenants/<tenant_code>/{name}/first", permission="public", sensitive=RANKING, answer=Out)
def show_first_{name}(call):
    return {{"first": "a village"}}

@feature.route("GET", "/tenants/<tenant_code>/{name}/mine", permission="public", answer=Out)
def show_mine_{name}(call):
    return {{"ranked": root_allows(call.session, RANKING)}}

serve_list(feature, "/tenants/<tenant_code>/{name}/ranks", RANKS, "list_ranks_{name}", "Who is first.")
"""
HOOKS = """
@hook
def wuji_routes(self):
    return (feature,)

@hook
def wuji_cards(self, session):
    return (Card(name="first", place="main", title="t", text="x"),) if root_allows(session, RANKING) else ()

@hook
def wuji_ui(self):
    pages = tuple(
        Page(surface="portal", path=path, component="Home", title=f"{self.name}.title", sensitive=asked)
        for path, asked in (("", None), ("ranks", RANKING))
    )
    menus = (Menu(surface="portal", group="tabs", label=f"{self.name}.title", icon="sprout", path="ranks", sensitive=RANKING),)
    slots = (Slot(surface="portal", name="me", component="Rank", sensitive=RANKING),)
    return (Ui(module="index.js", pages=pages, menus=menus, slots=slots),)
"""
TEXTS = """{"title": "Ranks", "lists": {"ranks": "Ranks"}, "list": {"ranks": {"name": "Name"}}}"""
PATHS = ("/first", "/ranks")


@pytest.fixture
def plugin(workshop):
    name = f"s{id(workshop) % 10**8}"
    return workshop.write(
        HOOKS, name=name, before=BEFORE.format(name=name), manifest=MANIFEST, texts=TEXTS, files={"ui/index.js": ""}
    )


@pytest.fixture
def clock():
    """The program's, in a list that a test may change."""
    return [datetime.now(UTC)]


@pytest.fixture
def app(workshop, serve, plugin, clock):
    plugins = workshop.load()
    assert plugin in plugins.by_id, plugins.quarantined
    return serve(plugins, clock=lambda: clock[0])


@pytest.fixture
def ask(app, world):
    def send(who, method, path, at="village", **given):
        client = app.test_client()
        if who in world.cookie:
            client.set_cookie("wuji-8000", world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en"}
        return client.open(f"/api/v1/tenants/{world.code[at]}{path}", method=method, headers=headers, **given)

    return send


@pytest.fixture
def seen(ask, app, world, plugin):
    """What of the feature is there for the village's official."""

    def look():
        who = "official@village"
        sent = {"list": f"{plugin}.ranks", "format": "csv", "filters": {}}
        found = {path: ask(who, "GET", f"/{plugin}{path}").status_code for path in PATHS}
        found["export"] = ask(who, "POST", "/exports", json=sent).status_code
        found["page"] = app.test_client().get(f"/{world.code['village']}/x/{plugin}/ranks").status_code
        found["cards"] = len(ask(who, "GET", "/cards").json["items"])
        parts = ask(who, "GET", "/ui").json["items"]
        found["parts"] = [len(part[kind]) for part in parts for kind in ("pages", "menus", "slots")]
        found["asked"] = ask("anonymous", "GET", f"/{plugin}/mine").json["ranked"]
        return found

    return look


ABSENT = {"/first": 404, "/ranks": 404, "export": 422, "page": 404, "cards": 0, "parts": [1, 0, 0], "asked": False}
THERE = {"/first": 200, "/ranks": 200, "export": 201, "page": 200, "cards": 1, "parts": [2, 1, 1], "asked": True}


def test_without_the_roots_word_nothing_of_it_is_there(seen, world, plugin):
    world.rule("city", plugin, allows=())
    assert seen() == ABSENT


def test_with_it_everything_until_its_last_day_ends(seen, world, plugin, clock):
    """The plugin stays on by the district's own rule; only the root's rule ends, at midnight where the tree is."""
    today = datetime.now(ZONE).date()
    world.rule("district", plugin)
    world.rule("city", plugin, allows=("ranking",), until=today)
    assert seen() == THERE
    midnight = datetime(today.year, today.month, today.day, tzinfo=ZONE) + timedelta(days=1)
    clock[0] = midnight - timedelta(seconds=1)
    assert seen() == THERE
    clock[0] = midnight
    assert seen() == ABSENT


def test_another_tree_has_its_own_root(ask, world, plugin):
    world.rule("city", plugin, allows=("ranking",))
    world.rule("other", plugin, allows=())
    assert ask("official@other", "GET", f"/{plugin}/first", at="other").status_code == 404
    assert ask("official@grid", "GET", f"/{plugin}/first", at="grid").status_code == 200


def test_where_the_plugin_is_off_so_are_its_features_and_lists(app, ask, world, plugin):
    world.rule("city", plugin, allows=("ranking",))
    world.rule("village", plugin, rule="forbid")
    with app.extensions["wuji"].work(world.door("resident", "village"), read_only=True) as session:
        assert not root_allows(session, f"{plugin}.ranking")
    sent = {"list": f"{plugin}.ranks", "format": "csv", "filters": {}}
    assert ask("official@village", "POST", "/exports", json=sent).status_code == 422
    assert ask("official@street", "POST", "/exports", at="street", json=sent).status_code == 201


def test_a_world_allows_what_plugins_declare(server, workshop, plugin, monkeypatch):
    """So that the isolation matrix of an author covers such routes."""
    monkeypatch.setattr("wuji.testing.world.installed_plugins", workshop.load)
    world = World(server)
    said = "select allows, until from wuji.plugin_rule where plugin_id = %s and tenant_id = %s"
    assert world.run(said, plugin, world.tenant["city"]).fetchone() == (["ranking"], FAR)
    world.close()


@pytest.mark.parametrize("name", ["{}.rankings", "ranking", "nobody.ranking"])
def test_a_name_that_nobody_declared_is_a_mistake(app, world, plugin, name):
    made = app.extensions["wuji"]
    with (
        made.work(world.door("resident", "village"), read_only=True) as session,
        pytest.raises(UndeclaredFeatureError, match="sensitive"),
    ):
        root_allows(session, name.format(plugin))


def test_openapi_names_it(app, plugin):
    paths = app.extensions["openapi"]["paths"]
    said = {
        path: paths[f"/api/v1/tenants/{{tenant_code}}/{plugin}/{path}"]["get"].get("x-sensitive")
        for path in ("first", "mine")
    }
    assert said == {"first": f"{plugin}.ranking", "mine": None}
