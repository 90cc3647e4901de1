"""Whom the platform calls: the open internet, and nothing that only looks like it."""

import socket
import ssl
from ipaddress import ip_address

import pytest

from wuji.kit.outbound import InwardError, connect, is_public, resolve

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::1", "64:ff9b:1::1", "::127.0.0.1",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address):
    assert is_public(ip_address(address))


def answers(*addresses: str):
    """A name server's answer."""
    kind = {True: socket.AF_INET6, False: socket.AF_INET}
    found = [(kind[":" in one], socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    return lambda *_asked, **_more: found


def test_of_several_addresses_every_one_must_be_allowed(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("1.1.1.1", "10.0.0.1"))
    with pytest.raises(InwardError, match=r"10\.0\.0\.1"):
        resolve("example.org", 443, is_public)
    monkeypatch.setattr(socket, "getaddrinfo", answers("1.1.1.1", "2606:4700:4700::1111"))
    assert resolve("example.org", 443, is_public) == "1.1.1.1"


def test_what_was_looked_at_is_what_is_called(monkeypatch):
    """The name is asked once: a second answer could be another one."""
    called = []

    def dial(address, _patience):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answers("1.1.1.1"))
    monkeypatch.setattr(socket, "create_connection", dial)
    with pytest.raises(ConnectionRefusedError):
        connect("example.org", 443, is_public, ssl.create_default_context(), 1)
    assert called == [("1.1.1.1", 443)]
