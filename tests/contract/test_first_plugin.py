"""docs/first-plugin.md is a plugin: its files are written out as they stand there, loaded, installed and tested."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A file's name on a line of its own, then its content; ```py, so that nobody runs it inside their own process.
FILE = re.compile(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
SNAPSHOT = ROOT / "frontend" / "src" / "sdk" / "__snapshots__" / "sdk.test.ts.snap"
IMPORT = re.compile(r"^import \{ (.*) \} from '@wuji/", re.MULTILINE)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    for name, content in FILE.findall((ROOT / "docs" / "first-plugin.md").read_text(encoding="utf-8")):
        path = tmp_path / "repair_desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return {**os.environ, "WUJI_PLUGINS_DIR": str(tmp_path)}


def run(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_sound(environment: dict[str, str]) -> None:
    run(environment, sys.executable, "-c", "from wuji.cli import main; main()", "plugin", "check", "repair_desk")


def test_its_tests_pass(environment: dict[str, str]) -> None:
    tests = str(Path(environment["WUJI_PLUGINS_DIR"]) / "repair_desk")
    run(
        environment,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "wuji.testing.fixtures",
        tests,
    )


def test_its_page_imports_what_there_is(environment: dict[str, str]) -> None:
    page = Path(environment["WUJI_PLUGINS_DIR"], "repair_desk", "ui", "index.js").read_text(encoding="utf-8")
    there = set(re.findall(r'"(\w+)"', SNAPSHOT.read_text(encoding="utf-8")))
    asked = {name for names in IMPORT.findall(page) for name in names.split(", ")}
    assert len(asked) > 1
    assert asked <= there
