import pytest
from marshmallow import ValidationError

from wuji.kit.http.fields import Words


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
