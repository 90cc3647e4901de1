"""What the explanation says of rules that do not count."""


def test_what_was_said_below_before_does_not_count_and_the_ladder_names_who_decided(say, show):
    assert say("street", "offer", on=False).status_code == 200
    assert say("district", "require").status_code == 200
    shown = show("village")
    rung = next(rung for rung in shown["ladder"] if rung["tenant"]["name"] == "street")
    assert (shown["active"], rung["verdict"]) == (True, "overruled")
    assert rung["sentence"] == "What street says does not count: district has decided."


def test_what_is_taken_back_says_so(say, show):
    """Below a root somebody above decides; a root that takes its word back is as one that never said any."""
    for tenant in ("street", "city"):
        say(tenant, "forbid")
        assert say(tenant, "inherit", version=1).status_code == 200
    said = {rung["tenant"]["name"]: (rung["verdict"], rung["sentence"]) for rung in show("village")["ladder"]}
    assert said["street"] == ("silent", "street leaves it to what is decided above.")
    assert said["city"] == ("silent", "city says nothing.")
