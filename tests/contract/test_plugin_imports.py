"""What plugins may import: of Wuji only `wuji.api` and `wuji.testing`, so that the core can move its code freely."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED = ("wuji.api", "wuji.testing")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def allowed(name: str) -> bool:
    return name.partition(".")[0] != "wuji" or any(name == door or name.startswith(f"{door}.") for door in ALLOWED)


def trespasses(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in imported(path)
        if not allowed(name)
    ]


def test_plugins_come_through_their_door() -> None:
    assert trespasses(ROOT / "plugins") == []


def test_revisions_come_through_their_door() -> None:
    assert trespasses(ROOT / "migrations" / "versions") == []


def test_the_check_can_fail(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import wuji.kit.db.session\nfrom wuji.identity import services\nfrom wuji.api import Wall\n"
    )
    assert trespasses(tmp_path) == ["a.py: wuji.kit.db.session", "a.py: wuji.identity"]


def test_the_core_imports_no_plugin() -> None:
    plugins = {path.name for path in (ROOT / "plugins").glob("*/wuji_*")}
    core = [(path, name) for path in (ROOT / "core").rglob("*.py") for name in imported(path)]
    assert core
    assert not [
        f"{path}: {name}" for path, name in core if name.partition(".")[0] in plugins or name.startswith("wuji_")
    ]
