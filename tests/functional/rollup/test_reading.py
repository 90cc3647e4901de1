"""What officials read: their own subtree, side by side with what was and with what lies beside it."""

import pytest

SPAN = {"period": "month", "first": "2026-01-10", "last": "2026-03-31"}


@pytest.fixture
def counted(counting):
    counting.fact("a", "village", "2026-01-05", "1.25", part="4")
    counting.fact("b", "village", "2026-03-05", "2", part="4")
    counting.fact("c", "sibling", "2026-03-06", "3", part="4")
    counting.fact("d", "street", "2026-03-07", "1", part="1")
    counting.fact("e", "city", "2025-03-07", "7", part="8")
    counting.count()
    counting.sweep()
    return counting


def values(answer):
    return [cell["value"] for cell in answer["cells"]]


def test_what_is_counted(counted):
    items = {
        item["name"].partition(".")[2]: item for item in counted.sound("official@street", "figures", "street")["items"]
    }
    assert sorted(items) == counted.names()
    assert items["visits"].pop("counted_at")
    assert items["visits"] == {
        "name": f"{counted.plugin}.visits",
        "plugin": counted.plugin,
        "plugin_name": f"Plugin {counted.plugin}",
        "title": "数",
        "unit": "数",
        "measure": "count",
        "better": "up",
        "decimals": 0,
        "share": False,
        "people": False,
        "target": None,
        "card": 1,
    }
    assert items["fed"]["target"] == 0.75


def test_a_period_beside_the_one_before_and_a_year_earlier(counted):
    answer = counted.sound("official@city", "figure-values", period="month", on="2026-03-20")
    assert (answer["starts_on"], answer["complete"]) == ("2026-03-01", True)
    found = {item["figure"].partition(".")[2]: item for item in answer["items"]}
    assert [found["visits"][when]["value"] for when in ("now", "before", "year_ago")] == [3, 0, 1]
    assert [found["visits"][when]["starts_on"] for when in ("now", "before", "year_ago")] == [
        "2026-03-01",
        "2026-02-01",
        "2025-03-01",
    ]
    assert [found["hours"][when]["value"] for when in ("now", "before", "year_ago")] == [6.0, None, 7.0]
    assert found["fed"]["now"]["value"] == 0.67
    assert found["fed"]["now"]["n"] == 3
    today = counted.sound("official@city", "figure-values")
    assert (today["starts_on"], today["complete"], today["period"]) == ("2026-04-01", False, "month")


def test_a_series(counted):
    answer = counted.sound("official@city", "figures/~visits/series", **SPAN)
    assert answer["starts"] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert values(answer) == [1, 0, 3]
    assert values(counted.sound("official@city", "figures/~hours/series", **SPAN)) == [1.3, None, 6.0]
    assert values(
        counted.sound("official@city", "figures/~visits/series", period="day", first="2026-03-05", last="2026-03-08")
    ) == [
        1,
        1,
        1,
        0,
    ]
    assert values(
        counted.sound("official@city", "figures/~visits/series", period="year", first="2024-05-05", last="2027-01-01")
    ) == [
        None,
        1,
        4,
        None,
    ]


def test_those_right_below_side_by_side(counted):
    answer = counted.sound("official@street", "figures/~visits/children", "street", **SPAN)
    assert values(answer) == [1, 0, 3]
    assert {item["tenant"]["name"]: values(item) for item in answer["items"]} == {
        "village": [1, 0, 1],
        "sibling": [0, 0, 1],
    }
    assert [cell["value"] for cell in answer["rest"]] == [0, 0, 1]
    village = next(item["tenant"] for item in answer["items"] if item["tenant"]["name"] == "village")
    world = counted.world
    assert village == {
        "id": world.tenant["village"],
        "code": world.code["village"],
        "name": "village",
        "level": 4,
        "state": "active",
        "children": 1,
    }
    deeper = counted.sound("official@city", "figures/~visits/children", "village", **SPAN)
    assert values(deeper) == [1, 0, 1]
    assert counted.sound("official@city", "figures/~guests/children", "street", **SPAN)["rest"] is None


def test_days_together(counted):
    """Both parts of a ratio are added up before it is one; what nobody knows stays unknown."""
    days = {"period": "day", "first": "2026-03-05", "last": "2026-05-01", "together": "true"}

    def read(name, **more):
        answer = counted.sound("official@city", f"figures/~{name}/children", "street", **{**days, **more})
        assert answer["starts"] == [more.get("first", days["first"])]
        return values(answer) + [cell["value"] for cell in answer["rest"]], {
            item["tenant"]["name"]: values(item) for item in answer["items"]
        }

    assert read("visits") == ([3, 1], {"village": [1], "sibling": [1]})
    assert read("hours") == ([6.0, 1.0], {"village": [2.0], "sibling": [3.0]})
    assert read("fed") == ([0.67, 1.0], {"village": [0.5], "sibling": [0.75]})
    assert read("visits", first="2026-03-07") == ([1, 1], {"village": [0], "sibling": [0]})
    assert read("hours", first="2026-03-08") == ([None, None], {"village": [None], "sibling": [None]})
    assert read("visits", first="2026-04-16") == ([None, None], {"village": [None], "sibling": [None]})
    for name in ("guests", "helped"):
        refused = counted.ask("official@street", f"figures/~{name}/children", "street", **days)
        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.json["errors"]] == ["?together"]


