"""Some of a tenant's children go to a new one beside it; and back."""

from datetime import UTC, datetime, timedelta

from wuji.testing import factories
from wuji.testing.plugins import installed_plugins


def test_a_street_is_split(redraw, world, ask, journal):
    before = redraw.standing()
    code = f"{world.code['district']}901"
    wish = redraw.wish("split", "street", name="新街道", code=code, children=[world.tenant["sibling"]])
    plan = redraw.plan(wish)
    assert plan.status_code == 200, plan.text
    assert [(step["tenant"]["name"], step["to"]) for step in plan.json["steps"]] == [
        ("sibling", {"code": code, "name": "新街道", "level": 3})
    ]
    answer = redraw.apply(wish)
    assert answer.status_code == 201, answer.text
    redraw.check_sound()
    shown = ask("anonymous", "GET", f"/tenants/{code}").json
    assert (shown["name"], shown["level"], shown["children"]) == ("新街道", 3, 1)
    assert ask("anonymous", "GET", at="niece").json["ancestors"][2]["code"] == code
    world.tenant["made"] = world.one("select tenant_id from wuji.tenant_code where code = %s", code)
    assert [row[0] for row in journal("made")] == ["tenancy.tenant.add"]
    assert redraw.undo(answer.json["id"]).status_code == 200
    assert ask("anonymous", "GET", f"/tenants/{code}").status_code == 404
    assert world.one("select state from wuji.tenant where id = %s", world.tenant.pop("made")) == "archived"
    assert redraw.standing() == before
    redraw.check_sound()


def test_what_a_split_cannot_take(redraw, world, faults):
    code = f"{world.code['district']}901"
    named = {"name": "新街道", "code": code}
    sent = redraw.wish("split", "street", **named, children=[world.tenant["grid"]])
    assert "grid does not stand right below street" in faults(redraw.plan(sent))["#/children"]
    assert set(faults(redraw.plan(redraw.wish("split", "street")))) == {"#/name", "#/code", "#/children"}
    taken = redraw.wish("split", "street", name="x", code=world.code["second"], children=[world.tenant["sibling"]])
    assert "Another tenant" in faults(redraw.plan(taken))["#/code"]
    foreign = redraw.wish("split", "street", **named, children=[world.tenant["foreign"]])
    assert redraw.plan(foreign).status_code == 404


def split(redraw, world):
    """Id of the change; the new half is known to the world as `made`."""
    code = f"{world.code['district']}901"
    wish = redraw.wish("split", "street", name="新街道", code=code, children=[world.tenant["sibling"]])
    change = redraw.apply(wish).json["id"]
    world.tenant["made"] = world.one("select tenant_id from wuji.tenant_code where code = %s", code)
    world.code["made"], world.parent["made"] = code, "district"
    return change


def test_what_has_settled_in_a_new_half_contradicts_an_undo(redraw, world):
    change = split(redraw, world)
    for name in ("b.pdf", "a.pdf", "d.pdf", "c.pdf"):
        factories["wuji.file"](world, "made", name=name)
    world.grow("fresh", "made", 4)
    world.grant("neighbour", "made", "member")
    answer = redraw.undo(change)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:wuji:problem:tenancy.change_contradicted")
    messages = sorted(fault["message"] for fault in answer.json["errors"])
    assert [message.partition(" ")[0] for message in messages] == ["fresh", "新街道"]
    assert messages[1].endswith("things of its own: file 4 (a.pdf / b.pdf / c.pdf); role_grant 1 (neighbour).")
    shown = redraw.ask("official@district", "GET", f"/tenant-changes/{change}", at="district").json
    named = {one["why"]: one["rows"] for one in shown["contradictions"]}
    files = {"table": "file", "rows": 4, "titles": ["a.pdf", "b.pdf", "c.pdf"]}
    assert named == {"new_child": [], "rows": [files, {"table": "role_grant", "rows": 1, "titles": ["neighbour"]}]}
    assert (shown["left"], shown["may_undo"]) == ([], False)


def test_what_is_over_is_closed_with_a_new_half(redraw, world):
    """Nobody can see to what was counted by the program, and nobody has to see to what is over."""
    installed_plugins()
    change = split(redraw, world)
    past = datetime.now(UTC) - timedelta(seconds=1)
    grant = world.grant("neighbour", "made", "member")
    factories["wuji.invitation"](world, "made", revoked_at=past)
    factories["wuji.setting_value"](world, "made", key="tenancy.portal_notice")
    factories["wuji.rollup"](world, "made")
    tip = factories["plugin_agri_tips.tip"](world, "village")
    world.insert("plugin_agri_tips.tip_count", {"tenant_id": world.tenant["made"], "tip_id": tip})
    assert redraw.undo(change).status_code == 409
    world.run("update wuji.role_grant set revoked_at = now() where id = %s", grant)
    left = [
        {
            "why": "closed",
            "name": "新街道",
            "code": world.code["made"],
            "rows": [
                {"table": "agri_tips.tip_count", "rows": 1, "titles": []},
                {"table": "setting_value", "rows": 1, "titles": ["tenancy.portal_notice"]},
            ],
        }
    ]
    shown = redraw.ask("official@district", "GET", f"/tenant-changes/{change}", at="district").json
    assert (shown["contradictions"], shown["left"], shown["may_undo"]) == ([], left, True)
    undone = redraw.undo(change)
    assert (undone.status_code, undone.json["left"]) == (200, left), undone.text
    shown = redraw.ask("official@district", "GET", f"/tenant-changes/{change}", at="district").json
    assert shown["left"] == left
    redraw.check_sound()


def test_an_open_invitation_contradicts(redraw, world):
    change = split(redraw, world)
    factories["wuji.invitation"](world, "made")
    answer = redraw.undo(change)
    assert answer.status_code == 409
    assert answer.json["errors"][0]["message"].endswith("invitation 1.")
