"""What is counted in this program: one per deployment, among its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Active
from wuji.kit.problem import not_found
from wuji.plugin.figures import Figure


@dataclass(frozen=True)
class Figures:
    """By name, which is `<plugin>.<figure>`."""

    by_name: Mapping[str, Figure]

    @cached_property
    def of_kind(self) -> Mapping[str, tuple[Figure, ...]]:
        """Those that a record of a kind touches, in the order of their names: whoever holds several holds them in that order."""
        kinds = {figure.kind for figure in self.by_name.values() if figure.kind}
        ordered = sorted(self.by_name.values(), key=lambda figure: figure.name)
        return {kind: tuple(figure for figure in ordered if figure.kind == kind) for kind in kinds}

    def list_active(self, session: ScopedSession, active: Active) -> list[Figure]:
        """Of plugins that are active where the session acts."""
        there = {plugin for plugin in map(plugin_of, self.by_name) if active(session, plugin)}
        return [figure for name, figure in self.by_name.items() if plugin_of(name) in there]

    def get(self, session: ScopedSession, active: Active, name: str) -> Figure:
        """Raises 404 for one that is not there."""
        figure = self.by_name.get(name)
        if figure is None or not active(session, plugin_of(name)):
            raise not_found()
        return figure


def plugin_of(figure: str) -> str:
    """The plugin whose figure it is."""
    return figure.partition(".")[0]


def register_figures(figures: Iterable[Figure]) -> Figures:
    """Raises ValueError for a name that two figures have."""
    registered: dict[str, Figure] = {}
    for figure in figures:
        if figure.name in registered:
            raise ValueError(f"two figures are called {figure.name}")
        registered[figure.name] = figure
    return Figures(registered)
