"""Who may decide what, held by the database: no author reviews, nobody publishes further than their own place."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

DENIED, RULE, ABSENT, INVALID = "42501", "23514", "P0002", "22023"
REST = "select plugin_agri_tips.tips_rest(%s)"
PUBLISH = "select plugin_agri_tips.tip_publish(%s, null, %s, 0)"


def test_nobody_reviews_what_they_wrote(farm, slug):
    farm.world.grant("clerk", "street", "head")
    tip = farm.submit(farm.write())
    assert slug(farm.review(tip, "clerk")) == (403, "agri_tips.tip_own")
    seen = farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}", at="street"))
    assert not {"publish", "return"} & set(seen["may"])
    with farm.world.enter("clerk", "street") as sql:
        assert sql.refused(PUBLISH, tip["id"], farm.world.tenant["village"]) == RULE
        assert sql.error.diag.constraint_name == "tip_own"
    assert farm.sound(farm.review(tip))["state"] == "published"


@pytest.mark.parametrize("how", ["change", "picture", "submit"])
def test_nor_what_they_had_a_hand_in(farm, slug, draw, how):
    farm.world.grant("official@village", "street", "head")
    tip = farm.write()
    if how == "change":
        farm.sound(
            farm.ask(
                "official@village",
                "PATCH",
                f"managed-tips/{tip['id']}",
                version=farm.version(tip),
                json={"locality": "圩区"},
            )
        )
    elif how == "picture":
        farm.sound(farm.attach(tip, draw(), who="official@village"))
        farm.sound(farm.describe(tip, 1, alt="田"))
    farm.submit(tip, "official@village" if how == "submit" else "clerk")
    assert slug(farm.review(tip, "official@village")) == (403, "agri_tips.tip_own")


def test_the_level_above_reviews(farm, slug):
    tip = farm.submit(farm.write())
    assert slug(farm.review(tip, "official@village", "village")) == (403, "agri_tips.tip_level")
    assert farm.review(tip, "clerk", "village").status_code == 403
    for who, at in (("official@sibling", "sibling"), ("official@grid", "grid"), ("official@other", "other")):
        assert farm.review(tip, who, at).status_code == 404
    assert farm.review(tip, "anonymous", "street").status_code == 401
    assert farm.sound(farm.review(tip, "official@district", "district"))["reviewer"]["name"] == "district"


def test_a_root_reviews_its_own_by_another_person(farm, slug):
    tip = farm.submit(farm.write("official@city", "city"), "official@city", "city")
    assert slug(farm.review(tip, "official@city", "city")) == (403, "agri_tips.tip_own")
    farm.world.person("second", ("city", "head"))
    seen = farm.sound(farm.ask("second", "GET", f"managed-tips/{tip['id']}", at="city"))
    assert {"publish", "return"} <= set(seen["may"])
    assert farm.sound(farm.review(tip, "second", "city"))["state"] == "published"


@pytest.mark.parametrize(("who", "at", "reach", "allowed"), [
    ("official@street", "street", "village", True),
    ("official@street", "street", "street", True),
    ("official@street", "street", "district", False),
    ("official@city", "city", "city", True),
    ("official@city", "street", "city", False),
    ("official@street", "street", "sibling", False),
    ("official@street", "street", "grid", False),
    ("official@street", "street", "other", False),
])  # fmt: skip
def test_how_far_a_reviewer_can_publish(farm, who, at, reach, allowed):
    tip = farm.submit(farm.write())
    answer = farm.review(tip, who, at, reach=farm.world.code[reach])
    if allowed:
        assert answer.json["reach"]["name"] == reach
    else:
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json["errors"]] == ["#/reach"]
        with farm.world.enter(who, at) as sql:
            assert sql.refused(PUBLISH, tip["id"], farm.world.tenant[reach]) == RULE


def test_the_authors_wish_counts_where_the_reviewer_says_nothing(farm):
    tip = farm.submit(farm.write(reach=farm.world.code["street"], audience="members"))
    shown = farm.sound(farm.review(tip))
    assert (shown["reach"]["name"], shown["audience"]) == ("street", "members")
    audiences = farm.sound(farm.ask("official@street", "GET", f"managed-tips/{tip['id']}/audiences", at="street"))[
        "audiences"
    ]
    assert [(one["tenant"]["name"], one["tenants"], one["may"]) for one in audiences] == [
        ("city", 7, False), ("district", 6, False), ("street", 5, True), ("village", 2, True),
    ]  # fmt: skip


READERS = ("anonymous", "resident", "member", "clerk", "official@village", "neighbour", "official@sibling", "stranger")
# audience to who reads it at the village, among those who act there
MAY_READ = {
    "public": set(READERS),
    "residents": {"resident", "member", "clerk", "official@village"},
    "members": {"member", "clerk", "official@village"},
    "officials": {"clerk", "official@village"},
}


@pytest.mark.parametrize("audience", MAY_READ)
def test_who_reads(farm, draw, audience):
    tip = farm.write(months=list(range(1, 13)))
    farm.sound(farm.attach(tip, draw()))
    farm.sound(farm.describe(tip, 1, alt="田"))
    farm.submit(tip)
    farm.sound(farm.review(tip, audience=audience))
    media = farm.world.one("select id from plugin_agri_tips.tip_media where tip_id = %s", tip["id"])
    for who in READERS:
        may = who in MAY_READ[audience]
        asked = {
            "list": bool(farm.sound(farm.ask(who, "GET", "tips"))["items"]),
            "tip": farm.ask(who, "GET", f"tips/{tip['id']}").status_code == 200,
            "picture": farm.ask(who, "GET", f"media/{media}?size=small").status_code == 200,
            "read": farm.ask(who, "POST", f"tips/{tip['id']}/reads").status_code == 204,
            "mark": who != "anonymous"
            and farm.ask(who, "POST", f"tips/{tip['id']}/helpful", json={"on": True}).status_code == 200,
            "page": tip["title"] in farm.page(who, f"tips/{tip['id']}"),
            "list page": tip["title"] in farm.page(who, ""),
            "card": tip["title"] in farm.cards(who),
            "found": tip["id"] in farm.found(who, "纹枯病"),
        }
        expected = dict.fromkeys(asked, may) | {"mark": may and who != "anonymous"}
        assert asked == expected, who
        assert may or tip["title"] not in farm.page(who, f"tips/{tip['id']}")
    assert farm.sound(farm.ask("anonymous", "GET", "tips", at="street"))["items"] == []
    assert farm.sound(farm.ask("anonymous", "GET", "tips", at="sibling"))["items"] == []


def test_for_the_whole_city(farm):
    tip = farm.publish("official@city", "city", reach="city")
    for at in ("city", "district", "sibling", "grid", "niece"):
        assert farm.ask("anonymous", "GET", f"tips/{tip['id']}", at=at).status_code == 200, at
    for at in ("other", "foreign"):
        assert farm.ask("anonymous", "GET", f"tips/{tip['id']}", at=at).status_code == 404, at


def test_two_people_at_once(farm):
    """Of many who save at one moment one does, and of two reviewers one decides."""
    tip = farm.write()
    version = farm.version(tip)

    def save(number):
        return farm.ask(
            "clerk", "PATCH", f"managed-tips/{tip['id']}", version=version, json={"locality": f"{number}组"}
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == [200, 412, 412, 412]
    farm.submit(tip)
    farm.world.grant("official@sibling", "street", "head")

    def decide(who):
        return farm.review(tip, who).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ("official@street", "official@sibling"))) == [200, 409]


def test_a_reviewer_decides_what_they_have_read(farm, slug):
    tip = farm.submit(farm.write())
    stale = farm.version(tip)
    farm.sound(farm.ask("clerk", "POST", f"managed-tips/{tip['id']}/take-back"))
    farm.sound(
        farm.ask("clerk", "PATCH", f"managed-tips/{tip['id']}", version=farm.version(tip), json={"summary": "换了一句"})
    )
    farm.submit(tip)
    path = f"managed-tips/{tip['id']}/review"
    assert slug(
        farm.ask("official@street", "POST", path, at="street", version=stale, json={"decision": "publish"})
    ) == (412, "kit.changed_meanwhile")


HOSTILE = (
    "update plugin_agri_tips.tip set state = 'published', audience = '{0}', published_at = now(), reviewed_at = now()",
    "insert into plugin_agri_tips.tip(tenant_id, reach_id) values (wuji.scope_tenant(), wuji.scope_tenant())",
    "delete from plugin_agri_tips.tip",
    (
        "insert into plugin_agri_tips.tip_mark(account_id, tip_id, marked_at_id) "
        "select wuji.scope_account(), id, 1 from plugin_agri_tips.tip"
    ),
    "insert into plugin_agri_tips.tip_count(tenant_id, tip_id, reads) select 1, id, 9999 from plugin_agri_tips.tip",
    "update plugin_agri_tips.tip_count set reads = 9999",
    "select plugin_agri_tips.tip_import(wuji.scope_tenant(), 'x', 'published', 0, wuji.scope_tenant(), '', '{}')",
    "select plugin_agri_tips.tip_held('{tip}', null, 'agri_tips.tip.write', '{draft}')",
    "select plugin_agri_tips.tip_judged('{tip}', null, 'agri_tips.tip.review')",
    "select plugin_agri_tips.audience_of(1, 0)",
)


@pytest.mark.parametrize("statement", HOSTILE)
@pytest.mark.parametrize("who", ["clerk", "official@village", "resident", "anonymous"])
def test_what_slips_into_a_request_goes_round_no_rule(farm, statement, who):
    tip = farm.submit(farm.write())
    with farm.world.enter(who, "village") as sql:
        assert sql.refused(statement.replace("{tip}", tip["id"])) in {DENIED, "42883"}, statement
    assert farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}"))["state"] == "in_review"


FOREIGN = (
    "select plugin_agri_tips.tip_start('{id}')",
    "select plugin_agri_tips.tip_change('{id}', 1, '{}')",
    "select plugin_agri_tips.tip_submit('{id}', 1, current_date)",
    "select plugin_agri_tips.tip_take_back('{id}', 1)",
    "select plugin_agri_tips.tip_drop('{id}', 1)",
    "select plugin_agri_tips.tip_publish('{id}', 1, 1, 0)",
    "select plugin_agri_tips.tip_return('{id}', 1, 'x')",
    "select plugin_agri_tips.tip_withdraw('{id}', 1, 'x')",
    "select plugin_agri_tips.count_add('{id}', 'reads')",
    "select plugin_agri_tips.mark_set('{id}', true)",
    "select plugin_agri_tips.tip_sum('{id}', 'reads')",
)


@pytest.mark.parametrize("statement", FOREIGN)
def test_foreign_looks_like_absent(farm, statement):
    foreign = farm.submit(farm.write("official@sibling", "sibling"), "official@sibling", "sibling")["id"]
    with farm.world.enter("official@village", "village") as sql:
        told = [
            (sql.refused(statement.replace("{id}", found)), sql.error and sql.error.diag.message_primary)
            for found in (foreign, str(uuid4()))
        ]
        assert told[0] == told[1]
        assert told[0][0] in {ABSENT, None}
    assert farm.world.one("select state from plugin_agri_tips.tip where id = %s", foreign) == "in_review"


@pytest.mark.parametrize("who", ["anonymous", "resident", "official@village"])
def test_of_a_foreign_tenant_nothing_rests_and_nothing_is_told(farm, who):
    """It takes a tenant, not a tip: above, beside, in another root and absent are one."""
    waiting = {farm.submit(farm.write("official@sibling", "sibling"), "official@sibling", "sibling")["id"]}
    waiting.add(farm.submit(farm.write("official@foreign", "foreign"), "official@foreign", "foreign")["id"])
    foreign = [farm.world.tenant[name] for name in ("city", "street", "sibling", "other", "foreign")]
    with farm.world.enter(who, "village") as sql:
        assert [sql.all(REST, found) for found in (*foreign, 2**31 - 1, 0, -1, None)] == [[]] * 9
        sql.commit()
    states = farm.world.run("select state from plugin_agri_tips.tip where id = any(%s)", list(waiting)).fetchall()
    assert states == [("in_review",)] * 2


def test_at_a_tenant_of_the_range_what_waits_rests(farm):
    tip = farm.submit(farm.write())
    with farm.world.enter("resident", "village") as sql:
        assert sql.all(REST, farm.world.tenant["village"]) == []
    with farm.world.enter("official@street", "street") as sql:
        assert [str(found) for found in sql.all(REST, farm.world.tenant["village"])] == [tip["id"]]


def test_nothing_of_a_draft_is_told_to_readers(farm):
    tip = farm.submit(farm.write())
    for who in ("anonymous", "resident", "neighbour"):
        with farm.world.enter(who, "village") as sql:
            assert sql.row("select 1 from plugin_agri_tips.tip where id = %s", tip["id"]) is None
            assert sql.refused("select plugin_agri_tips.count_add(%s, 'reads')", tip["id"]) == ABSENT
            assert sql.one("select plugin_agri_tips.tip_sum(%s, 'helpful')", tip["id"]) == 0


def test_content_says_nothing_of_state(farm):
    tip = farm.write()
    wish = {"state": "published", "audience": [0], "tenant_id": farm.world.tenant["city"], "origin": "x", "title": "新"}
    with farm.world.enter("clerk", "village") as sql:
        sql.execute("select plugin_agri_tips.tip_change(%s, null, %s)", tip["id"], json.dumps(wish))
        assert sql.row("select state, audience, origin, title from plugin_agri_tips.tip where id = %s", tip["id"]) == (
            "draft",
            None,
            "",
            "新",
        )
        assert sql.refused("select plugin_agri_tips.tip_change(%s, null, '{\"reach_id\": null}')", tip["id"]) == "23502"
        assert sql.refused("select plugin_agri_tips.count_add(%s, 'helpful')", tip["id"]) == ABSENT


def test_only_reads_are_counted_by_hand(farm):
    tip = farm.publish()
    with farm.world.enter("anonymous", "village") as sql:
        for figure in ("helpful", "tenant_id", None, "reads; drop"):
            assert sql.refused("select plugin_agri_tips.count_add(%s, %s)", tip["id"], figure) == INVALID
        assert sql.refused("select plugin_agri_tips.mark_set(%s, true)", tip["id"]) == ABSENT
