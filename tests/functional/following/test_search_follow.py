"""Documents of what people wrote who may write none: the core's own handler makes them, after the fact."""

import pytest

from wuji.search.following import NAME


@pytest.fixture
def found(app, world):
    def search(q, at="village"):
        asked = {"q": q, "tenant": world.code[at]}
        return [hit["title"] for hit in app.test_client().get("/api/v1/search", query_string=asked).json["items"]]

    return search


@pytest.fixture
def follow(journal, app, do_jobs):
    journal.declare(NAME, runs="job", kinds=["tenant"])

    def settle():
        journal.follow()
        return do_jobs(app)

    return settle


def rename(world, tenant, name):
    """As a definer function does it: no projector hears of it."""
    columns = (name, name, world.tenant[tenant])
    world.run("update wuji.tenant set name = %s, name_key = %s, version = version + 1 where id = %s", *columns)


def test_what_no_projector_heard_of_is_found(world, journal, follow, found):
    rename(world, "village", "老洲村")
    assert found("老洲村") == []
    journal.happen(world.tenant["village"], kind="tenant", verb="rename")
    assert follow() == ["done"]
    assert found("老洲村")[0] == "老洲村"
    assert "grid" in found("老洲村", at="grid")  # the name of those above stands in the documents of all below


def test_what_is_as_it_should_be_is_not_written_again(world, journal, follow):
    journal.happen(world.tenant["village"], kind="tenant")
    follow()
    written = "select xmin::text from wuji.search_document where kind = 'tenant' and id = %s"
    before = world.one(written, str(world.tenant["village"]))
    assert before
    journal.happen(world.tenant["village"], kind="tenant")
    assert follow() == ["done"]
    assert world.one(written, str(world.tenant["village"])) == before


def test_a_document_that_fails_is_set_aside_alone(world, journal, follow, found):
    rename(world, "village", "老洲村")
    journal.happen("no number", kind="tenant")
    journal.happen(world.tenant["village"], kind="tenant")
    assert follow() == ["done"]
    assert found("老洲村") == ["老洲村"]
    assert journal.poison(NAME) == [("no number", 1, "aside")]
