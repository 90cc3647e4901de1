"""Every list that is served has a title and a header for each column, in every language: an export needs them."""

import pytest

from wuji.assembly import FEATURES, make_texts, register_lists
from wuji.kit.texts import LOCALES

LISTS = register_lists(FEATURES)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_headers(locale, name):
    feature, _, rest = name.partition(".")
    needed = {f"{feature}.lists.{rest}", *(f"{feature}.list.{rest}.{column.name}" for column in LISTS[name].columns)}
    assert needed <= make_texts().catalogue(locale).keys()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", sorted(name for name, one in LISTS.items() if one.exported or one.outside))
def test_choices_are_said_in_words(locale, name):
    feature, _, rest = name.partition(".")
    said = [column for column in LISTS[name].columns if column.exported and column.key is None]
    needed = {f"{feature}.choice.{rest}.{column.name}.{choice}" for column in said for choice in column.choices}
    assert needed <= make_texts().catalogue(locale).keys()


def test_a_list_has_its_name_alone():
    with pytest.raises(ValueError, match="two lists are called"):
        register_lists([*FEATURES, *FEATURES])
