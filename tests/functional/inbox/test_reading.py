"""The inbox: what one was told, in one's language, seen by nobody else."""

import pytest


def titles(post, who: str = "resident", **given) -> list[str]:
    return [item["title"] for item in post.ask(who, "GET", "/me/notifications", **given).json["items"]]


def count(post, who: str = "resident") -> int:
    return post.ask(who, "GET", "/me/notifications/count").json["value"]


def test_in_the_language_of_whoever_reads(post):
    post.tell("resident")
    assert titles(post) == ["Your new role at village: Resident"]
    assert titles(post, locale="zh-CN") == ["您在village的新身份：居民"]


def test_a_place_is_called_what_it_is_called_now(post):
    post.tell("resident")
    post.world.run("update wuji.tenant set name = '会宫村' where id = %s", post.world.tenant["village"])
    [item] = post.ask("resident", "GET", "/me/notifications").json["items"]
    assert item["title"] == "Your new role at 会宫村: Resident"
    assert item["tenant"] == {"code": post.world.code["village"], "name": "会宫村"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"zh-CN": "村医", "en": "village doctor"}, "village doctor"),
        ({"zh-CN": "村医"}, "村医"),
        ({"text": "no.such.key"}, ""),
        ([{"text": "identity.role.head"}, "x", 3], "Head, x, 3"),
        (None, "None"),
        ({}, ""),
    ],
)
def test_values_in_words(post, value, said):
    post.tell("resident", values={"role": value})
    assert titles(post) == [f"Your new role at village: {said}"]


def test_of_a_module_that_was_removed_only_that_there_was_something(post):
    values = {"account_id": post.world.account["resident"], "topic": "gone.thing", "cause": "x"}
    post.world.insert("wuji.notification", values)
    assert titles(post) == ["A message of a plugin that was removed"]


def test_a_value_that_an_old_one_does_not_have_is_left_out(post):
    post.tell("resident", values={})
    assert titles(post) == ["Your new role at village: "]


def test_read_unread_and_counted(post):
    for _ in range(3):
        post.tell("resident")
    assert count(post) == 3
    newest = post.ask("resident", "GET", "/me/notifications").json["items"][0]
    for _again in range(2):
        assert post.ask("resident", "POST", f"/me/notifications/{newest['id']}/read").status_code == 204
        assert count(post) == 2
    assert len(titles(post, query_string={"unread": "true"})) == 2
    assert len(titles(post, query_string={"unread": "false"})) == 1
    assert post.ask("resident", "DELETE", f"/me/notifications/{newest['id']}/read").status_code == 204
    assert count(post) == 3


def test_all_that_was_on_the_screen_and_no_more(post):
    for _ in range(2):
        post.tell("resident")
    seen = post.ask("resident", "GET", "/me/notifications").json["items"][0]["created_at"]
    post.tell("resident")
    assert post.ask("resident", "POST", "/me/notifications/read", json={"until": seen}).json == {"read": 2}
    assert post.ask("resident", "POST", "/me/notifications/read", json={"until": seen}).json == {"read": 0}
    assert count(post) == 1


def test_page_by_page(post):
    for number in range(5):
        post.tell("resident", values={"role": str(number)})
    first = post.ask("resident", "GET", "/me/notifications?limit=3").json
    second = post.ask("resident", "GET", f"/me/notifications?limit=3&cursor={first['next']}").json
    assert [item["title"][-1] for item in (*first["items"], *second["items"])] == list("43210")
    assert (first["total"]["value"], second["next"]) == (5, None)


def test_asking_again_and_again_costs_little(post):
    first = post.ask("resident", "GET", "/me/notifications/count")
    client = post.app.test_client()
    client.set_cookie("wuji-8000", post.world.cookie["resident"])
    again = client.get("/api/v1/me/notifications/count", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("who", ["member", "official@village", "official@city", "operator", "stranger"])
def test_nobody_else_sees_it_or_whether_it_was_read(post, who):
    post.tell("resident")
    made = post.ask("resident", "GET", "/me/notifications").json["items"][0]["id"]
    assert titles(post, who) == []
    for method in ("POST", "DELETE"):
        assert post.ask(who, method, f"/me/notifications/{made}/read").status_code == 404
    post.ask(who, "POST", "/me/notifications/read", json={"until": "2099-01-01T00:00:00Z"})
    assert count(post) == 1
    with post.world.enter(who, None if who in {"operator", "stranger"} else "village") as tx:
        for table in ("notification", "subscription", "address"):
            owner = post.world.account["resident"]
            assert tx.one(f"select count(*) from wuji.{table} where account_id = %s", owner) == 0
        for table in ("delivery", "topic"):
            assert tx.refused(f"select * from wuji.{table}") == "42501"


def test_what_one_was_told_nobody_writes_over(post):
    post.tell("resident")
    with post.world.enter("resident", "village") as tx:
        assert tx.refused("update wuji.notification set told = '{}'") == "42501"
        assert tx.refused("delete from wuji.notification") == "42501"
        assert tx.refused("update wuji.address set verified_at = now()") == "42501"


def test_a_moment_needs_its_offset(post):
    refused = post.ask("resident", "POST", "/me/notifications/read", json={"until": "2026-01-01T00:00:00"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/until")
