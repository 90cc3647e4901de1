"""New codes, and where the old ones lead."""

from wuji.testing.world import CODES


def recode(ask, world, code, version, *, name="village", at="street", who="official@street"):
    return ask(
        who,
        "PUT",
        f"/tenants/{world.tenant[name]}/code",
        at=at,
        version=version,
        json={"code": code, "reason": "区划调整"},
    )


def test_an_old_code_redirects(ask, world, journal):
    old, new, newest = world.code["village"], f"{world.code['street']}977", f"{world.code['street']}978"
    assert recode(ask, world, new, 1).json["code"] == new
    assert recode(ask, world, newest, 2).status_code == 200
    assert journal("village")[-1] == (
        "tenancy.tenant.recode",
        str(world.tenant["village"]),
        ["code"],
        "区划调整",
    )
    for path in ("", "/history"):
        for code in (old, new):
            for who in ("anonymous", "official@city"):
                answer = ask(who, "GET", f"/tenants/{code}{path}")
                assert answer.status_code == 308
                assert answer.headers["Location"] == f"/api/v1/tenants/{newest}{path}"
    codes = ask("anonymous", "GET", f"/tenants/{newest}/history").json["codes"]
    assert [(row["code"], row["valid_to"] is None) for row in codes] == [(newest, True), (new, False), (old, False)]


def test_pages_redirect_too(app, ask, world):
    old, new = world.code["village"], f"{world.code['street']}977"
    assert recode(ask, world, new, 1).status_code == 200
    for path in ("", "/search?q=%E5%86%9C%E8%AF%9D", "/x/agri_tips/months/7"):
        answer = app.test_client().get(f"/{old}{path}")
        assert answer.status_code == 308
        assert answer.location == f"/{new}{path}"


def test_only_reading_the_directory_redirects(ask, world):
    old = world.code["village"]
    assert recode(ask, world, f"{world.code['street']}977", 1).status_code == 200
    for who, status in (("official@village", 404), ("anonymous", 401)):
        assert ask(who, "GET", f"/tenants/{old}/tenants").status_code == status
        assert ask(who, "PUT", f"/tenants/{old}/profile", json={}, version=1).status_code == status


def test_an_old_code_of_something_suspended_leads_nowhere(ask, world):
    old = world.code["grid"]
    assert recode(ask, world, f"{world.code['village']}977", 1, name="grid", at="village", who="official@village")
    assert ask("anonymous", "GET", f"/tenants/{old}").status_code == 308
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["village"])
    absent = ask("anonymous", "GET", f"/tenants/{'1' * 15}")
    answer = ask("anonymous", "GET", f"/tenants/{old}")
    assert (answer.status_code, answer.data.replace(old.encode(), b"1" * 15)) == (404, absent.data)


def test_an_old_code_can_be_somebody_elses_new_one(ask, world):
    old = world.code["village"]
    assert recode(ask, world, f"{world.code['street']}977", 1).status_code == 200
    assert recode(ask, world, old, 1, name="sibling").status_code == 200
    assert ask("anonymous", "GET", f"/tenants/{old}").json["name"] == "sibling"


def test_a_tenant_can_have_its_old_code_again(ask, world):
    old = world.code["village"]
    assert recode(ask, world, f"{world.code['street']}977", 1).status_code == 200
    assert recode(ask, world, old, 2).status_code == 200
    assert recode(ask, world, old, 3).json["version"] == 3, "the same code again changes nothing"
    assert ask("anonymous", "GET", f"/tenants/{old}").status_code == 200


def test_codes_fit(ask, world, faults):
    assert "12 digits" in faults(recode(ask, world, f"{world.code['street']}97", 1))["#/code"]
    assert "begins with" in faults(recode(ask, world, "1" * 12, 1))["#/code"]
    assert "Another tenant" in faults(recode(ask, world, world.code["sibling"], 1))["#/code"]
    assert ask("anonymous", "GET", at="village").status_code == 200


def test_the_day_is_that_of_the_root(ask, world):
    """Two zones that are never on the same day."""
    days = set()
    for number, zone in enumerate(("Pacific/Kiritimati", "Pacific/Pago_Pago")):
        sent = {"mode": "set", "value": zone}
        answer = ask("official@city", "PUT", "/settings/tenancy.time_zone", at="city", version=number, json=sent)
        assert answer.status_code == 200
        code = f"{world.code['street']}97{number}"
        assert recode(ask, world, code, number + 1).status_code == 200
        days.add(ask("anonymous", "GET", f"/tenants/{code}/history").json["codes"][0]["valid_from"])
    assert len(days) == 2


def test_a_zone_that_postgresql_does_not_know_counts_as_the_default(ask, world):
    world.run(
        "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, 'tenancy.time_zone', 'set', '\"Mars/Base\"')",
        world.tenant["city"],
    )
    assert recode(ask, world, f"{world.code['street']}977", 1).status_code == 200


def test_a_root_gets_any_city_code(ask, world):
    new = next(CODES)
    answer = ask("operator", "PUT", f"/operator/tenants/{world.tenant['city']}/code", version=1, json={"code": new})
    assert answer.json["code"] == new
    assert ask("anonymous", "GET", at="city").status_code == 308
