import pytest

from wuji.kit.http.groups import withheld


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([], set()),
        ([10, 0, 300], set()),
        ([30, 9, 12], {1, 2}),  # alone, nine would be what is left
        ([30, 5, 5, 12], {1, 2}),
        ([30, 3, 4, 12], {1, 2, 3}),  # two that come to seven
        ([4], {0}),
        ([4, 0], {0, 1}),
    ],
)
def test_small_groups_take_others_along(counts, hidden):
    assert withheld(counts) == hidden
