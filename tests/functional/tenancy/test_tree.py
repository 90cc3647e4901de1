"""Adding, renaming, recoding, suspending tenants below one's own."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def one(world, name, part=""):
    return f"/tenants/{world.tenant[name]}{part}"


def add(ask, who="official@village", at="village", **given):
    sent = {"name": "九组", "category": "territory", **given}
    return ask(who, "POST", "/tenants" if at else "/operator/tenants", at=at, json=sent)


def with_check(first17: str) -> str:
    """GB 32100-2015, written anew from the standard's table of weights."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(letters.index(letter) * weight for letter, weight in zip(first17, weights, strict=True))
    return first17 + letters[(31 - total % 31) % 31]


def uscc(world) -> str:
    return with_check(f"91{world.code['city']}00MA2{world.mark.rjust(6, '0')[-6:]}")[:18]


def test_a_territory_joins(ask, world, journal):
    answer = add(ask, code=f"{world.code['village']}901", reason="new houses")
    assert answer.status_code == 201, answer.text
    made = answer.json
    assert (made["level"], made["state"], made["version"], answer.headers["ETag"]) == (5, "active", 1, '"1"')
    assert made["parent"] == {"code": world.code["village"], "name": "village", "level": 4}
    world.tenant["made"] = made["id"]
    fields = ["name", "code", "category", "level"]
    assert journal("made") == [("tenancy.tenant.add", str(made["id"]), fields, "new houses")]
    assert ask("anonymous", "GET", f"/tenants/{made['code']}").json["name"] == "九组"
    assert ask("official@village", "GET", at="village").json["children"] == 2


def test_a_level_can_be_skipped(ask, world):
    answer = add(ask, "official@city", "city", code=f"{world.code['city']}00901", level=3)
    assert (answer.status_code, answer.json["level"]) == (201, 3)


def test_an_organisation_joins_one_level_below(ask, world, faults):
    code = uscc(world)
    answer = add(ask, "official@city", "city", code=code.lower(), category="agency", level=3)
    assert "level 2" in faults(answer)["#/level"]
    answer = add(ask, "official@city", "city", code=code.lower(), category="agency")
    assert (answer.status_code, answer.json["level"], answer.json["code"]) == (201, 2, code)
    assert world.one("select kind from wuji.tenant_code where code = %s", code) == "uscc"


@pytest.mark.parametrize(
    ("sent", "pointer", "says"),
    [
        ({"code": "12"}, "#/code", "at least 4"),
        ({"code": "1" * 400}, "#/code", "at most 18"),
        ({"code": "12\x0034"}, "#/code", "control"),
        ({"code": "😀😀😀😀"}, "#/code", "digits and letters"),
        ({"code": "１２３４５６"}, "#/code", "digits and letters"),
        ({"code": 340701}, "#/code", "cannot be used"),
        ({"name": ""}, "#/name", "needed"),
        ({"name": "  "}, "#/name", "needed"),
        ({"name": "村" * 400}, "#/name", "at most 100"),
        ({"name": "a\x00b"}, "#/name", "control"),
        ({"name": "a\nb"}, "#/name", "control"),
        ({"name": None}, "#/name", "empty"),
        ({"category": "club"}, "#/category", "territory"),
        ({"level": 6}, "#/level", "1 to 5"),
        ({"level": 0}, "#/level", "1 to 5"),
        ({"level": 2.5}, "#/level", "cannot be used"),
        ({"level": True}, "#/level", "cannot be used"),
        ({"level": 10**30}, "#/level", "1 to 5"),
        ({"reason": "r" * 501}, "#/reason", "at most 500"),
        ({"state": "active"}, "#/state", "no such field"),
    ],
)
def test_what_cannot_be_sent(ask, faults, sent, pointer, says):
    answer = add(ask, **{"code": "340722112200901", **sent})
    assert says in faults(answer)[pointer]


def test_codes_fit_their_place(ask, world, faults):
    village = world.code["village"]
    for code, says in (
        (f"{village}9", "has 15 digits"),
        (f"{village}90A", "has 15 digits"),
        (f"{world.code['sibling']}901", f"begins with {village}"),
        (world.code["grid"], "Another tenant has this code"),
    ):
        assert says in faults(add(ask, code=code))["#/code"], code
    wrong = uscc(world)[:-1] + ("0" if uscc(world)[-1] != "0" else "1")
    for code in (wrong, f"{village}901", uscc(world)[:17]):
        assert "social credit code" in faults(add(ask, code=code, category="school"))["#/code"], code


def test_levels_fit_their_place(ask, world, faults):
    answer = add(ask, code=f"{world.code['village']}901", level=4)
    assert "must be below" in faults(answer)["#/level"]
    answer = add(ask, "official@grid", "grid", code="1" * 15)
    assert (answer.status_code, answer.json["type"]) == (422, "urn:wuji:problem:tenancy.nothing_below_grid")


