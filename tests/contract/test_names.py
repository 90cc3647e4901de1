"""Names that more than one part knows: what no plugin may be called, and the words for levels."""

from pathlib import Path
from typing import get_args

import pytest

import wuji
from wuji.app import create_app
from wuji.assembly import FEATURES, unopened_deployment
from wuji.kit.options import load
from wuji.plugin.loading import RESERVED
from wuji.plugin.manifest import ID, LEVELS, LevelName
from wuji.tenancy.codes import Level

FOLDERS = [path.name for path in Path(wuji.__file__).parent.iterdir() if path.is_dir()]


def segments() -> set[str]:
    rules = create_app(unopened_deployment(load({}))).url_map.iter_rules()
    return {part for rule in rules for part in rule.rule.split("/")}


@pytest.mark.parametrize(
    "found", [segments(), {feature.name for feature in FEATURES}, set(FOLDERS)], ids=["segments", "features", "folders"]
)
def test_every_name_of_the_core_is_reserved(found: set[str]) -> None:
    taken = {name for name in found if ID.fullmatch(name)}
    assert taken
    assert taken <= RESERVED


def test_levels_of_a_manifest_are_those_of_the_tree() -> None:
    """The plugin layer lies below the tree and cannot ask it."""
    assert {level.word: int(level) for level in Level} == LEVELS
    assert set(LEVELS) == set(get_args(LevelName))


def test_the_plugins_that_are_shipped_are_free() -> None:
    shipped = {path.name for path in (Path(wuji.__file__).parents[2] / "plugins").iterdir() if path.is_dir()}
    assert "agri_tips" in shipped
    assert not shipped & RESERVED
