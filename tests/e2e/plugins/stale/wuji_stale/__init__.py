"""A plugin whose pages were written for another major of the SDK."""

from collections.abc import Sequence

from wuji.api import Page, Ui, hook


class Stale:
    """One page that cannot be shown."""

    @hook
    def wuji_ui(self) -> Sequence[Ui]:
        return (
            Ui(
                module="index.js",
                pages=(Page(surface="portal", path="", component="Home", title="stale.title"),),
                sdk="2",
            ),
        )


plugin = Stale()
