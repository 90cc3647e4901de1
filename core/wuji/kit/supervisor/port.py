"""A port that web can listen on."""

import errno
import socket

HIGHEST = 65535


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one above it. OSError if the host is not this machine's or none is free."""
    for port in range(wanted, HIGHEST + 1):
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: past connections hold no port
            try:
                probe.bind(address)
            except OSError as problem:
                if problem.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
    raise OSError(errno.EADDRINUSE, f"no port from {wanted} to {HIGHEST} is free on {host}")
