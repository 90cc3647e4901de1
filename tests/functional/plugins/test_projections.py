"""Projectors of a plugin, in transactions that write: of its own rows, and of what is the core's."""

import pytest

from wuji.installation import install_one
from wuji.testing import World

ROUTE = """
from sqlalchemy import text
from wuji.api.http import Words

class ThingIn(In):
    name = Words(least=1, most=40)

feature = Feature("{name}", plugin="{name}")

@feature.route("POST", "/tenants/<tenant_code>/{name}/things", permission="{name}.thing.read", body=ThingIn, status=204)
def add_thing_{name}(call, asked):
    session = call.session
    thing = Thing(tenant_id=call.actor.tenant_id, name=asked["name"])
    session.add(thing)
    session.flush()
    record(session, "{name}.thing.add", "{name}.thing", thing.id, tenant_id=call.actor.tenant_id)
"""
HOOKS = """
@hook
def wuji_routes(self):
    return (feature,)

@hook
def wuji_projections(self):
    def project(session, recorded):
        session.add(Thing(tenant_id=recorded.tenant_id, name=recorded.verb))
        session.flush()
        {then}
    return (Projection("watch", KIND, project),)
"""
FAILS = {
    "raises": "raise KeyError('no such thing')",
    "breaks SQL": "session.execute(text('select 1/0'))",
    "drags": "session.execute(text('select pg_sleep(20)'))",
}
REFUSES = "raise Problem('kit.against_rules', 422)"


@pytest.fixture
def watch(server, workshop, place, write_tabled, serve):
    """`watch(kind, then)`: an application with a plugin that writes a row about each record of the kind, then does that."""
    worlds = []

    def make(kind, then="pass"):
        name, owner = place
        plugin = write_tabled(HOOKS.replace("{then}", then), f"{ROUTE}\nKIND = '{kind}'\n")
        plugins = workshop.load()
        assert plugin in plugins.by_id, plugins.quarantined
        install_one(owner, plugins, plugins.by_id[plugin])
        worlds.append(World(server, name))
        worlds[0].rule("city", plugin)
        return serve(plugins, database=name), worlds[0], plugin

    yield make
    for world in worlds:
        world.close()


def add(app, world, plugin):
    client = app.test_client()
    client.set_cookie("wuji-8000", world.cookie["official@village"])
    path = f"/api/v1/tenants/{world.code['village']}/{plugin}/things"
    return client.post(path, json={"name": "rice"}, headers={"X-Wuji-Request": "1"}).status_code


def rename(app, world):
    client = app.test_client()
    client.set_cookie("wuji-8000", world.cookie["official@street"])
    rule = next(r.rule for r in app.url_map.iter_rules() if r.endpoint == "tenancy.rename_child")
    path = rule.replace("<tenant_code>", world.code["street"])
    path = path.replace("<int(max=2147483647):tenant_id>", str(world.tenant["village"]))
    headers = {"X-Wuji-Request": "1", "If-Match": '"1"'}
    return client.put(path, json={"name": "新名"}, headers=headers).status_code


def things(world, plugin):
    return sorted(row[0] for row in world.run(f"select name from plugin_{plugin}.thing").fetchall())


def name_of(world):
    return world.one("select name from wuji.tenant where id = %s", world.tenant["village"])


def test_of_its_own_rows(watch):
    app, world, plugin = watch("{name}.thing")
    assert add(app, world, plugin) == 204
    assert things(world, plugin) == ["rice", f"{plugin}.thing.add"]


@pytest.mark.parametrize(
    ("then", "status"),
    [(REFUSES, 422), (FAILS["raises"], 500), (FAILS["breaks SQL"], 500)],
    ids=["refuses", "raises", "breaks SQL"],
)
def test_of_its_own_rows_it_rolls_back_whatever_goes_wrong(watch, then, status):
    app, world, plugin = watch("{name}.thing", then)
    assert add(app, world, plugin) == status
    assert things(world, plugin) == []
    assert world.one("select count(*) from wuji.journal_record where verb = %s", f"{plugin}.thing.add") == 0


def test_of_what_is_the_cores(watch):
    app, world, plugin = watch("tenant")
    assert rename(app, world) == 200
    assert things(world, plugin) == ["tenancy.tenant.rename"]


@pytest.mark.parametrize("then", FAILS.values(), ids=FAILS)
def test_the_core_goes_on_without_what_a_broken_one_had_begun(watch, then):
    app, world, plugin = watch("tenant", then)
    assert rename(app, world) == 200
    assert (name_of(world), things(world, plugin)) == ("新名", [])
    fault = world.one("select fault from wuji.plugin where id = %s", plugin)
    assert fault["hook"] == f"projector {plugin}.watch"


def test_a_problem_of_it_refuses_what_the_core_does(watch):
    app, world, plugin = watch("tenant", REFUSES)
    assert rename(app, world) == 422
    assert (name_of(world), things(world, plugin)) == ("village", [])


def test_where_it_is_not_active_it_hears_nothing(watch):
    app, world, plugin = watch("tenant")
    world.rule("street", plugin, rule="forbid")
    assert rename(app, world) == 200
    assert (name_of(world), things(world, plugin)) == ("新名", [])
