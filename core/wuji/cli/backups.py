"""`wuji db backup`, `restore`, `drill`: what is done before a disk dies, and after."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from wuji.backup.drilling import drill as run_drill
from wuji.backup.drilling import drill_base
from wuji.backup.places import open_shelf
from wuji.backup.programs import BackupError, find_programs
from wuji.backup.recovering import find_base, restore_server
from wuji.backup.restoring import complete, restore_files
from wuji.backup.restoring import restore as restore_database
from wuji.backup.sets import find_set, prune
from wuji.backup.taking import Source, take_backup
from wuji.cli.program import Program, console, pass_program
from wuji.files.store import FolderStore
from wuji.kit.clock import now
from wuji.kit.embedded.database import make_database
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import secret
from wuji.kit.serve import DATABASE, replication_url


class Moment(click.ParamType[datetime]):
    """As ISO 8601 has it; without an offset it is UTC, whatever this machine's zone."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            given = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} does not read 2026-11-22T20:15:00", param, ctx)
        return given if given.tzinfo else given.replace(tzinfo=UTC)


MOMENT = Moment()


def backups_of(program: Program) -> str:
    return program.options.backup_url or str(program.options.home / "backups")


@click.command()
@click.argument("where", required=False)
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many of the newest afterwards.")
@pass_program
def backup(program: Program, where: str | None, keep: int | None) -> None:
    """Back up database and files to WHERE (default: WUJI_BACKUP_URL) while everybody works on: a folder, or s3://bucket/prefix."""
    shelf = open_shelf(where or backups_of(program))
    made = take_backup(
        Source(
            programs=find_programs(program.options),
            owner_url=owner_url(program),
            files=FolderStore(program.options.files_dir),
            replication_url=replication_url(program.options),
            reason=program.reason,
        ),
        shelf,
    )
    rows = sum(table.rows for table in made.manifest.tables.values())
    tell(f"{made.address}: {len(made.manifest.tables)} tables, {rows:,} rows, {len(made.manifest.files):,} files.")
    if made.manifest.base:
        tell(f"The whole server too, {made.manifest.base.size:,} bytes, and its log of changes behind it.")
    if keep is not None:
        for address in prune(shelf, keep):
            tell(f"{address} was removed.")


@click.command()
@click.argument("where", required=False)
@click.option(
    "--at", type=MOMENT, help="A moment (UTC, or with an offset): the whole server as it was then, into --into."
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="A new folder for that server.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_program
def restore(program: Program, where: str | None, *, at: datetime | None, into: Path | None, yes: bool) -> None:
    """Bring back the backup WHERE, or the newest of a place (default: WUJI_BACKUP_URL): into an empty WUJI_HOME, or the empty
    database of the URLs.
    """
    if (at is None) != (into is None):
        raise click.UsageError("--at and --into belong together: a moment, and the folder for the server of then")
    if at and into:
        restore_to(program, where or backups_of(program), at, into)
    else:
        restore_dump(program, where or backups_of(program), yes=yes)


def restore_dump(program: Program, where: str, *, yes: bool) -> None:
    found = find_set(where)
    tell(f"Backup {found.address} of {found.manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, Wuji {found.manifest.wuji}.")
    if not yes:
        click.confirm(
            f"Restore it into {program.options.home if program.options.embedded else 'the database of the URLs'}?",
            abort=True,
        )
    if program.options.embedded:
        make_room(program)
    restore_database(find_programs(program.options), owner_url(program), found)
    complete(program.owner, owner_url(program), program.logins.seal, program.plugins)
    restore_files(found, FolderStore(program.options.files_dir))
    console.print(
        "It came back as it was. `wuji journal verify` and `wuji search verify` say the same of what is in it."
    )


def restore_to(program: Program, where: str, at: datetime, into: Path) -> None:
    """Nothing that runs is touched: it becomes the server's place once somebody puts it there."""
    if into.exists() and any(into.iterdir()):
        raise BackupError(f"{into} is not empty: name a new folder")
    found = find_base(open_shelf(where), at)
    tell(f"From {found.address}, with the log of changes until {at:%Y-%m-%d %H:%M:%S %Z} …")
    data = restore_server(found, into, at, owner_url(program), FolderStore(program.options.files_dir))
    tell(
        f"{data} is the server as it was then, stopped: give it to the user that PostgreSQL runs as, start PostgreSQL "
        f"{found.manifest.postgres.split('.')[0]} on it, then `wuji db upgrade`. Files lie in {program.options.files_dir}."
    )


@click.command()
@click.argument("where", required=False)
@pass_program
def drill(program: Program, where: str | None) -> None:
    """Restore the newest backup of WHERE into a server of its own, compare, and say what a loss would cost now."""
    found = find_set(where or backups_of(program))
    done = run_drill(found, program.logins.seal, program.plugins, now())
    tell(
        f"{found.address} came back: {done.tables} tables, {done.rows:,} rows, {done.files:,} files, "
        f"{done.records:,} sealed journal records hold.\n"
        f"recovery point {shown(done.recovery_point)}: work since then would be lost now\n"
        f"recovery time  {shown(done.recovery_time)}: on this machine, without finding another one"
    )
    if found.manifest.base:
        drilled = drill_base(found, owner_url(program), program.logins.system, now())
        same = (
            "nobody was still to compare with"
            if drilled.compared is None
            else f"{drilled.compared:,} rows are the same"
        )
        tell(
            f"The whole server came back too, with its log of changes: {same}, {drilled.records:,} sealed records hold.\n"
            f"recovery point {shown(drilled.recovery_point)}\n"
            f"recovery time  {shown(drilled.recovery_time)}"
        )


def tell(said: str) -> None:
    """Names of places in one piece, whatever the width of the terminal."""
    console.print(said, markup=False, soft_wrap=True)


def make_room(program: Program) -> None:
    """A server for a WUJI_HOME that has no database yet."""
    server = Postgres(program.options.home)
    server.start()
    secret(program.options.home, "seal")
    if not make_database(server, DATABASE):
        raise BackupError(f"{program.options.home} has a database already: name an empty folder in WUJI_HOME")


def owner_url(program: Program) -> str:
    if not program.logins.owner:
        raise click.UsageError("this command needs WUJI_OWNER_DATABASE_URL")
    return program.logins.owner


def shown(span: timedelta) -> str:
    """In whole seconds: 1 day, 2:03:04."""
    return str(timedelta(seconds=round(span.total_seconds())))
