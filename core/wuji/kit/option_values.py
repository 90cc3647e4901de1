"""Whether the text of one start-up option can be what it says: addresses of servers, of people, of the deployment itself."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
SENDER = re.compile(r"[^<>@\s]+@[^<>@\s]+|[^<>@\r\n]+<[^<>@\s]+@[^<>@\s]+>")
POSTGRES = frozenset({"postgresql", "postgresql+psycopg"})


def check_host(text: str) -> None:
    if not HOST.fullmatch(text) and not is_address(text):
        raise ValueError(f"{text[:60]!r} is neither an address nor a host name")


def split_url(text: str) -> SplitResult:
    """`urlsplit` that also reads the port; its own errors repeat the URL, password included."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it checks it
    except ValueError:
        raise ValueError("it is no well-formed URL; percent-encode what is special in a name or password") from None
    return parts


def check_database_url(text: str) -> None:
    parts = split_url(text)
    if parts.scheme not in POSTGRES or not parts.username or not parts.path.strip("/"):
        raise ValueError("it must read postgresql://login:password@host:port/database")


def check_base_url(text: str) -> None:
    parts = split_url(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must read https://name or https://name:port")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("it names only scheme, host and port: cookies are bound to the whole host, not to a path")


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    if is_address(host):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def check_smtp_url(text: str) -> None:
    parts = split_url(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("it must read smtps://login:password@host:port or smtp://…")


def check_sender(text: str) -> None:
    if not SENDER.fullmatch(text):
        raise ValueError("it is neither an address nor Name <address>")
