"""The embedded Valkey with a real server."""

import socket
import stat

import psutil
import pytest

from wuji.kit.embedded import valkey
from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.embedded.place import find_place
from wuji.kit.embedded.running import answers, find_server
from wuji.kit.embedded.valkey import PROGRAM, Valkey


@pytest.fixture
def server(folder):
    found = Valkey(folder / "home")
    yield found
    found.stop()


def process_of(server):
    found = find_server(PROGRAM, server.home / "valkey")
    assert found is not None
    return found


def test_a_server_on_a_socket_alone(server):
    assert not server.ready()
    server.start()
    assert server.ready()
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert not [one for one in process_of(server).net_connections() if one.family != socket.AF_UNIX]
    assert process_of(server).uids().real == find_place(server.home).servant.uid != 0
    policy = b"*2\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction\r\n"
    assert answers(server.socket, b"CONFIG GET maxmemory-policy\r\n", policy)
    assert answers(server.socket, b"CONFIG GET save\r\n", b"*2\r\n$4\r\nsave\r\n$0\r\n\r\n")
    assert server.url == f"unix://{server.socket}"
    assert server.broker_url == f"redis+socket://{server.socket}"


def test_start_finds_the_server_that_runs_and_one_that_was_killed_is_replaced(server):
    server.start()
    first = process_of(server)
    Valkey(server.home).start()
    assert process_of(server) == first
    first.kill()
    psutil.wait_procs([first], 1)
    server.start()
    assert process_of(server) != first
    server.stop()
    assert not server.running()
    server.stop()


def test_a_start_that_fails_shows_the_log(server, monkeypatch):
    monkeypatch.setattr(valkey, "_socket", lambda place: place.home / "no" / "such" / "folder")
    with pytest.raises(EmbeddedError, match=r"(?s)did not start.*Failed opening Unix socket"):
        server.start()


def test_the_wheel_is_not_installed(server, monkeypatch):
    monkeypatch.setattr(valkey, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddedError, match=r"wuji\[embedded\].*WUJI_BROKER_URL"):
        server.start()
