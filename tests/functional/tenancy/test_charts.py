"""Rows of any list counted by a column: under the list's own permission and filters, in days of the root."""

import pytest

from wuji.kit.http import groups as counting

VERBS = ("test.thing.made", "test.thing.made", "test.thing.lost")


@pytest.fixture
def records(world):
    """Told at five, six and seven minutes before midnight UTC: the next day in Shanghai, the same one in London."""
    for number, verb in enumerate(VERBS):
        world.run(
            "insert into wuji.journal_record(root_id, tenant_id, account_id, verb, kind, subject_id, fields, reason, at) "
            "values (%s, %s, %s, %s, 'thing', '1', '{}', '', timestamptz '2020-02-29 23:55:00+00' - %s * interval '1 minute')",
            *(world.tenant["city"], world.tenant["village"], world.account["official@village"], verb, number),
        )


@pytest.fixture
def chart(ask):
    """`chart("journal", by="verb", …)`: what an official of the village is answered."""

    def send(path, who="official@village", **asked):
        return ask(who, "GET", f"/{path}/groups", at="village", query_string=asked)

    return send


def shown(answer):
    assert answer.status_code == 200, answer.text
    return [(group["value"], group["count"]) for group in answer.json["groups"]]


OLD = {"until": "2021-01-01T00:00:00Z"}


@pytest.mark.usefixtures("records")
def test_counts_by_a_word_as_the_list_is_filtered(chart):
    answer = chart("journal", by="verb", **OLD)
    assert shown(answer) == [("test.thing.made", 2), ("test.thing.lost", 1)]
    assert (answer.json["counted"], answer.json["other"], answer.json["per"]) == (
        {"value": 3, "capped": False},
        None,
        None,
    )
    assert shown(chart("journal", by="verb", verb="test.thing.lost", **OLD)) == [("test.thing.lost", 1)]
    one = chart("journal", by="tenant_code", **OLD).json["groups"][0]
    assert (one["said"], one["count"]) == ("village", 3)
    names = {column["name"] for column in answer.json["columns"]}
    assert {"at", "verb", "author"} <= names
    assert not names & {"account", "reason", "subject_id"}


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("zone", "day"), [(None, "2020-03-01"), ("Europe/London", "2020-02-29"), ("Nowhere/Else", "2020-03-01")]
)
def test_days_are_those_of_the_root(chart, world, zone, day):
    if zone:
        world.run(
            "insert into wuji.setting_value(tenant_id, key, mode, value) "
            "values (%s, 'tenancy.time_zone', 'set', to_jsonb(%s::text))",
            *(world.tenant["city"], zone),
        )
    assert shown(chart("journal", by="at", per="day", **OLD)) == [(day, 3)]
    assert shown(chart("journal", by="at", **OLD)) == [(day[:7], 3)]
    assert shown(chart("journal", by="at", per="year", **OLD)) == [("2020", 3)]


def test_says_levels_in_words_and_sums(chart, world):
    grid = world.one("select count(*) from wuji.tenant where parent_id = %s", world.tenant["village"])
    assert [(one["said"], one["count"]) for one in chart("tenants", by="level").json["groups"]] == [("Grid", grid)]
    heads = [one["said"] for one in chart("grants", by="role").json["groups"] if one["value"] == "head"]
    assert heads == ["Head"]
    made = chart("invitations", by="state", of="uses").json
    assert (made["of"], made["groups"], [one["name"] for one in made["sums"]]) == ("uses", [], ["uses", "uses_left"])


def test_what_cannot_be_asked(chart):
    assert chart("journal", by="account").status_code == 422
    assert chart("journal", by="verb", of="verb").status_code == 422
    assert chart("journal", by="verb", sort="at").status_code == 422
    assert chart("journal", who="member", by="verb").status_code == 403
    assert chart("journal", who="official@other", by="verb").status_code == 404
    assert chart("journal", who="anonymous", by="verb").status_code == 401


@pytest.mark.usefixtures("records")
def test_beyond_the_most_there_is_one_more_group(chart, monkeypatch):
    monkeypatch.setattr(counting, "MOST", 1)
    monkeypatch.setattr(counting, "CAP", 3)
    counting._grouped.cache_clear()  # noqa: SLF001 - what it keeps was made for another number
    answer = chart("journal", by="verb", **OLD).json
    counting._grouped.cache_clear()  # noqa: SLF001
    assert [group["value"] for group in answer["groups"]] == ["test.thing.made"]
    assert answer["other"] == {"groups": 1, "count": 1, "sum": None}
    assert answer["counted"] == {"value": 3, "capped": True}
