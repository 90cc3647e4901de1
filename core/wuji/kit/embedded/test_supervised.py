"""Both servers under the supervisor, which is killed: nothing may stand in the way of the next start."""

import signal
import subprocess
import sys

import psycopg
import pytest

from wuji.kit.embedded.postgres import DBA, Postgres
from wuji.kit.embedded.running import find_server
from wuji.kit.embedded.valkey import PROGRAM, Valkey
from wuji.kit.process import await_ends, lives

RUN = """
import sys
from pathlib import Path
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.valkey import Valkey
from wuji.kit.supervisor import Supervisor
home = Path(sys.argv[1])
programs = [Postgres(home).program(), Valkey(home).program()]
Supervisor(programs, home, lambda role, event: print(role, event, flush=True)).run()
"""


@pytest.fixture
def start(folder):
    runs = []

    def begin():
        process = subprocess.Popen([sys.executable, "-c", RUN, folder / "home"], stdout=subprocess.PIPE, text=True)
        runs.append(process)
        said = [process.stdout.readline().strip() for _ in range(4)]
        assert said == ["postgres starting", "postgres ready", "valkey starting", "valkey ready"]
        return (
            process,
            find_server("postgres", Postgres(folder / "home").data),
            find_server(PROGRAM, folder / "home/valkey"),
        )

    yield begin
    for process in runs:
        process.terminate()
        process.communicate(timeout=60)


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_start(start, folder):
    supervisor, postgres, valkey = start()
    server = Postgres(folder / "home")
    url = server.url(DBA, "postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create database kept")
    supervisor.kill()
    assert not await_ends([postgres, valkey], 30)
    said = (folder / "home/logs/postgres.log").read_text()
    assert "received fast shutdown request" in said
    assert "database system is shut down" in said

    supervisor, postgres, valkey = start()
    postgres.kill()
    assert [supervisor.stdout.readline().strip() for _ in range(3)] == [
        "postgres died",
        "postgres starting",
        "postgres ready",
    ]
    supervisor.kill()

    supervisor, *_ = start()
    with psycopg.connect(url, autocommit=True) as conn:
        assert conn.execute("select from pg_database where datname = 'kept'").fetchone() is not None
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.communicate(timeout=60)[0].split("\n")[:2] == ["valkey stopping", "postgres stopping"]
    assert not server.running()
    assert not lives(valkey)


def test_servers_that_a_command_started_give_way_to_the_supervisor(start, folder):
    server, broker = Postgres(folder / "home"), Valkey(folder / "home")
    server.start()
    broker.start()
    earlier = find_server("postgres", server.data)
    _, postgres, _ = start()
    assert postgres != earlier
    assert not lives(earlier)
    server.start()  # a command beside the supervisor uses what runs
    assert find_server("postgres", server.data) == postgres
