"""What a tenant chooses among figures."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from wuji.kit.setting import Setting
from wuji.plugin.figures import Figure

CARDS, MOST = "rollup.cards", 4
Names = tuple[str, ...]


def choose_figures(key: str, most: int, figures: Iterable[Figure]) -> Setting[Names]:
    """A setting of so many figures, in their order, among all that are counted in this program."""
    return Setting(
        key,
        Annotated[Names, Meta(max_length=most)],
        (),
        "tenancy.setting.write",
        fits=lambda names: len(set(names)) == len(names),
        choices=tuple((figure.name, figure.title) for figure in figures),
    )


def pick_figures(chosen: Names, active: Names, most: int) -> list[str]:
    """What was chosen, as far as it is counted here; otherwise the first ones."""
    return [name for name in chosen if name in active] or list(active[:most])
