"""Budgets of size, for every hand-written file in git and without an allowlist: small things can be read, and deleted."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES, FUNCTION = 300, 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def written(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(suffixes) and (ROOT / name).exists()]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, FUNCTIONS):
            yield node


def test_files_are_short() -> None:
    found = written(".py", ".pyi", ".ts", ".vue", ".css", ".js", ".mjs")
    assert found
    long = {
        str(p.relative_to(ROOT)): n for p in found if (n := len(p.read_text(encoding="utf-8").splitlines())) > LINES
    }
    assert not long, f"files of more than {LINES} lines: {long}"


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in written(".py")
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > FUNCTION
    }
    assert not long, f"functions of more than {FUNCTION} lines: {long}"


# What needs a library of an extra, which not everybody installs: loaded by whoever has set what it is for.
OF_AN_EXTRA = {"wuji.kit.otel", "wuji.backup.buckets"}


def names_a_module(node: ast.AST) -> bool:
    """A call of import_module with a name that is written there: an import that only looks like none."""
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("import_module", "__import__"))
        and any(isinstance(given, ast.Constant) and given.value not in OF_AN_EXTRA for given in node.args)
    )


def test_nothing_is_imported_late() -> None:
    late = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in written(".py")
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom) or names_a_module(inner)
    ]
    assert not late, f"imports inside functions hide a cycle: {late}"


@pytest.mark.parametrize("word", ["utils", "util", "common", "helpers", "helper", "misc"])
def test_no_drawer_for_everything(word: str) -> None:
    assert not [
        p
        for p in written(".py", ".ts", ".vue")
        if word in {part.lower() for part in (*p.parent.parts, p.stem)} - set(ROOT.parts)
    ]


def test_generated_files_are_not_in_git() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*generated*", "*/dist/*"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert listed.stdout == ""
