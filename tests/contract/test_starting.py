"""What programs load when they start: the relay and short commands stay small, and `wuji --help` answers at once."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click import Command, Context

from wuji import cli
from wuji.cli import COMMANDS, main

LANGUAGE = {"opencc", "pypinyin", "rjieba"}
SERVING = {"wuji.assembly", "wuji.app", *LANGUAGE}
ACTING = {"account", "demo", "oauth", "openapi", "rollup", "search", "tenant"}


def loaded(statement: str) -> set[str]:
    """Modules of a fresh process after the statement."""
    code = f"{statement}; import sys; print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_imports_no_command() -> None:
    asked = "from wuji.cli import main; main(['--help'], standalone_mode=False)"
    assert not loaded(asked) & {"sqlalchemy", "flask", "alembic", "rich", *SERVING}


def test_the_relay_holds_nothing_that_serves() -> None:
    found = loaded("import wuji.relay")
    assert "wuji.wall" in found
    assert not found & {"flask", "marshmallow", "alembic", "pluggy", "wuji.installation", *SERVING}


@pytest.mark.parametrize("program", ["wuji.app", "wuji.relay", "wuji.worker"])
def test_without_a_collector_nothing_that_traces_is_loaded(program: str) -> None:
    assert not {name.partition(".")[0] for name in loaded(f"import {program}")} & {"opentelemetry", "requests"}


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - ACTING))
def test_a_command_that_does_not_act_loads_no_program(name: str) -> None:
    assert not loaded(f"import wuji.cli.{name}") & SERVING


def test_web_has_its_languages_from_the_start() -> None:
    """The first person who searches does not wait for them, and a library that is missing is seen at the start."""
    assert loaded("import wuji.app") >= LANGUAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_itself(name: str) -> None:
    command = main.get_command(Context(main), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").startswith(COMMANDS[name])


def test_the_list_is_whole() -> None:
    stems = sorted(path.stem for path in Path(cli.__file__).parent.glob("[a-z]*.py"))
    modules = {stem: import_module(f"wuji.cli.{stem}") for stem in stems}
    assert list(COMMANDS) == [name for name, one in modules.items() if isinstance(getattr(one, name, None), Command)]