def test_what_nobody_knows_is_not_nothing(counting):
    span = {"period": "month", "first": "2025-12-01", "last": "2026-05-01"}
    counting.fact("a", "village", "2026-02-05")
    counting.count()
    assert values(counting.sound("official@city", "figures/~visits/series", **span)) == [
        None,
        None,
        1,
        None,
        None,
        None,
    ]
    counting.sweep()  # now everything has been counted once; before the tree there was nothing, after today there is nothing yet
    assert values(counting.sound("official@city", "figures/~visits/series", **span)) == [None, 0, 1, 0, 0, None]
    assert values(counting.sound("official@city", "figures/~hours/series", **span)) == [
        None,
        None,
        1.0,
        None,
        None,
        None,
    ]
    assert values(counting.sound("official@city", "figures/~fed/series", **span)) == [None, None, 1.0, None, None, None]


def test_a_tenant_that_is_closed_has_still_been_counted(counted):
    counted.world.run("update wuji.tenant set state = 'suspended' where id = %s", counted.world.tenant["sibling"])
    answer = counted.sound("official@street", "figures/~visits/children", "street", **SPAN)
    assert {item["tenant"]["name"]: item["tenant"]["state"] for item in answer["items"]} == {
        "village": "active",
        "sibling": "suspended",
    }
    assert [cell["value"] for cell in answer["rest"]] == [0, 0, 1]


@pytest.mark.parametrize(
    "path", ["figures", "figure-values", "figures/~visits/series", "figures/~visits/children", "figure-sums"]
)
def test_who_may(counted, path):
    query = SPAN if path.endswith(("series", "children")) else {}
    for who, at, status in (
        ("official@street", "street", 200),
        ("clerk", "village", 200),
        ("member", "village", 403),
        ("resident", "village", 403),
        ("official@village", "street", 404),
        ("official@other", "street", 404),
        ("anonymous", "street", 401),
    ):
        assert counted.ask(who, path, at, **query).status_code == status, who


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2026-03-01", "last": "2026-02-01"},
        {"period": "day", "first": "2025-01-01", "last": "2026-06-01"},
        {"period": "day", "first": "1900-01-01", "last": "2199-12-31"},
        {"period": "year", "first": "0001-01-01", "last": "9999-12-31"},
        {"period": "week", "first": "2026-01-01", "last": "2026-12-31"},
        {"first": "2026-13-01", "last": "2026-12-31"},
        {"first": "2026-01-01"},
        {"first": "2026-01-01", "last": "2026-12-31", "figure": "x"},
    ],
)
def test_what_cannot_be_shown_is_said(counted, query):
    for path in ("series", "children"):
        answer = counted.ask("official@city", f"figures/~visits/{path}", **query)
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), answer.text
        assert answer.json["errors"]


def test_figures_that_are_not_there(counted):
    world = counted.world
    for name in ("~nothing", "nothing", "agri_tips.nothing", "x.y.z"):
        assert counted.ask("official@city", f"figures/{name}/series", **SPAN).status_code == 404
    world.rule("street", counted.plugin, rule="forbid", on=None)
    assert counted.ask("official@city", "figures/~visits/series", "village", **SPAN).status_code == 404
    assert counted.sound("official@city", "figures", "village")["items"] == []
    assert values(counted.sound("official@city", "figures/~visits/series", **SPAN)) == [1, 0, 3]


def test_sums_to_take_along(counted):
    query = {"figure": f"{counted.plugin}.hours", "period": "month", "sort": "starts_on"}
    items = counted.sound("official@street", "figure-sums", "street", **query)["items"]
    assert [
        (item["tenant_name"], item["starts_on"], item["sum"], item["n"])
        for item in items
        if item["tenant_name"] == "village"
    ] == [
        ("village", "2026-01-01", "1.25", 1),
        ("village", "2026-03-01", "2", 1),
    ]
    everything = counted.sound("official@street", "figure-sums", "street", limit="100")["items"]
    assert {item["figure"].partition(".")[2] for item in everything} == {"visits", "hours", "fed"}
    pages, cursor = [], None
    while cursor or not pages:
        page = counted.sound(
            "official@street", "figure-sums", "street", limit="7", **({"cursor": cursor} if cursor else {})
        )
        pages, cursor = [*pages, *page["items"]], page["next"]
    assert pages == everything
