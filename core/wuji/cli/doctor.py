"""`wuji doctor`: what is wrong with a deployment, and how to mend it."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from urllib.parse import unquote, urlsplit

import click
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from wuji.cli.finding import Finding
from wuji.cli.keeping import find_old_backup, find_unarchived
from wuji.cli.overdue import find_behind, find_late, find_stopped, find_waiting, with_system
from wuji.cli.program import Program, console, pass_program
from wuji.governance.installing import list_noted, list_unready
from wuji.governance.services.packing import list_lying
from wuji.installation import CORE
from wuji.kit.buckets import UNREACHED, connect, counting_url
from wuji.kit.db.doors import Seal, by_system
from wuji.kit.db.engine import make_engine
from wuji.kit.db.migrate import pending
from wuji.kit.db.startup import powers, unwalled
from wuji.kit.options import CHECKOUT
from wuji.kit.rowsec.catalogue import differences
from wuji.kit.serve import broker_url
from wuji.kit.tracing import is_taken
from wuji.plugin.plugins import Plugins
from wuji.wall import declared_wall, functions

MEND = "mend the plugin or ask its author; everything else is served meanwhile"
MENDING = {
    "api": "take a version of the plugin that is made for this release",
    "needs": "install what it needs, or mend that first",
    "import": "install its dependencies; the log has the whole error",
}
LOST = "put it back, or `wuji plugin remove {name}` if its data may go"
OLDEST, SKEW, ROOM = 150000, 5, 1 << 30
SHOWN = 10
REFUSED = "42501"
SEALED = text("select wuji.attempt_begin('{}', '{}', '{}', '{}', :seal)")
LISTENS = text("select wuji.live_floor(1)")
Check = Callable[[Program], Iterator[Finding]]
INDEXED = text("select (select count(*) from wuji.tenant), wuji.search_count('tenant')")


@click.command()
@click.option(
    "--functions", "list_functions", is_flag=True, help="Also list the definer functions and who may call them."
)
@click.option("--backups", help="Where backups lie, if not where WUJI_BACKUP_URL says.")
@pass_program
def doctor(program: Program, list_functions: bool, backups: str | None) -> None:  # noqa: FBT001 - click passes flags so
    """Say what is wrong with this deployment and how to mend it; exit code 1 if anything is."""
    wrong = 0
    kept = {"backup": find_old_backup, "archive": find_unarchived}
    stored = {title: partial(check, where=backups) for title, check in kept.items()}
    checks: dict[str, Check] = {**CHECKS, **stored, _traced(program): _traces}
    for title, check in checks.items():
        try:
            found = list(check(program))
        except (DBAPIError, OSError) as error:
            found = [
                Finding(
                    f"{type(error).__name__}: {str(error).splitlines()[0]}",
                    "mend what stands above first, then run again",
                )
            ]
        wrong += len(found)
        console.print(f"[green]✓[/] {title}" if not found else f"[red]✗[/] {title}")
        for finding in found:
            console.print(f"    {finding.what}\n    → {finding.mend}", markup=False)
    if list_functions:
        for function in sorted(functions(), key=lambda f: f.name):
            if function.definer:
                console.print(
                    f"  {function.name}({', '.join(function.args)}): {', '.join(function.to) or 'definer functions only'}"
                )
    if wrong:
        raise click.exceptions.Exit(1)


def _traced(program: Program) -> str:
    """Where traces go: that none do is no fault."""
    return f"traces, sent to {program.options.traces_url}" if program.options.traces_url else "traces, none are made"


def _traces(program: Program) -> Iterator[Finding]:
    url = program.options.traces_url
    if url and not is_taken(url):
        yield Finding(
            f"no collector takes traces at {url}",
            "start it, or mend WUJI_TRACES_URL and OTEL_EXPORTER_OTLP_HEADERS; everything else goes on meanwhile",
        )


def _app(program: Program, check: Callable[[Connection], Iterator[Finding]]) -> Iterator[Finding]:
    if not program.logins.app:
        yield Finding("WUJI_DATABASE_URL is empty", "set it, or leave all database URLs empty for the embedded server")
        return
    with make_engine(program.logins.app, pooled=False).connect() as connection:
        yield from check(connection)


def _server(connection: Connection) -> Iterator[Finding]:
    version = connection.execute(text("show server_version_num")).scalar_one()
    if int(version) < OLDEST:
        yield Finding(
            f"PostgreSQL {version} is older than 15", "move to a supported release: row security needs what 15 has"
        )


def _clock(connection: Connection) -> Iterator[Finding]:
    theirs: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > SKEW:
        yield Finding(
            f"this machine's clock and the database's are {apart:.0f} s apart", "let both follow the same time server"
        )


def _login(connection: Connection) -> Iterator[Finding]:
    for line in powers(connection):
        yield Finding(line, "let WUJI_DATABASE_URL name wuji_app as `wuji db init` makes it, nobody more powerful")


def _wall(program: Program) -> Iterator[Finding]:
    yield from _app(program, lambda connection: _differences(connection, program.plugins))


def _differences(connection: Connection, plugins: Plugins) -> Iterator[Finding]:
    served = plugins.without(list_unready(connection, plugins))
    for line in [*unwalled(connection), *differences(connection, declared_wall(served))][:SHOWN]:
        yield Finding(line, "`wuji db upgrade` writes policies, functions and grants anew; find out who changed them")


def _revisions(program: Program) -> Iterator[Finding]:
    url = program.logins.owner
    if url:
        with make_engine(url, pooled=False).connect() as connection:
            for name in pending(connection, CORE):
                yield Finding(f"revision {name} is pending", "`wuji db upgrade`, then restart")


def _plugins(program: Program) -> Iterator[Finding]:
    for one in program.plugins.quarantined:
        yield Finding(f"plugin {one.id} is not served ({one.cause}): {one.detail}", MENDING.get(one.cause, MEND))
    yield from _app(program, lambda connection: _installed(connection, program.plugins))


def _installed(connection: Connection, plugins: Plugins) -> Iterator[Finding]:
    for one in list_unready(connection, plugins):
        yield Finding(f"plugin {one.id} is not served", one.detail)
    known = {*plugins.by_id, *(one.id for one in plugins.quarantined)}
    for name, fault, at in list_noted(connection):
        if name not in known:
            yield Finding(f"plugin {name} is in the database, but not on this machine", LOST.format(name=name))
        elif fault:
            yield Finding(f"plugin {name} failed in {fault['hook']} at {at:%Y-%m-%d %H:%M} UTC: {fault['said']}", MEND)


def _system(program: Program) -> Iterator[Finding]:
    if not program.logins.system:
        return
    with make_engine(program.logins.system, pooled=False).connect() as connection:
        by_system().open(connection)
    yield from ()


def _live(program: Program) -> Iterator[Finding]:
    if not program.logins.live:
        return
    with make_engine(program.logins.live, pooled=False).connect() as connection:
        for line in powers(connection):
            yield Finding(
                line, "let WUJI_LIVE_DATABASE_URL name wuji_live as `wuji db init` makes it, nobody more powerful"
            )
        connection.execute(LISTENS)


def _search(program: Program) -> Iterator[Finding]:
    if not program.logins.system:
        return
    with make_engine(program.logins.system, pooled=False).connect() as connection:
        rows, documents = connection.execute(INDEXED).one()
    if rows != documents:
        yield Finding(
            f"search knows {documents:,} of {rows:,} tenants",
            "`wuji search verify` compares, `wuji search reindex` mends",
        )


def _seal(program: Program) -> Iterator[Finding]:
    yield from _app(program, lambda connection: _sealed(connection, program.logins.seal))


def _sealed(connection: Connection, seal: Seal) -> Iterator[Finding]:
    """Counts a try against nothing, which only the program's own seal may."""
    try:
        connection.execute(SEALED, {"seal": seal.over("attempt_begin", [])})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != REFUSED:
            raise
        yield Finding(
            "WUJI_SEAL_KEY is not the one the database knows", "set the same key everywhere, then `wuji db upgrade`"
        )


