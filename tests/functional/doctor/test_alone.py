"""Each program by its own command, under a supervisor of the operator's: what it holds, how it ends, with which exit code."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Event

import psutil
import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.program import Program

PATIENCE = 60  # seconds
BEGUN = {"worker": "Cannot connect to redis", "relay": "the relay works"}
HELD = {"web": {"DATABASE"}, "worker": {"DATABASE"}, "relay": {"SYSTEM_DATABASE"}}


@pytest.fixture
def environment(server, make_database, tmp_path):
    database = make_database()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "WUJI_HOME": str(tmp_path),
        "WUJI_PORT": str(port),
        "WUJI_LOG_FORMAT": "text",
        "WUJI_BROKER_URL": "redis://127.0.0.1:1/0",
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_DATABASE_URL": server.url("wuji_app", database),
        "WUJI_SYSTEM_DATABASE_URL": server.url("wuji_system", database),
    }


def await_begun(program, name, port):
    """Web says nothing that it serves: it is asked."""
    ends, look = time.monotonic() + PATIENCE, Event()
    while name == "web" and not answers(port):
        assert program.poll() is None
        assert time.monotonic() < ends
        look.wait(0.2)
    said = [""]
    while name != "web" and BEGUN[name] not in said[-1]:
        said.append(program.stdout.readline())
        assert said[-1], said


def answers(port):
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError):
        connection.request("GET", "/healthz/live")
        return connection.getresponse().status == HTTPStatus.OK
    return False


@pytest.mark.parametrize("name", HELD)
def test_it_runs_with_its_own_login_until_it_is_told(environment, name):
    argv = [sys.executable, "-c", "from wuji.cli import main; main()", name]
    piped = {"stderr": subprocess.STDOUT, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(argv, env=environment, **piped) as program:
        await_begun(program, name, int(environment["WUJI_PORT"]))
        held = {
            key
            for key, value in psutil.Process(program.pid).environ().items()
            if key.endswith("DATABASE_URL") and value
        }
        program.send_signal(signal.SIGTERM)
        rest, _ = program.communicate(timeout=PATIENCE)
    assert (program.returncode, "Traceback" in rest) == (0, False), rest
    assert held == {f"WUJI_{login}_URL" for login in HELD[name]}


@pytest.mark.parametrize(("name", "option"), [("worker", "WUJI_DATABASE_URL"), ("relay", "WUJI_SYSTEM_DATABASE_URL")])
def test_it_says_what_it_needs(environment, name, option):
    said = CliRunner().invoke(
        main, [name], obj=Program({k: v for k, v in environment.items() if k not in {option, "PATH"}})
    )
    assert (said.exit_code, f"this command needs {option}" in said.output) == (2, True)
