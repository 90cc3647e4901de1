"""The start-up options of a deployment: every WUJI_* variable, typed and checked together before anything starts."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, inspect

from wuji.kit.option_values import (
    DATABASE,
    TRACER,
    check_backup_url,
    check_base_url,
    check_database_url,
    check_host,
    check_sender,
    check_smtp_url,
    check_traces_url,
    contradictions,
    decode_key,
    is_embedded,
    split_url,
)

PREFIX = "WUJI_"
COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"  # OpenTelemetry's own name
SHOWN = 60  # characters of a wrong value that an error repeats
CHECKOUT = Path(__file__).resolve().parents[3]
SECRET = {"secret": True}
COUNTERS = ("redis", "redis+socket", "rediss", "valkey", "valkey+socket", "valkeys")
SCHEMES = {"broker_url": ("amqp", "amqps", *COUNTERS), "limits_url": COUNTERS}


class BadOption(ValueError):  # noqa: N818 — what it says, as the interface names it
    """Some WUJI_* variables cannot be used; the text names each one and how to mend it, never the value of a secret."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the deployment was started with. `load` checks it; defaults that name other options are filled in here."""

    home: Annotated[Path, Meta(description="Folder of what is kept on this machine: embedded servers, keys, logs.")] = (
        Path(".wuji")
    )
    mode: Annotated[
        Literal["production", "demo", "development"],
        Meta(description="What the deployment is for; demo accounts and development pages exist in no other mode."),
    ] = "production"
    host: Annotated[str, Meta(description="Address that web listens on.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port that web listens on.", ge=1, le=65535)] = 8000
    base_url: Annotated[
        str, Meta(description="Address that people use, without a path; https unless it is loopback.")
    ] = "http://WUJI_HOST:WUJI_PORT"
    database_url: Annotated[
        str, Meta(description="PostgreSQL, login wuji_app: web and worker. Empty: the embedded server.", extra=SECRET)
    ] = ""
    system_database_url: Annotated[
        str, Meta(description="PostgreSQL, login wuji_system: relay and command line.", extra=SECRET)
    ] = ""
    owner_database_url: Annotated[
        str, Meta(description="PostgreSQL, login wuji_owner: only `wuji db …` and plugin installation.", extra=SECRET)
    ] = ""
    live_database_url: Annotated[
        str,
        Meta(
            description="PostgreSQL, login wuji_live: web, to learn what happened. "
            "Empty beside a database of your own: open pages ask again and again.",
            extra=SECRET,
        ),
    ] = ""
    replication_database_url: Annotated[
        str,
        Meta(
            description="PostgreSQL, a login with REPLICATION: `wuji archive` and `wuji db backup`. "
            "For the embedded server: postgresql://wuji_replication@/wuji. Empty: backups are dumps alone.",
            extra=SECRET,
        ),
    ] = ""
    broker_url: Annotated[
        str, Meta(description="Redis, Valkey or RabbitMQ. Empty: the embedded Valkey.", extra=SECRET)
    ] = ""
    limits_url: Annotated[
        str,
        Meta(
            description="Redis or Valkey that counts calls for rate limits. Empty: the broker, if it can.", extra=SECRET
        ),
    ] = ""
    rate_limits: Annotated[
        int, Meta(description="Percent of the usual rate limits; 0: only logins and joining.", ge=0, le=100_000)
    ] = 100
    seal_key: Annotated[
        str,
        Meta(
            description="Key that seals sessions and tokens: at least 32 random bytes, as hex or base64. "
            "Empty: the key file in WUJI_HOME, with the embedded server only.",
            extra=SECRET,
        ),
    ] = ""
    files_dir: Annotated[Path, Meta(description="Folder of stored files.")] = Path("WUJI_HOME/files")
    backup_url: Annotated[
        str,
        Meta(
            description="Where backups go: a folder, or s3://bucket/prefix, whose endpoint and credentials stand in "
            "AWS_* variables. Empty: backups/ in WUJI_HOME."
        ),
    ] = ""
    plugins_dir: Annotated[
        Path, Meta(description="Folder whose subfolders are plugins; by default the checkout's.")
    ] = Path("plugins")
    packs_dir: Annotated[Path, Meta(description="Folder whose subfolders are packs; by default the checkout's.")] = (
        Path("tenants")
    )
    trusted_proxies: Annotated[
        int,
        Meta(
            description="How many proxies of yours stand before web; so many X-Forwarded-* values are believed.",
            ge=0,
            le=9,
        ),
    ] = 0
    web_processes: Annotated[int, Meta(description="Processes of web.", ge=1, le=256)] = 1
    web_threads: Annotated[int, Meta(description="Threads of each web process.", ge=1, le=256)] = 4
    worker_processes: Annotated[int, Meta(description="Processes of the worker.", ge=1, le=256)] = 2
    jobs_at_once: Annotated[
        int,
        Meta(description="Jobs that run at once: as many as all workers together have processes.", ge=1, le=10_000),
    ] = 2
    smtp_url: Annotated[
        str,
        Meta(
            description="Mail server, smtps://login:password@host:port or smtp://… with STARTTLS. Empty: no e-mail is sent.",
            extra=SECRET,
        ),
    ] = ""
    mail_from: Annotated[str, Meta(description="Sender of e-mail: Name <address>, or the address alone.")] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least grave messages that are logged.")
    ] = "info"
    log_format: Annotated[
        Literal["json", "text"], Meta(description="Logs for programs, a JSON object a line, or for people.")
    ] = "json"
    traces_url: Annotated[
        str,
        Meta(
            description="Collector of traces, OTLP over HTTP: http://127.0.0.1:4318. "
            "Empty: what OTEL_EXPORTER_OTLP_ENDPOINT says, or none are made."
        ),
    ] = ""
    metrics_token: Annotated[
        str, Meta(description="Bearer token of whoever reads /metrics. Empty: there is no such page.", extra=SECRET)
    ] = ""

    def __post_init__(self) -> None:
        home = self.home.absolute()
        host = f"[{self.host}]" if ":" in self.host else self.host
        folders = {"files_dir": home / "files", "plugins_dir": CHECKOUT / "plugins", "packs_dir": CHECKOUT / "tenants"}
        stand_in = {"base_url": f"http://{host}:{self.port}", **folders}
        for name, value in stand_in.items():
            if getattr(self, name) == DEFAULTS[name]:
                msgspec.structs.force_setattr(self, name, value)
        msgspec.structs.force_setattr(self, "home", home)
        msgspec.structs.force_setattr(self, "base_url", self.base_url.rstrip("/"))
        for name in folders:
            msgspec.structs.force_setattr(self, name, getattr(self, name).absolute())

    @property
    def embedded(self) -> bool:
        """No database server is named, so this machine runs its own."""
        return is_embedded({name: getattr(self, name) for name in FIELDS if name.endswith(DATABASE)})

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        values = {name: getattr(self, name) for name in FIELDS}
        return [(name, "•••" if value and _is_secret(FIELDS[name]) else value) for name, value in values.items()]


