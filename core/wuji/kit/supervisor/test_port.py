"""The next free port."""

import socket

import pytest

from wuji.kit.supervisor import free_port
from wuji.kit.supervisor.port import HIGHEST


def test_the_wanted_port_or_the_next_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = free_port("127.0.0.1", port)
        assert found > port
        assert free_port("127.0.0.1", found) == found


def test_a_port_that_was_just_given_back_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()  # this side closes first and keeps the address for a minute
    assert free_port("127.0.0.1", port) == port


def test_no_port_is_left_or_the_host_is_elsewhere():
    with socket.create_server(("127.0.0.1", HIGHEST)), pytest.raises(OSError, match="no port from 65535"):
        free_port("127.0.0.1", HIGHEST)
    with pytest.raises(OSError, match="assign"):
        free_port("192.0.2.1", 8000)
