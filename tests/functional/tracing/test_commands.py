"""A command is a span: by its name, without what it was given."""

import pytest
from click.testing import CliRunner

from wuji.assembly import make_deployment
from wuji.cli import main
from wuji.cli.acting import ActingProgram
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load

NOBODY = "999999999998"


@pytest.fixture
def ask(server, collector):
    """`wuji …` on the database of the tests, for a deployment whose traces are collected."""
    app, system = (make_engine(server.url(login, server.shared), pooled=False) for login in ("wuji_app", "wuji_system"))

    def answer(*words):
        options = load({"WUJI_TRACES_URL": collector.url})
        program = ActingProgram()
        vars(program).update(options=options, deployment=make_deployment(options, app, server.seal), system=system)
        return CliRunner().invoke(main, words, obj=program)

    yield answer
    app.dispose()
    system.dispose()


def test_a_command_and_its_statements(ask, world, collector):
    code = world.code["village"]
    assert code in ask("tenant", "show", code).output
    (command,) = collector.find("wuji tenant show")
    assert (command.service, command.parent, command.failed, command.said) == ("wuji-cli", "", False, {})
    assert {one.trace for one in collector.spans} == {command.trace}
    assert "SQL SELECT" in {one.name for one in collector.spans}
    assert code.encode() not in collector.raw


def test_one_that_fails(ask, collector):
    said = ask("tenant", "show", NOBODY)
    assert (said.exit_code, NOBODY in said.output) == (1, True)
    (command,) = collector.find("wuji tenant show")
    assert (command.failed, command.said) == (True, {"error.type": "ClickException"})
    assert NOBODY.encode() not in collector.raw


def test_one_that_acts_less(ask, collector):
    assert ask("journal", "consumers").exit_code == 0
    assert [one.failed for one in collector.find("wuji journal consumers")] == [False]
