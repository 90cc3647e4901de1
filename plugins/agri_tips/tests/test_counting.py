"""The figures of the module, from what people do to what officials see."""

import pytest

from wuji.testing.counting import count_recorded, sweep_figures, verify_figures


@pytest.fixture
def sweep(farm):
    """What the clock does every few minutes, as if it had done so ever since."""
    return lambda *names: sweep_figures(farm.app, farm.world, [f"agri_tips.{name}" for name in names])


@pytest.fixture
def tell(farm):
    """What the journal's consumer does about a tip."""
    return lambda tip: count_recorded(farm.app, farm.world, "agri_tips.tip", tip["id"])


def shown(farm, who="official@city", at="city"):
    answer = farm.sound(farm.ask(who, "GET", f"/api/v1/tenants/{farm.world.code[at]}/figure-values?period=year"))
    assert answer["period"] == "year"
    return {item["figure"].removeprefix("agri_tips."): item["now"] for item in answer["items"]}


@pytest.fixture(autouse=True)
def ours(farm, monkeypatch):
    """Figures name no tenant: nothing of them is another test's."""
    monkeypatch.setattr(farm, "ours", lambda page: page)


def test_tips_published_and_those_with_a_picture(farm, tell, draw):
    plain = farm.publish(reach="street")
    tell(plain)
    assert shown(farm)["published"]["value"] == 1
    assert shown(farm)["pictured"]["value"] == 0.0
    tip = farm.write()
    assert farm.attach(tip, draw()).status_code == 201
    farm.describe(tip, 1, alt="田边")
    shown_tip = farm.sound(farm.review(farm.submit(tip), reach=farm.world.code["street"], audience="public"))
    tell(shown_tip)
    assert [shown(farm, at=at)["published"]["value"] for at in ("city", "street", "village", "sibling")] == [
        2,
        2,
        2,
        None,
    ]
    assert shown(farm)["pictured"] == {
        "starts_on": shown(farm)["pictured"]["starts_on"],
        "value": 0.5,
        "withheld": False,
        "n": 2,
    }
    farm.world.run("update plugin_agri_tips.tip set state = 'withdrawn', audience = null where id = %s", plain["id"])
    tell(plain)
    assert (shown(farm)["published"]["value"], shown(farm)["pictured"]["value"]) == (1, 1.0)


def test_reads_and_marks_where_they_were_made(farm, sweep):
    tip = farm.publish(reach="street")
    sweep("reads", "helpful")
    for at in ("village", "village", "sibling"):
        assert farm.ask("anonymous", "POST", f"tips/{tip['id']}/reads", at=at).status_code == 204
    for who, at in (("resident", "village"), ("neighbour", "sibling")):
        farm.sound(farm.ask(who, "POST", f"tips/{tip['id']}/helpful", at=at, json={"on": True}))
    sweep("reads", "helpful")
    assert [shown(farm, at=at)["reads"]["value"] for at in ("city", "village", "sibling")] == [3, 2, 1]
    assert [shown(farm, at=at)["helpful"]["value"] for at in ("city", "village", "sibling")] == [2, 1, 1]
    farm.sound(farm.ask("neighbour", "POST", f"tips/{tip['id']}/helpful", at="sibling", json={"on": False}))
    assert farm.ask("anonymous", "POST", f"tips/{tip['id']}/reads", at="sibling").status_code == 204
    sweep("reads", "helpful")
    assert (shown(farm)["reads"]["value"], shown(farm)["helpful"]["value"]) == (4, 1)


def test_people_who_chose_crops(farm, sweep):
    world = farm.world
    for number in range(12):
        who = f"grower{number}"
        world.person(who, ("village", "resident"))
        chosen = farm.ask(who, "PUT", "crops", version=1, json={"crops": ["rice"]})
        assert chosen.status_code == 200, chosen.text
    sweep("choosers")
    assert shown(farm)["choosers"]["value"] == 12
    world.grant("grower0", "sibling", "resident")
    sweep("choosers")
    assert shown(farm)["choosers"]["value"] == 12  # one person at two places is one
    assert shown(farm, at="sibling")["choosers"] == {
        **shown(farm, at="sibling")["choosers"],
        "value": None,
        "withheld": True,
    }
    farm.ask("grower1", "PUT", "crops", version=2, json={"crops": []})
    world.run(
        "update wuji.role_grant set revoked_at = now() where account_id = any(%s)",
        [world.account["grower0"], world.account["grower2"]],
    )
    sweep("choosers")
    assert shown(farm)["choosers"]["withheld"] is True  # nine
    assert (
        world.one(
            "select sum from wuji.rollup where figure = 'agri_tips.choosers' and tenant_id = %s limit 1",
            world.tenant["city"],
        )
        == 9
    )


def test_everything_is_what_counting_again_gives(farm, sweep, tell):
    tip = farm.publish(reach="street")
    farm.ask("anonymous", "POST", f"tips/{tip['id']}/reads")
    farm.sound(farm.ask("resident", "POST", f"tips/{tip['id']}/helpful", json={"on": True}))
    farm.ask("resident", "PUT", "crops", version=1, json={"crops": ["rice"]})
    tell(tip)
    sweep("reads", "helpful", "choosers")
    found = verify_figures(farm.app, farm.world, "agri_tips")
    assert [(one.subjects, one.wrong, one.sums) for one in found] == [(1, [], [])] * 5


TOLD = (
    "select * from plugin_agri_tips.marks_told('{}')",
    "select * from plugin_agri_tips.choosers_told('{}')",
    "select plugin_agri_tips.choosers_since(null)",
)


@pytest.mark.parametrize("statement", TOLD)
def test_single_people_are_told_to_the_program_alone(farm, statement):
    for who, at in (("official@city", "city"), ("clerk", "village"), ("anonymous", "village"), (None, None)):
        with farm.world.enter(who, at) as sql:
            assert sql.refused(statement) == "42501"
