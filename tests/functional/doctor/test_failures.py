"""What an operator can mend is said in a sentence, with exit code 1; what is our fault keeps its traceback."""

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.acting import ActingProgram

URL = "postgresql://{login}:secret@127.0.0.1:1/wuji"
AWAY = {
    "WUJI_BROKER_URL": "redis://127.0.0.1:1",
    "WUJI_SEAL_KEY": "00" * 32,
    "WUJI_DATABASE_URL": URL.format(login="wuji_app"),
    "WUJI_SYSTEM_DATABASE_URL": URL.format(login="wuji_system"),
    "WUJI_OWNER_DATABASE_URL": URL.format(login="wuji_owner"),
}
COMMANDS = (
    "plugin list",
    "db check",
    "db upgrade",
    "tenant list",
    "account link anna",
    "journal verify",
    "search verify",
)


def run(environ, *words):
    return CliRunner().invoke(main, words, obj=ActingProgram(environ))


@pytest.mark.parametrize("command", [*COMMANDS, "doctor"])
def test_nothing_has_been_set_up(tmp_path, command):
    said = run({"WUJI_HOME": str(tmp_path / "home")}, *command.split())
    assert said.exit_code == 1
    assert "Error:" in said.output
    assert "nothing has been set up" in said.output
    assert isinstance(said.exception, SystemExit)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_database_is_away(tmp_path, command):
    said = run({**AWAY, "WUJI_HOME": str(tmp_path)}, *command.split())
    assert said.exit_code == 1
    assert "PostgreSQL refuses or cannot be reached" in said.output
    assert "secret" not in said.output
    assert isinstance(said.exception, SystemExit)


def test_options_that_cannot_be_used():
    said = run({"WUJI_PORT": "http", "WUJI_COLOUR": "red"}, "tenant", "list")
    assert said.exit_code == 1
    assert {"WUJI_PORT", "WUJI_COLOUR"} <= {line.split(":")[0].strip() for line in said.output.splitlines()}
    assert isinstance(said.exception, SystemExit)


def test_an_address_that_is_none(tmp_path):
    said = run({"WUJI_HOME": str(tmp_path)}, "db", "init", "--admin-url", "foo")
    assert (said.exit_code, isinstance(said.exception, SystemExit)) == (2, True)
    assert "postgresql://LOGIN:PASSWORD@HOST/postgres" in said.output


def test_a_demo_says_so_too(monkeypatch):
    monkeypatch.setenv("WUJI_PORT", "http")
    said = CliRunner().invoke(main, ["demo"])
    assert (said.exit_code, isinstance(said.exception, SystemExit)) == (1, True)
    assert "WUJI_PORT" in said.output


def test_a_fault_of_ours_keeps_its_traceback():
    program = ActingProgram({"WUJI_HOME": "/"})
    vars(program)["logins"] = None
    assert isinstance(CliRunner().invoke(main, ["tenant", "list"], obj=program).exception, AttributeError)
