"""Logs and delays of one program."""

import os

import pytest

from wuji.kit.supervisor import Program, Restart, child
from wuji.kit.supervisor.child import KEPT_LOGS, Child


@pytest.fixture
def one(tmp_path):
    (tmp_path / "logs").mkdir()
    return Child(Program(role="one", argv=["true"], env={"KEY": "hush"}), tmp_path)


def test_a_full_log_is_copied_and_emptied(one, monkeypatch):
    monkeypatch.setattr(child, "LOG_BYTES", 10)
    writer = os.open(one.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(KEPT_LOGS + 3):
        os.write(writer, b"short")
        one.rotate_log()
        os.write(writer, b" then long %d" % number)
        one.rotate_log()
    os.write(writer, b"last")
    os.close(writer)
    found = {path.name: path.read_text() for path in one.log.parent.iterdir()}
    kept = {f"one.log.{number}": f"short then long {KEPT_LOGS + 3 - number}" for number in range(1, KEPT_LOGS + 1)}
    assert found == {"one.log": "last", **kept}


def test_delays_grow_and_old_deaths_are_forgotten(one):
    assert [Restart().delay(deaths) for deaths in range(1, 8)] == [0.5, 1, 2, 4, 8, 10, 10]
    assert [one.died() for _ in range(6)] == [True] * 5 + [False]
    one.deaths = [death - Restart().within for death in one.deaths]
    assert one.died()
    assert len(one.deaths) == 1


def test_an_environment_is_not_shown(one):
    assert "hush" not in repr(one.program)