def test_a_prefix_is_that_of_the_nearest_territory(ask, world, faults):
    school = add(ask, "official@city", "city", code=uscc(world), category="school").json
    world.code["school"] = school["code"]
    answer = add(ask, "official@city", "school", code="999999901", level=3)
    assert world.code["city"] in faults(answer)["#/code"]
    assert add(ask, "official@city", "school", code=f"{world.code['city']}00977", level=3).status_code == 201


def test_places_run_out(ask, world):
    world.run("update wuji.tenant set next_child[5] = 10000 where id = %s", world.tenant["village"])
    answer = add(ask, code=f"{world.code['village']}901")
    assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:tenancy.no_place")


def test_two_add_the_same_code_at_once(ask, world):
    def send(_number):
        return add(ask, code=f"{world.code['village']}901").status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [201, 422, 422, 422]
    assert world.one("select count(*) from wuji.tenant where parent_id = %s", world.tenant["village"]) == 2


def test_rename(ask, world, journal):
    answer = ask(
        "official@street",
        "PUT",
        one(world, "village", "/name"),
        at="street",
        version=1,
        json={"name": "会宫村 🌾", "reason": "r"},
    )
    assert (answer.status_code, answer.json["name"], answer.headers["ETag"]) == (200, "会宫村 🌾", '"2"')
    assert journal("village")[-1] == ("tenancy.tenant.rename", str(world.tenant["village"]), ["name"], "r")
    history = ask("anonymous", "GET", "/history", at="village").json
    assert [row["name"] for row in history["names"]] == ["会宫村 🌾", "village"]
    assert history["names"][0]["valid_to"] is None
    assert history["names"][1]["valid_to"] == history["names"][0]["valid_from"]


def test_the_same_name_again_changes_nothing(ask, world, journal):
    before = journal("village")
    answer = ask(
        "official@street", "PUT", one(world, "village", "/name"), at="street", version=1, json={"name": "village"}
    )
    assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert journal("village") == before


@pytest.mark.parametrize(
    ("part", "sent"),
    [("/name", {"name": "新名"}), ("/code", {}), ("/state", {"state": "suspended", "reason": "r"})],
)
def test_every_change_names_the_version_it_read(ask, world, part, sent):
    for version, status in ((None, 428), (7, 412), (0, 412), (1, 200), (1, 412)):
        answer = ask(
            "official@street",
            "PUT",
            one(world, "village", part),
            at="street",
            version=version,
            json=sent or {"code": f"{world.code['street']}977"},
        )
        assert answer.status_code == status, (version, answer.text)


def test_two_people_rename_at_once(ask, world):
    def send(name):
        return ask(
            "official@street", "PUT", one(world, "village", "/name"), at="street", version=1, json={"name": name}
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, "甲乙丙丁")) == [200, 412, 412, 412]
    assert world.one("select count(*) from wuji.tenant_name where tenant_id = %s", world.tenant["village"]) == 2


@pytest.mark.parametrize("part", ["/name", "/code", "/state"])
def test_nobody_changes_the_tenant_they_stand_in(ask, world, part):
    code = f"{world.code['street']}977"
    sent = {"/name": {"name": "x"}, "/code": {"code": code}, "/state": {"state": "suspended", "reason": "r"}}[part]
    verb = {"/name": "rename", "/code": "recode", "/state": "suspend"}[part]
    answer = ask("official@village", "PUT", one(world, "village", part), at="village", version=1, json=sent)
    assert (answer.status_code, answer.json["type"]) == (403, "urn:wuji:problem:kit.forbidden")
    assert f"tenancy.tenant.{verb}" in answer.json["detail"]
    assert ask("official@village", "GET", one(world, "village"), at="village").json["version"] == 1


def test_only_the_own_subtree_is_there(ask, world):
    absent = ask("official@village", "GET", "/tenants/2147483647", at="village")
    for name in ("sibling", "street", "other", "foreign", "niece"):
        answer = ask("official@village", "GET", one(world, name), at="village")
        assert answer.status_code == 404
        assert answer.data.replace(str(world.tenant[name]).encode(), b"2147483647") == absent.data
    for odd in ("0", "99999999999999999999", "-1", "x"):
        assert ask("official@village", "GET", f"/tenants/{odd}", at="village").status_code == 404


def test_who_may(ask, world):
    cases = (("clerk", 403), ("resident", 403), ("official@sibling", 404), ("stranger", 404), ("anonymous", 401))
    for who, status in cases:
        assert add(ask, who, code=f"{world.code['village']}901").status_code == status, who
    assert ask("clerk", "GET", "/tenants", at="village").status_code == 200
    assert ask("member", "GET", "/tenants", at="village").status_code == 403


def test_a_level_is_looked_for_anywhere_below(ask):
    found = ask("official@street", "GET", "/tenants", at="street", query_string={"level": 5}).json
    assert {item["name"] for item in found["items"]} == {"grid", "niece"}
    assert found["total"] == {"value": 2, "capped": False}
    direct = ask("official@street", "GET", "/tenants", at="street").json
    assert {item["name"] for item in direct["items"]} == {"village", "sibling"}
