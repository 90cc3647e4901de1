"""Counting without persons: once a visit, at the place where the reader stands; marks once each."""

from concurrent.futures import ThreadPoolExecutor

import pytest

COUNTS = (
    "select t.name, reads, helpful from plugin_agri_tips.tip_count c join wuji.tenant t on t.id = c.tenant_id "
    "where tip_id = %s order by 1"
)


@pytest.fixture
def tip(farm):
    return farm.publish(reach="street")


def counts(farm, tip):
    return farm.world.run(COUNTS, tip["id"]).fetchall()


def read(farm, tip, client=None, at="village", who="anonymous", **given):
    answer = farm.ask(who, "POST", f"tips/{tip['id']}/reads", at=at, client=client, **given)
    assert answer.status_code == 204, answer.text
    return answer


def test_once_a_visit_and_a_place(farm, tip):
    visitor = farm.app.test_client()
    for _ in range(3):
        read(farm, tip, visitor)
    assert counts(farm, tip) == [("village", 1, 0)]
    read(farm, tip, visitor, at="sibling")
    read(farm, tip, farm.app.test_client())
    read(farm, tip, farm.app.test_client(), who="resident")
    assert counts(farm, tip) == [("sibling", 1, 0), ("village", 3, 0)]
    assert farm.sound(farm.ask("official@street", "GET", f"managed-tips/{tip['id']}", at="street"))["reads"] == 4
    (item,) = farm.sound(farm.ask("official@street", "GET", "managed-tips?sort=-reads", at="street"))["items"]
    assert item["reads"] == 4


def test_the_visit_is_the_browsers_own(farm, tip):
    answer = read(farm, tip)
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=14400"} <= set(cookie.split("; "))
    assert tip["id"] not in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    for made_up in (value[:-4] + "AAAA", "x", "", value.partition(".")[0], "!!.??", "A" * 4000):
        read(farm, tip, browser(farm, made_up))
    assert counts(farm, tip) == [("village", 7, 0)]
    read(farm, tip, browser(farm, value))
    assert counts(farm, tip) == [("village", 7, 0)]


def browser(farm, visit):
    client = farm.app.test_client()
    client.set_cookie("wuji-8000-agri-tips", visit)
    return client


def test_a_visit_ends(farm, tip, monkeypatch):
    visitor = farm.app.test_client()
    read(farm, tip, visitor)
    monkeypatch.setattr("wuji_agri_tips.routes.visits.LIVES", 0)
    read(farm, tip, visitor)
    assert counts(farm, tip) == [("village", 2, 0)]


def test_many_readers_at_once(farm, tip):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: read(farm, tip), range(18)))
    assert counts(farm, tip) == [("village", 18, 0)]


def test_who_read_is_written_nowhere(farm, tip):
    before = farm.world.one("select count(*) from wuji.journal_record")
    mine = "select count(*) from wuji.journal_record where account_id = %s"
    read(farm, tip, who="resident")
    farm.sound(farm.ask("resident", "POST", f"tips/{tip['id']}/helpful", json={"on": True}))
    assert farm.world.one(mine, farm.world.account["resident"]) == 0
    assert farm.world.one("select count(*) from wuji.journal_record") >= before
    for who, at in (
        ("official@village", "village"),
        ("official@city", "city"),
        ("clerk", "village"),
        ("member", "village"),
    ):
        with farm.world.enter(who, at) as sql:
            assert sql.all("select account_id from plugin_agri_tips.tip_mark") == []


def test_a_mark_counts_once_and_can_be_taken_back(farm, tip):
    def mark(who, *, on=True, at="village"):
        return farm.sound(farm.ask(who, "POST", f"tips/{tip['id']}/helpful", at=at, json={"on": on}))

    assert mark("resident") == mark("resident") == {"helpful": 1, "marked": True}
    assert mark("neighbour", at="sibling") == {"helpful": 2, "marked": True}
    assert farm.sound(farm.ask("resident", "GET", f"tips/{tip['id']}"))["marked"] is True
    assert farm.sound(farm.ask("member", "GET", f"tips/{tip['id']}"))["marked"] is False
    # taken back elsewhere: it goes where it was counted
    assert mark("neighbour", on=False, at="village") == mark("neighbour", on=False) == {"helpful": 1, "marked": False}
    assert counts(farm, tip) == [("sibling", 0, 0), ("village", 0, 1)]
    assert farm.ask("anonymous", "POST", f"tips/{tip['id']}/helpful", json={"on": True}).status_code == 401
    (item,) = farm.sound(farm.ask("anonymous", "GET", "tips?sort=-helpful"))["items"]
    assert item["helpful"] == 1


def test_one_person_at_many_places_at_once(farm, tip):
    def mark(number):
        return farm.ask(
            "resident", "POST", f"tips/{tip['id']}/helpful", at=("village", "sibling")[number % 2], json={"on": True}
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(mark, range(6))) == {200}
    assert sum(row[2] for row in counts(farm, tip)) == 1


def test_chosen_crops(farm, slug):
    empty = farm.ask("resident", "GET", "crops")
    assert (empty.json, empty.headers["ETag"]) == ({"crops": []}, '"1"')
    chosen = farm.ask("resident", "PUT", "crops", version=1, json={"crops": ["tea", "rice", "tea"]})
    assert (chosen.json, chosen.headers["ETag"]) == ({"crops": ["tea", "rice"]}, '"2"')
    assert slug(farm.ask("resident", "PUT", "crops", version=1, json={"crops": []})) == (412, "kit.changed_meanwhile")
    assert farm.ask("resident", "PUT", "crops", json={"crops": []}).status_code == 428
    assert farm.ask("resident", "PUT", "crops", version=2, json={"crops": ["dragon"]}).status_code == 422
    again = farm.ask("resident", "PUT", "crops", version=2, json={"crops": ["rice"]}, at="sibling")
    assert (again.json, again.headers["ETag"]) == ({"crops": ["rice"]}, '"3"')
    assert farm.sound(farm.ask("member", "GET", "crops"))["crops"] == []
    rice, cotton = farm.publish(), farm.publish(subject="cotton")
    assert [item["id"] for item in farm.sound(farm.ask("resident", "GET", "tips?mine=yes"))["items"]] == [rice["id"]]
    assert farm.sound(farm.ask("anonymous", "GET", "tips?mine=yes"))["items"] == []
    assert {item["id"] for item in farm.sound(farm.ask("resident", "GET", "tips"))["items"]} == {
        rice["id"],
        cotton["id"],
    }


def test_two_phones_choose_at_once(farm):
    def choose(crop):
        return farm.ask("resident", "PUT", "crops", version=1, json={"crops": [crop]}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(choose, ("rice", "tea"))) == [200, 412]
