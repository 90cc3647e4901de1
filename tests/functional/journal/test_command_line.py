"""`wuji journal seal` and `verify`: what an operator sees, and the exit code that a script asks."""

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.program import Program


@pytest.fixture
def wuji(system):
    program = Program()
    program.system = system

    def run(*words):
        return CliRunner().invoke(main, ["journal", *words], obj=program)

    return run


def test_seal_and_verify(world, wuji, happen):
    wuji("seal")
    happen("village")
    code = world.code["village"]
    before = wuji("verify", "--tenant", code)
    assert (before.exit_code, before.output.count("sound")) == (0, 2), before.output  # in the header and of the chain
    assert wuji("seal").output == "1 records sealed.\n"
    after = wuji("verify", "--tenant", code)
    head = world.one("select encode(hash, 'hex') from wuji.journal_seal where tenant_id = %s", world.tenant["city"])
    assert f"{head}  city ({world.code['city']})\n" in after.output
    assert wuji("verify").output.count("the deployment") == 2


def test_what_is_wrong_is_named(world, wuji, happen):
    happen("village")
    changed = happen("city")
    wuji("seal")
    world.run("update wuji.journal_record set verb = 'a.b.c' where id = %s", changed)
    found = wuji("verify", "--tenant", world.code["city"])
    assert found.exit_code == 1
    assert "changed at 2" in found.output
    world.run("update wuji.journal_record set verb = 'test.thing.made' where id = %s", changed)
    assert wuji("verify", "--tenant", world.code["city"]).exit_code == 0


def test_a_code_that_nobody_has(wuji):
    found = wuji("verify", "--tenant", "000")
    assert found.exit_code == 2
    assert "no tenant has the code 000" in found.output
