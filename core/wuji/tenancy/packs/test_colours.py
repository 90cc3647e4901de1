"""Contrast as the standard counts it, and the same colours here as in the front end."""

import re
from pathlib import Path

import pytest

from wuji.tenancy.packs.colours import USUAL, contrast

TOKENS = Path(__file__).parents[4] / "frontend" / "src" / "kit" / "tokens.css"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54), ("#FF0000", "#ffffff", 4.0)],
)
def test_contrast_is_that_of_the_standard(one, other, found):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(found, abs=0.005)


def test_what_a_theme_leaves_is_what_the_front_end_has():
    light, _, rest = TOKENS.read_text(encoding="utf-8").partition(':root[data-theme="dark"] {')
    dark = rest.partition("}")[0]
    for ground, css in (("light", light), ("dark", dark)):
        said = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))
        assert USUAL[ground] == {name: said[name] for name in USUAL[ground]}