class Described(NamedTuple):
    """One option as the documentation and `wuji doctor` show it."""

    name: str
    type: str
    default: str
    description: str


def _declared() -> Iterator[inspect.Field]:
    declared = inspect.type_info(Options)
    if isinstance(declared, inspect.StructType):
        yield from declared.fields


FIELDS: Mapping[str, inspect.Field] = {field.name: field for field in _declared()}
DEFAULTS: Mapping[str, Any] = {name: field.default for name, field in FIELDS.items()}


def load(environ: Mapping[str, str]) -> Options:
    """Options from the environment. An empty variable counts as unset. One error names everything that is wrong."""
    given = {_field(name): text for name, text in environ.items() if name.startswith(PREFIX) and text}
    # set for every program of a machine, it must not keep one from starting that cannot trace
    if environ.get(COLLECTOR) and find_spec(TRACER):
        given.setdefault("traces_url", environ[COLLECTOR])
    problems = {name: problem for name, text in given.items() if (problem := _misfit(name, text))}
    options = _convert({name: text for name, text in given.items() if name not in problems})
    for name, depends, problem in contradictions({name: getattr(options, name) for name in FIELDS}):
        if not problems.keys() & depends:
            problems.setdefault(name, problem)
    if problems:
        lines = [f"  {_variable(name)}: {problem}" for name, problem in sorted(problems.items())]
        raise BadOption("\n".join(["These options cannot be used:", *lines]))
    return options


def describe() -> list[Described]:
    """Every option, in the order of its declaration."""
    return [
        Described(_variable(name), _expected(field), str(DEFAULTS[name]), _meta(field).get("description", ""))
        for name, field in FIELDS.items()
    ]


# What one variable must be beside its type; each raises ValueError.
CHECKS: Mapping[str, Callable[[str], object]] = {
    "host": check_host,
    "base_url": check_base_url,
    **dict.fromkeys((name for name in FIELDS if name.endswith("database_url")), check_database_url),
    "seal_key": decode_key,
    "smtp_url": check_smtp_url,
    "mail_from": check_sender,
    "backup_url": check_backup_url,
    "traces_url": check_traces_url,
}


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _field(variable: str) -> str:
    return variable.removeprefix(PREFIX).lower()


def _meta(field: inspect.Field) -> dict[str, Any]:
    kind = field.type
    return (kind.extra_json_schema or {}) if isinstance(kind, inspect.Metadata) else {}


def _is_secret(field: inspect.Field) -> bool:
    return isinstance(field.type, inspect.Metadata) and bool((field.type.extra or {}).get("secret"))


def _expected(field: inspect.Field) -> str:
    kind = field.type.type if isinstance(field.type, inspect.Metadata) else field.type
    match kind:
        case inspect.IntType(ge=lowest, le=highest):
            return f"a whole number from {lowest} to {highest}"
        case inspect.LiteralType(values=words):
            return f"one of {', '.join(map(str, words))}"
        case inspect.CustomType():
            return "a path"
        case _:
            return "text"


def _decode_path(kind: type, text: object) -> object:
    return kind(text)


def _convert(texts: Mapping[str, str]) -> Options:
    return msgspec.convert(texts, Options, strict=False, dec_hook=_decode_path)


def _misfit(name: str, text: str) -> str:
    """What is wrong with one variable taken alone; empty if nothing is."""
    if name not in FIELDS:
        near = difflib.get_close_matches(_variable(name), map(_variable, FIELDS), n=1)
        return f"there is no such option; {f'did you mean {near[0]}?' if near else 'remove it'}"
    try:
        _convert({name: text})
        if name in CHECKS:
            CHECKS[name](text)
        elif name in SCHEMES and split_url(text).scheme not in SCHEMES[name]:
            return f"it must start with one of {', '.join(SCHEMES[name])}"
    except (msgspec.ValidationError, UnicodeError):
        shown = "" if _is_secret(FIELDS[name]) else f"{text[:SHOWN]!r} is not "
        return f"{shown}{_expected(FIELDS[name])}"
    except ValueError as problem:
        return str(problem)
    return ""
