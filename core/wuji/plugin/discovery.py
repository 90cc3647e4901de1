"""Where plugins are: installed ones by their entry point, others as folders below one folder, without any install step."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

GROUP = "wuji.plugins"


class NotFoundError(ValueError):
    """Something that calls itself a plugin cannot be one; the text says where and why."""


@dataclass(frozen=True)
class Found:
    """A plugin that has not been imported yet: `package` holds its code and plugin.toml, `home` its ui and locales."""

    id: str
    point: EntryPoint
    package: Path

    def beside(self, name: str) -> Path:
        """A folder of it."""
        return beside(self.package, name)


def beside(package: Path, name: str) -> Path:
    """A plugin's folder of that name: inside its package where it was installed with it, else beside the package."""
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True)
class Missing:
    """What was named but is not there."""

    id: str
    why: str


def discover(folder: Path) -> Iterator[Found | Missing]:
    """Every plugin once, in the order of ids; what is installed hides a folder of the same id."""
    points: dict[str, EntryPoint | Missing] = dict(_folders(folder))
    points |= {point.name: point for point in entry_points(group=GROUP)}
    for name in sorted(points):
        point = points[name]
        try:
            yield _locate(point) if isinstance(point, EntryPoint) else point
        except (ImportError, ValueError) as error:
            yield Missing(name, str(error))


def _folders(folder: Path) -> Iterator[tuple[str, EntryPoint | Missing]]:
    """What pyproject.toml files name. A folder goes to the end of sys.path: it hides nothing that is installed."""
    for path in sorted(folder.glob("*/pyproject.toml")):
        try:
            project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
            declared = dict(project.get("entry-points", {}).get(GROUP, {}))
        except (OSError, ValueError, AttributeError, TypeError) as error:
            yield path.parent.name, Missing(path.parent.name, f"{path} cannot be read: {error}")
            continue
        if declared and str(path.parent) not in sys.path:
            sys.path.append(str(path.parent))
        for name, value in declared.items():
            yield name, EntryPoint(name, str(value), GROUP)


def _locate(point: EntryPoint) -> Found:
    try:
        module, attribute = point.module, point.attr
    except AttributeError:
        raise NotFoundError(f"{point.value!r} is no entry point of the form package:object") from None
    if module != f"wuji_{point.name}" or not attribute:
        raise NotFoundError(f"its entry point must be wuji_{point.name}:<object>, not {point.value}")
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise NotFoundError(f"there is no package {module}")
    return Found(point.name, point, Path(spec.submodule_search_locations[0]))
