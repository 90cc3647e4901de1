"""`wuji doctor` over a whole deployment: says nothing of a sound one, and names what was broken in another."""

import socket
from dataclasses import replace

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.program import Program
from wuji.kit.db.doors import Seal
from wuji.kit.options import load
from wuji.testing import World
from wuji.wall import Logins

TICKED = (
    "database server", "clock", "login of web", "wall", "revisions", "plugins", "login of the relay", "seal", "search",
    "broker", "files", "packs", "programs", "jobs", "consumers", "schedules", "backup", "login of live updates",
)  # fmt: skip


@pytest.fixture
def database(make_database):
    return make_database()


@pytest.fixture
def program(server, database, tmp_path):
    """As `wuji` has it, on a database of its own, with a broker that listens."""
    with socket.create_server(("127.0.0.1", 0)) as broker:
        asked = {
            "WUJI_MODE": "development",
            "WUJI_HOME": str(tmp_path),
            "WUJI_BROKER_URL": f"redis://127.0.0.1:{broker.getsockname()[1]}",
        }
        made = Program()
        app, system, owner = (server.url(login, database) for login in ("wuji_app", "wuji_system", "wuji_owner"))
        vars(made).update(options=load(asked), logins=Logins(app, system, owner, server.seal))
        yield made


@pytest.fixture
def ask(program):
    """What it says, by check: the lines below each title."""

    def run(**changed):
        vars(program).update(changed)
        answer = CliRunner().invoke(main, ["doctor"], obj=program)
        found, title = {}, ""
        for line in answer.output.splitlines():
            if line[:1] in "✓✗":
                title = line[2:]
                found[title] = []
            else:
                found[title].append(line.strip())
        assert answer.exit_code == (1 if any(found.values()) else 0), answer.output
        return found

    return run


@pytest.fixture
def stage(server, database):
    with server.connect("wuji_stage", database) as connection:
        yield connection


def test_of_a_sound_deployment_it_says_nothing(ask):
    assert {title: said for title, said in ask().items() if title in TICKED} == {title: [] for title in TICKED}


def test_a_seal_of_another_deployment(ask, program):
    said = ask(logins=replace(program.logins, seal=Seal(bytes(32))))["seal"]
    assert said[0] == "WUJI_SEAL_KEY is not the one the database knows"


@pytest.mark.parametrize(
    ("broken", "check", "named"),
    [
        ("drop policy wuji_app_select on wuji.file", "wall", "wuji.file wuji_app_select"),
        ("alter table wuji.file no force row level security", "wall", "wuji.file"),
        ("grant select on wuji.signing_key to wuji_app", "wall", "wuji.signing_key wuji_app SELECT"),
        ("update wuji.alembic_version set version_num = '0006'", "revisions", "revision 0007 is pending"),
        ("update wuji.plugin set revision = '0000'", "plugins", "agri_tips"),
        ("drop function wuji.attempt_begin", "seal", "UndefinedFunction"),
    ],
)
def test_what_was_broken_is_named_where_it_belongs(ask, stage, broken, check, named):
    stage.execute(broken)
    assert named in "\n".join(ask()[check])


def test_tenants_that_search_does_not_know(ask, server, database):
    world = World(server, database)  # its tenants are put there past the program
    world.close()
    assert ask()["search"][0] == f"search knows 0 of {len(world.tenant)} tenants"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"WUJI_BROKER_URL": "amqp://127.0.0.1:1"}, "a RabbitMQ cannot count calls"),
        ({"WUJI_BROKER_URL": "amqp://127.0.0.1:1", "WUJI_RATE_LIMITS": "0"}, ""),
        ({"WUJI_BROKER_URL": "amqp://127.0.0.1:1", "WUJI_LIMITS_URL": "valkey://127.0.0.1:1"}, "Valkey does not count"),
        ({"WUJI_BROKER_URL": "redis+socket:///nowhere/at/all.sock"}, "Valkey does not count calls"),
    ],
)
def test_where_nothing_counts_calls(ask, options, said):
    found = ask(options=load({"WUJI_MODE": "development", **options}))["rate limits"]
    assert "".join(found[:1]).startswith(said)
    assert bool(found) == bool(said)


def test_packs_that_cannot_be_read(ask, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "tenant.toml").write_text("code = ")
    environ = {"WUJI_MODE": "development", "WUJI_PACKS_DIR": str(tmp_path)}
    assert "no pack that can be read" in " ".join(ask(options=load(environ))["packs"])
    environ["WUJI_PACKS_DIR"] = str(tmp_path / "none")
    assert "nonecannotberead" in "".join("".join(ask(options=load(environ))["packs"]).split())  # lines break anywhere


def test_a_login_of_live_updates_that_may_too_much(ask, program, server, database):
    said = ask(logins=replace(program.logins, live=server.url("wuji_stage", database)))["login of live updates"]
    assert "WUJI_LIVE_DATABASE_URL" in "\n".join(said)


def test_whether_traces_are_made_and_a_collector_takes_them(ask):
    assert ask()["traces, none are made"] == []
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    options = load({"WUJI_MODE": "development", "WUJI_TRACES_URL": url})
    assert "nocollectortakestraces" in "".join("".join(ask(options=options)[f"traces, sent to {url}"]).split())


def test_a_broker_that_is_away(ask):
    options = load({"WUJI_MODE": "development", "WUJI_BROKER_URL": "redis://127.0.0.1:1"})
    assert ask(options=options)["broker"][0].startswith("the broker does not answer")
