from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from wuji.kit.http.fields import Moment, Words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 会宫镇 ", "会宫镇"),
        ("会宫镇\u202eabc", "会宫镇abc"),
        ("\ufeff会\u200b宫\u2066镇\u2069", "会宫镇"),
        ("جمعية", "جمعية"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_what_nobody_sees_is_left_out(typed, kept):
    assert Words(least=1).deserialize(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u202e\u2069"])
def test_nothing_is_called_missing_and_not_short(typed):
    with pytest.raises(ValidationError) as raised:
        Words(least=2).deserialize(typed)
    assert raised.value.messages == ["kit.invalid.required"]
    assert Words().deserialize(typed) == ""


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("9999-12-31T23:59:59-14:00", "time"),
        ("0001-01-01T00:00:00+23:59", "time"),
        ("2026-03-01T08:00:00", "offset"),
    ],
)
def test_a_time_that_nobody_could_read_again_is_refused(sent, key):
    with pytest.raises(ValidationError) as raised:
        Moment().deserialize(sent)
    assert raised.value.messages == [f"kit.invalid.{key}"]


def test_a_time_is_the_same_whatever_its_offset():
    assert Moment().deserialize("2026-03-01T23:00:00+23:00") == datetime(2026, 3, 1, tzinfo=UTC)
