"""A tree's colours reach every visitor; nothing else of a profile does."""

import json

import pytest

from wuji.testing.application import make_app

SHEET = ':root{--brand:#1f4e8c}\n:root[data-theme="dark"]{--brand:#8fb8ee;--on-brand:#07182e}\n'
COLOURS = {"light": {"brand": "#1f4e8c"}, "dark": {"on-brand": "#07182e", "brand": "#8fb8ee"}}


@pytest.fixture(scope="module")
def app(server):
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


def give(world, tenant, theme):
    world.run(
        "insert into wuji.tenant_profile(tenant_id, contact, theme) values (%s, '13800000000', %s) "
        "on conflict (tenant_id) do update set theme = excluded.theme",
        world.tenant[tenant],
        json.dumps(theme),
    )


def test_the_nearest_colours_count(world, client):
    def sheet(tenant):
        answer = client.get(f"/{world.code[tenant]}/theme.css")
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        return answer.get_data(as_text=True)

    assert sheet("village") == ""
    give(world, "city", COLOURS)
    give(world, "street", {"light": {"brand": "#000000"}})
    give(world, "village", {})  # has set up other things
    assert sheet("city") == sheet("district") == SHEET
    assert sheet("village") == ":root{--brand:#000000}\n"
    assert sheet("other") == ""


def test_terraces_take_the_colour_of_the_tree(world, client):
    give(world, "city", {"light": {"brand-mid": "#4377b8"}})
    sheet = client.get(f"/{world.code['village']}/theme.css").get_data(as_text=True)
    assert sheet == ":root{--brand-mid:#4377b8;--a1:#e3ebf4;--a2:#d0dded;--a3:#b4c9e3;--a4:#8eadd4;--a5:#658fc5}\n"


def test_a_page_brings_its_colours(world, client):
    page = client.get(f"/{world.code['village']}").get_data(as_text=True)
    assert f'<link id="theme" rel="stylesheet" href="/{world.code["village"]}/theme.css">' in page


def test_of_a_place_that_is_not_there(world, client):
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["city"])
    assert client.get(f"/{world.code['village']}/theme.css").status_code == 404
    assert client.get("/0000/theme.css").status_code == 404