def _broker(program: Program) -> Iterator[Finding]:
    parts = urlsplit(broker_url(program.options))
    try:
        if parts.path and not parts.hostname:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(SKEW)
                client.connect(unquote(parts.path))
        else:
            socket.create_connection((parts.hostname or "", parts.port or 6379), timeout=SKEW).close()
    except OSError as error:
        yield Finding(f"the broker does not answer: {error}", "start it, or mend WUJI_BROKER_URL")


def _limits(program: Program) -> Iterator[Finding]:
    options = program.options
    url = counting_url(options.limits_url or broker_url(options))
    if not options.rate_limits:
        return
    if not url:
        yield Finding("a RabbitMQ cannot count calls", "name a Valkey in WUJI_LIMITS_URL, or set WUJI_RATE_LIMITS=0")
        return
    try:
        with connect(url) as client:
            client.ping()
    except UNREACHED as error:
        yield Finding(
            f"Valkey does not count calls: {error}",
            "start it, or mend WUJI_LIMITS_URL; until then only logins and joining are limited",
        )


def _files(program: Program) -> Iterator[Finding]:
    folder = program.options.files_dir
    if folder.exists() and not os.access(folder, os.W_OK):
        yield Finding(f"{folder} cannot be written", "give it to the user that web runs as, or set WUJI_FILES_DIR")
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if shutil.disk_usage(nearest).free < ROOM:
        yield Finding(f"less than 1 GiB is free where {folder} lies", "make room before uploads and exports fail")


def _packs(program: Program) -> Iterator[Finding]:
    folder = program.options.packs_dir
    if not os.access(folder, os.R_OK | os.X_OK):
        yield Finding(f"{folder} cannot be read", "make it, give it to web and the worker, or set WUJI_PACKS_DIR")
        return
    for pack in list_lying(folder):
        if pack.code is None:
            yield Finding(
                f"{pack.folder} holds no pack that can be read", "`wuji tenant apply --dry-run` names what is wrong"
            )


def _pages(program: Program) -> Iterator[Finding]:
    del program
    if not (CHECKOUT / "frontend" / "dist" / "shared.json").exists():
        yield Finding("the front end is not built", "`make demo` builds it")


CHECKS: dict[str, Check] = {
    "database server": lambda program: _app(program, _server),
    "clock": lambda program: _app(program, _clock),
    "login of web": lambda program: _app(program, _login),
    "wall": _wall,
    "revisions": _revisions,
    "plugins": _plugins,
    "login of the relay": _system,
    "login of live updates": _live,
    "programs": find_stopped,
    "jobs": lambda program: with_system(program, find_waiting),
    "consumers": lambda program: with_system(program, find_behind),
    "schedules": lambda program: with_system(program, find_late),
    "seal": _seal,
    "search": _search,
    "broker": _broker,
    "rate limits": _limits,
    "files": _files,
    "packs": _packs,
    "pages": _pages,
}
