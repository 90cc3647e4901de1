"""Which value counts, over every ladder of three tenants."""

from itertools import product
from typing import Annotated, Literal

import pytest
from msgspec import Meta

from wuji.kit.setting import Setting, Step, UnfitError, decide, judge

MINUTES = Setting("test.minutes", Annotated[int, Meta(ge=5, le=480)], 30, "test.thing.write")
SAID = (None, "set", "suggest", "lock")


def ladder(*modes: str | None) -> list[Step]:
    """Root first; each says ten times its place, from 1."""
    return [
        Step(place, str(place), str(place), place, mode, mode and place * 10, "", None)
        for place, mode in enumerate(modes, 1)
    ]


def by_the_rule(modes):
    """The sentence of the documentation, word by word."""
    for place, mode in enumerate(modes, 1):
        if mode == "lock":
            return place
    for wanted in ("set", "suggest"):
        for place in range(len(modes), 0, -1):
            if modes[place - 1] == wanted:
                return place
    return None


@pytest.mark.parametrize("modes", list(product(SAID, repeat=3)))
def test_every_ladder(modes):
    steps = ladder(*modes)
    decider = decide(MINUTES, steps)
    assert (decider.tenant_id if decider else None) == by_the_rule(modes)
    verdicts = [judge(step, decider) for step in steps]
    assert verdicts.count("decides") == (decider is not None)
    assert [verdict == "silent" for verdict in verdicts] == [mode is None for mode in modes]


def test_without_anybody():
    assert decide(MINUTES, []) is None


def test_a_setting_of_the_root_is_heard_at_the_root_alone():
    zone = Setting("test.zone", int, 0, "test.thing.write", root_only=True)
    assert decide(zone, ladder("set", "lock", "set")).tenant_id == 1
    assert decide(zone, ladder(None, "lock", "set")) is None


def test_a_setting_of_some_levels_is_heard_there_alone():
    some = Setting("test.some", int, 0, "test.thing.write", levels=(2,))
    assert decide(some, ladder("lock", "suggest", "set")).tenant_id == 2


def test_what_does_not_fit_any_more_is_not_heard():
    narrow = Setting("test.narrow", Annotated[int, Meta(le=15)], 1, "test.thing.write")
    assert decide(narrow, ladder("set", "lock", "set")).tenant_id == 1
    assert decide(narrow, ladder(None, "lock", "set")) is None


@pytest.mark.parametrize("value", [4, 481, "30", 30.5, True, None, [], {}, 10**30, float("nan")])
def test_values_are_checked(value):
    with pytest.raises(UnfitError):
        MINUTES.accept(value)


@pytest.mark.parametrize("value", ["a\x00", "a\ud800", "two\nlines", "x" * 6])
def test_texts_are_checked(value):
    text = Setting("test.text", Annotated[str, Meta(max_length=5)], "", "test.thing.write")
    with pytest.raises(UnfitError):
        text.accept(value)


def test_texts_are_kept_in_one_form():
    text = Setting("test.text", str, "", "test.thing.write")
    assert text.accept("  e\u0301 ") == "\u00e9"


@pytest.mark.parametrize(
    "key",
    ["api_secret", "mail.password", "mail.smtp_password", "mail.token", "wechat.key", "x.private_thing", "x.app_key"],
)
def test_a_secret_is_no_setting(key):
    """Everybody below reads settings."""
    with pytest.raises(ValueError, match=r"secret|named"):
        Setting(key, str, "", "test.thing.write")


@pytest.mark.parametrize("key", ["minutes", "Test.minutes", "test.minutes.more", "test.", ""])
def test_a_key_is_named_feature_name(key):
    with pytest.raises(ValueError, match=r"named"):
        Setting(key, str, "", "test.thing.write")


def test_a_default_fits():
    with pytest.raises(UnfitError):
        Setting("test.language", Literal["zh-CN", "en"], "fr", "test.thing.write")
