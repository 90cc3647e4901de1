"""What the cards say of stations while all of them are closed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("surface", ["console", "screen"])
def test_cards_of_closed_stations_say_when_the_first_opens(watch, surface):
    later = datetime.now(SHANGHAI) + timedelta(days=3)
    day = later.strftime("%a").lower()
    watch.station("sibling", hours={})
    for hours, said in (
        ({}, "All {} closed"),
        ({day: [["08:30", "09:00"]]}, f"All {{}} closed; the first opens {later:%A} 8:30"),
    ):
        watch.station("village", hours=hours)
        path = f"/api/v1/tenants/{watch.world.code['street']}/cards?surface={surface}"
        cards = {card["name"]: card for card in watch.sound(watch.ask("official@street", "GET", path))["items"]}
        shown = cards["now"]["text"] if surface == "console" else cards["present"]["note"]
        assert shown == said.format(3 if hours else 2)


def test_a_tv_tells_everybody_that_all_is_closed(watch):
    watch.station("village", hours={})
    path = f"/api/v1/tenants/{watch.world.code['village']}/cards?surface=tv"
    answer = watch.sound(watch.ask("anonymous", "GET", path))
    (card,) = (one for one in answer["items"] if one["plugin"] == "station_watch")
    assert (card["name"], card["text"], card["path"]) == ("near", "Closed now", "")
