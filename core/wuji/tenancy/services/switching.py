"""What redrawing the tree does to plugins, as governance tells it, which stands above the tree: assembly puts it there."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wuji.kit.db.session import ScopedSession
from wuji.tenancy.services.steps import Relocation

Tenants = Mapping[str, list[tuple[int, int]]]  # plugin -> (tenant, its level)


@dataclass(frozen=True)
class Switched:
    """Tenants where a plugin becomes active, and where it stops being so."""

    on: Tenants
    off: Tenants


@dataclass(frozen=True)
class Switching:
    """`foresee` before, from the rules that are given or those in sight, `carry` once it is done; `name` of a plugin in a
    language.
    """

    foresee: Callable[[ScopedSession, Sequence[Relocation], Sequence[Mapping[str, Any]] | None], Switched]
    carry: Callable[[ScopedSession, Switched], None]
    name: Callable[[str, str], str]

    def shown(self, switched: Switched, locale: str) -> Sequence[Mapping[str, Any]]:
        """By plugin and level, how many."""
        return [self._of(one, switched, locale) for one in sorted({*switched.on, *switched.off})]

    def _of(self, plugin: str, switched: Switched, locale: str) -> Mapping[str, Any]:
        on = Counter(level for _, level in switched.on.get(plugin, ()))
        off = Counter(level for _, level in switched.off.get(plugin, ()))
        levels = [{"level": level, "on": on[level], "off": off[level]} for level in sorted({*on, *off})]
        name = self.name(plugin, locale)
        return {"plugin_id": plugin, "name": name, "on": on.total(), "off": off.total(), "levels": levels}
