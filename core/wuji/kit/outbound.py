"""Whom the platform calls on behalf of somebody who merely named an address: never itself, nor a neighbour in its own network."""

import http.client
import socket
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Ip = IPv4Address | IPv6Address
Allows = Callable[[Ip], bool]
UNICAST = IPv6Network("2000::/3")  # all that IANA gives out (RFC 4291, 2.4)
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890


class InwardError(RuntimeError):
    """The name stands for an address that is not allowed; the text says which."""


def is_public(ip: Ip) -> bool:
    """Whether an address belongs to the open internet; what only carries another address inside it is judged by that one."""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(inner)
        if ip in NAT64:
            return is_public(IPv4Address(int(ip) & 0xFFFF_FFFF))
        return ip in UNICAST and ip.is_global
    return ip.is_global and not ip.is_multicast and ip not in PROTOCOLS


def resolve(host: str, port: int, allows: Allows) -> str:
    """The address to connect to. Every one that the name has must be allowed: of several the system may take any.

    Whoever connects does so by this address and not by the name, which could answer differently the second time.
    Raises InwardError where one is not allowed, OSError where the name has none just now.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ips = [
        ip_address(entry[4][0].partition("%")[0] if isinstance(entry[4][0], str) else entry[4][0]) for entry in found
    ]
    if inside := [ip for ip in ips if not allows(ip)]:
        raise InwardError(f"{host} is {inside[0]}, which is no address of the open internet")
    return str(ips[0])


def connect(
    host: str, port: int, allows: Allows, trust: ssl.SSLContext, patience: float
) -> http.client.HTTPSConnection:
    """A connection that speaks TLS with `host` at an address that was looked at; `patience` in seconds, for each step.

    Raises InwardError where the address is not allowed, OSError where nobody answers or the certificate does not fit.
    """
    made = http.client.HTTPSConnection(host, port, timeout=patience, context=trust)
    plain = socket.create_connection((resolve(host, port, allows), port), patience)
    try:
        made.sock = trust.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    return made
