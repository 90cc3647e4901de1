"""Which figures stand on the first page and on the screen is a tenant's choice among those that there are."""

import pytest

KEYS = {"rollup.cards": 4, "screen.figures": 3}


@pytest.fixture
def shown(counting):
    """Names by setting, as the page and the screen of a tenant have them."""

    def read(at):
        page = counting.sound("official@city", "figures", at)
        screen = counting.sound("official@city", "screen", at)
        cards = sorted((item for item in page["items"] if item["card"]), key=lambda item: item["card"])
        found = {"rollup.cards": [item["name"] for item in cards], "screen.figures": screen["figures"]}
        return {key: [name.partition(".")[2] for name in names] for key, names in found.items()}

    return read


@pytest.mark.parametrize("key", KEYS)
def test_a_choice_is_kept_in_its_order_and_inherited(counting, shown, key):
    first = [item["name"].partition(".")[2] for item in counting.sound("official@city", "figures")["items"]]
    assert shown("village")[key] == first[: KEYS[key]]
    answer = counting.choose(key, ["fed", "visits"])
    assert answer.status_code == 200, answer.text
    assert shown("village")[key] == ["fed", "visits"]
    assert shown("city")[key] == first[: KEYS[key]]
    explained = counting.sound("official@street", f"settings/{key}", "street")
    assert explained["schema"]["maxItems"] == KEYS[key]
    assert explained["schema"]["items"]["enum"] == [choice["value"] for choice in explained["choices"]]
    assert {choice["label"] for choice in explained["choices"]} == {"数"}


@pytest.mark.parametrize(("names", "said"), [
    (["visits", "gone"], ".gone”"),
    (["visits", "visits"], "each once"),
    (["visits", "hours", "fed", "guests", "given"], "At most four"),
])  # fmt: skip
def test_what_is_no_choice_is_named(counting, names, said):
    answer = counting.choose("rollup.cards", names)
    assert answer.status_code == 422
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == "#/value"
    assert said in fault["message"]
