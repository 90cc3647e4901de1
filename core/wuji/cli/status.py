"""`wuji status`: how a deployment fares, while anything of it may be down."""

from contextlib import suppress
from datetime import datetime

import click
import msgspec
from rich.table import Table
from sqlalchemy import Connection, make_url, text

from wuji.backup.archiving import read_reached
from wuji.backup.places import open_shelf
from wuji.backup.programs import BackupError
from wuji.backup.sets import NoBackupError, find_set
from wuji.cli.backups import backups_of
from wuji.cli.failures import explain
from wuji.cli.program import Program, console, pass_program
from wuji.kit.clock import local, now
from wuji.kit.db.doors import by_system
from wuji.kit.db.engine import make_engine
from wuji.kit.supervisor import find_record

PATIENCE = "5"  # seconds
CONSUMERS = text("select name, lag_seconds, unread, paused, set_aside from wuji.consumer_list()")
JOBS = text("select state, count(*) as n from wuji.job where due_at is not null group by state order by state")
SEALED = text("select moved_at from wuji.consumer where name = 'journal.seal'")


class Process(msgspec.Struct, frozen=True):
    """One program of the supervisor; without `pid` it waits to be started again."""

    role: str
    pid: int | None
    started_at: datetime
    restarts: int


class Following(msgspec.Struct, frozen=True):
    """One consumer of the journal: `lag` in seconds, of the oldest record it has not read; 0 where it has read all."""

    name: str
    lag: float
    paused: bool
    unread: int
    set_aside: int


class Status(msgspec.Struct, kw_only=True):
    """What `wuji status --json` prints. What cannot be known just now is null, and `problems` says why."""

    at: datetime
    processes: list[Process]
    consumers: list[Following] | None = None
    jobs: dict[str, int] | None = None
    last_seal_at: datetime | None = None
    last_backup_at: datetime | None = None
    last_archived_at: datetime | None = None
    problems: list[str] = msgspec.field(default_factory=list)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--backups", help="Where backups lie, if not where WUJI_BACKUP_URL says.")
@pass_program
def status(program: Program, *, as_json: bool, backups: str | None) -> None:
    """Say which programs run, how far the journal is followed, and what waits."""
    found = look(program, backups or backups_of(program))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        show(found)


def look(program: Program, backups: str) -> Status:
    """Asks each part by itself: what is down keeps nothing else from being said."""
    record = find_record(program.options.home)
    programs = record.programs if record else {}
    found = Status(
        at=now(), processes=[Process(role, one.pid, one.started_at, one.restarts) for role, one in programs.items()]
    )
    if record is None:
        found.problems.append("no supervisor runs on this WUJI_HOME")
    _read_database(program, found)
    try:
        _read_backups(program, backups, found)
    except BackupError as error:
        found.problems.append(str(error))
    return found


def _read_backups(program: Program, backups: str, found: Status) -> None:
    if program.options.replication_database_url:
        reached = read_reached(open_shelf(backups))
        found.last_archived_at = reached.at if reached else None
    with suppress(NoBackupError):  # that none was taken is no fault of what runs
        found.last_backup_at = find_set(backups).manifest.taken_at


def _read_database(program: Program, found: Status) -> None:
    try:
        url = make_url(program.logins.system).update_query_dict({"connect_timeout": PATIENCE})
        with make_engine(url.render_as_string(hide_password=False), pooled=False).connect() as connection:
            by_system().open(connection)
            _read(connection, found)
    except Exception as error:
        said = explain(error)
        if said is None:
            raise
        found.problems.append(said.splitlines()[0])


def _read(connection: Connection, found: Status) -> None:
    found.consumers = [
        Following(name, round(lag or 0.0, 3), paused, unread, set_aside)
        for name, lag, unread, paused, set_aside in connection.execute(CONSUMERS)
    ]
    found.jobs = {row.state: row.n for row in connection.execute(JOBS)}
    found.last_seal_at = connection.execute(SEALED).scalar()


def show(found: Status) -> None:
    """For people."""
    programs = Table("program", "process", "since", "started again")
    for one in found.processes:
        programs.add_row(one.role, str(one.pid or "—"), _time(one.started_at), str(one.restarts))
    console.print(programs)
    if found.consumers is not None:
        consumers = Table("reads the journal", "behind", "not read", "set aside")
        for following in found.consumers:
            behind = "paused" if following.paused else f"{following.lag:.1f} s"
            consumers.add_row(following.name, behind, str(following.unread), str(following.set_aside))
        console.print(consumers)
    if found.jobs is not None:
        console.print("jobs: " + (", ".join(f"{count} {state}" for state, count in found.jobs.items()) or "none"))
    console.print(f"last seal: {_time(found.last_seal_at)}; last backup: {_time(found.last_backup_at)}")
    if found.last_archived_at:
        console.print(f"log of changes archived until {_time(found.last_archived_at)}")
    for problem in found.problems:
        console.print(f"[red]✗[/] {problem}", soft_wrap=True)


def _time(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M:%S}" if moment else "never"
