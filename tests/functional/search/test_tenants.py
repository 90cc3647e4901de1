"""Tenants are found as soon as they are there, under what they are called now, and not while they are closed."""

import pytest

from wuji.tenancy.services.tree import add_tenant, recode_tenant, rename_tenant, set_tenant_state
from wuji.testing.world import CODES

NAME = "樅陽村"


@pytest.fixture
def work(finder):
    def enter(who="official@street", at="street"):
        return finder.deployment.work(finder.world.door(who, at))

    return enter


@pytest.fixture
def made(finder, work):
    """A village of the street."""
    code = f"{finder.world.code['street']}900"
    with work() as session:
        tenant_id = add_tenant(session, name=NAME, code=code, category="territory")
    return tenant_id, code


def version(finder, tenant_id):
    return finder.world.one("select version from wuji.tenant where id = %s", tenant_id)


def completed(finder, typed):
    return [item["text"] for item in finder.ask("suggest", q=typed).json["items"]]


def test_a_new_tenant_is_found_at_once(finder, made):
    _, code = made
    for q in ("枞阳", "樅陽村", "枞", code, "zongyangcun"):
        assert finder.titles(q) == [NAME], q
    for typed in ("枞", "zongy", "zyc", code[:10], code):
        assert NAME in completed(finder, typed), typed
    assert finder.found("枞阳")["items"][0]["url"] == f"/{code}"


def test_what_is_undone_was_never_there(finder, work):
    with work() as session:
        add_tenant(session, name=NAME, code=f"{finder.world.code['street']}900", category="territory")
        session.rollback()
    assert finder.titles("枞阳") == []


def test_a_new_name_takes_the_place_of_the_old_one_also_below(finder, work):
    finder.index()
    world = finder.world
    with work() as session:
        rename_tenant(session, world.tenant["village"], "六安村", version=1)
    assert set(finder.titles("六安", "official@street", "street")) == {"六安村", "grid"}
    assert finder.titles("village") == []
    assert completed(finder, "luan") == ["六安村"]


def test_a_new_code(finder, work, made):
    tenant_id, code = made
    new = f"{finder.world.code['street']}901"
    with work() as session:
        recode_tenant(session, tenant_id, new, version=1)
    assert (finder.titles(code), finder.titles(new)) == ([], [NAME])


def test_a_root_of_the_operators_is_found_where_it_is(finder, work):
    with work("operator", None) as session:
        code = next(CODES)
        add_tenant(session, name="鹊桥市", code=code, category="territory", level=1)
    finder.world.code["new"] = code
    assert finder.titles("鹊桥", at="new") == ["鹊桥市"]
    assert finder.titles("鹊桥") == []
    assert [item["code"] for item in finder.ask("places", at=None, q="queqiao").json["items"]] == [code]


def test_what_is_closed_is_found_by_nobody_with_all_below(finder, work):
    finder.index()
    finder.note("水稻", at="grid", audience="city")
    tenant_id = finder.world.tenant["village"]
    assert finder.titles("水稻", at="city") == ["水稻"]
    for state, there in (("suspended", False), ("archived", False), ("active", True)):
        with work() as session:
            set_tenant_state(session, tenant_id, state, version=version(finder, tenant_id), reason="test")
        for who in ("anonymous", "official@city"):
            found = finder.found("水稻", who, "city")
            assert (len(found["items"]), found["total"]["value"], bool(found["facets"])) == (there, there, there)
            assert bool(finder.titles("village", who, "city")) is there
        assert bool(finder.ask("suggest", at="city", q="village").json["items"]) is there
        places = finder.ask("places", at=None, q=finder.world.code["village"]).json["items"]
        assert {place["name"] for place in places} == ({"village", "grid"} if there else set())


def test_another_tree_is_another_directory(finder):
    finder.index()
    finder.index("other")
    assert finder.titles("foreign") == []
    assert finder.titles("foreign", at="other") == ["foreign"]


def test_the_chooser_knows_all_of_them(finder, made):
    _, code = made
    for typed in ("枞阳村", "zongyangcun", "zyc", code):
        places = finder.ask("places", at=None, q=typed).json["items"]
        assert code in {place["code"] for place in places} or len(places) == 10, typed
    place = finder.ask("places", at=None, q=code).json["items"][0]
    assert [above["name"] for above in place["ancestors"]] == ["city", "district", "street"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "''", "🌾", "  ", "\u200b", "𠮷", "a" * 90])
def test_typing_anything(finder, typed):
    assert finder.ask("suggest", q=f"xqv{typed}").json["items"] == []  # no reading begins so
    assert finder.ask("places", at=None, q=f"xqv{typed}").json["items"] == []
