"""Codes that fit their level, and the check character of an organisation's."""

import pytest

from wuji.tenancy.codes import Level, is_division_code, is_uscc

USCC = "91350100M000100Y43"  # the example of GB 32100-2015


@pytest.mark.parametrize(("code", "level"), [("3407", 1), ("340722", 2), ("340722106", 3), ("340722106200", 4)])
def test_division_codes(code, level):
    assert is_division_code(code, level)
    assert not is_division_code(code, level % 5 + 1)
    assert not is_division_code(code[:-1] + "x", level)
    assert not is_division_code(code[:-1] + "\u0663", level)  # a digit, but none of ours


def test_the_check_character():
    assert is_uscc(USCC)
    for place in range(len(USCC)):
        other = USCC[:place] + ("1" if USCC[place] != "1" else "2") + USCC[place + 1 :]
        assert not is_uscc(other)
    for wrong in ("", USCC[:-1], USCC + "0", USCC.lower(), USCC.replace("M", "I"), "9" * 400):
        assert not is_uscc(wrong)


def test_levels_have_words():
    assert [level.word for level in Level] == ["city", "district", "street", "community", "grid"]
