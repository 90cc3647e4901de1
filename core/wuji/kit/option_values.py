"""Whether the text of one start-up option can be what it says: addresses of servers, of people, of the deployment itself."""

import re
import string
from base64 import b64decode
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
SENDER = re.compile(r"[^<>@\s]+@[^<>@\s]+|[^<>@\r\n]+<[^<>@\s]+@[^<>@\s]+>")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
STYLES = frozenset({"", "style=path", "style=virtual"})
KEY_BYTES = 32
TRACER = "opentelemetry"  # the library that sends traces
DATABASE = "database_url"  # how options end that name a login
FOLLOWS = "replication_database_url"
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


def is_embedded(urls: Mapping[str, str]) -> bool:
    """No server of one's own is named; whoever follows the embedded one names a login alone."""
    follows = split_url(urls[FOLLOWS])
    named = [url for name, url in urls.items() if name != FOLLOWS]
    return not (any(named) or follows.hostname or "host=" in follows.query)


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


def check_backup_url(text: str) -> None:
    """A folder, or s3://bucket/prefix?style=path; credentials never stand in it, since it is printed."""
    if "://" not in text:
        return
    parts = split_url(text)
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc) or parts.query not in STYLES or parts.fragment:
        raise ValueError("it must be a folder, or read s3://bucket/prefix, or s3://bucket/prefix?style=path")


def check_traces_url(text: str) -> None:
    """Credentials go into OTEL_EXPORTER_OTLP_HEADERS, since this is printed."""
    parts = split_url(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(
            "it must read http://host:4318 or https://…; what the collector asks for besides stands in OTEL_*"
        )


def decode_key(text: str) -> bytes:
    """A key written as hex or base64 (either alphabet, padding optional); the ValueError does not repeat it."""
    if len(text) % 2 == 0 and set(text) <= set(string.hexdigits):
        key = bytes.fromhex(text)
    else:
        plain = text.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            key = b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except ValueError:
            raise ValueError("it is neither hex nor base64") from None
    if len(key) < KEY_BYTES:
        raise ValueError(f"it holds {len(key)} bytes, at least {KEY_BYTES} are needed")
    return key


def contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, set[str], str]]:
    """What does not fit together: the variable to mend, the ones it depends on, what to do."""
    base = urlsplit(values["base_url"])
    if base.scheme == "http" and not is_loopback(base.hostname or ""):
        how = "set it to the https:// address that people use; plain http is for loopback only"
        yield "base_url", {"base_url", "host"}, f"{values['base_url']!r} is open to eavesdroppers: {how}"
    urls = {name: url for name, url in values.items() if name.endswith(DATABASE)}
    if not is_embedded(urls) and not values["broker_url"]:
        yield (
            "broker_url",
            {*urls, "broker_url"},
            "set it too: beside a database of your own nothing embedded is started",
        )
    logins = [urlsplit(url).username for url in urls.values() if url]
    if len(set(logins)) < len(logins):
        yield "system_database_url", set(urls), "the database URLs must name different logins, each with its own rights"
    if values["smtp_url"] and not values["mail_from"]:
        yield "mail_from", {"smtp_url", "mail_from"}, "set it too: a letter without a sender is refused everywhere"
    if values["database_url"] and not values["seal_key"]:
        how = "`python -c 'import secrets; print(secrets.token_hex(32))'` makes one"
        yield "seal_key", {"database_url", "seal_key"}, f"set it, the same for all web processes: {how}"
    if values["traces_url"] and find_spec(TRACER) is None:
        yield "traces_url", {"traces_url"}, "it needs a library that is not installed: `pip install 'wuji[otel]'`"
