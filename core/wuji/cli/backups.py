"""`wuji db backup`, `restore`, `drill`: what is done before a disk dies, and after."""

from datetime import timedelta
from pathlib import Path

import click

from wuji.backup.drilling import drill as run_drill
from wuji.backup.programs import BackupError, find_programs
from wuji.backup.restoring import complete, restore_files
from wuji.backup.restoring import restore as restore_database
from wuji.backup.sets import BackupSet, newest_set, prune, read_set
from wuji.backup.taking import take_backup
from wuji.cli.program import Program, console, pass_program
from wuji.files.store import FolderStore
from wuji.kit.clock import now
from wuji.kit.embedded.database import make_database
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import secret
from wuji.kit.serve import DATABASE

FOLDER = click.Path(file_okay=False, path_type=Path)


def backups_of(program: Program) -> Path:
    return program.options.home / "backups"


@click.command()
@click.argument("folder", required=False, type=FOLDER)
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many of the newest afterwards.")
@pass_program
def backup(program: Program, folder: Path | None, keep: int | None) -> None:
    """Back up database and files into FOLDER (default: backups/ in WUJI_HOME) while everybody works on."""
    target = folder or backups_of(program)
    programs = find_programs(program.options)
    made = take_backup(programs, owner_url(program), FolderStore(program.options.files_dir), target)
    rows = sum(table.rows for table in made.manifest.tables.values())
    console.print(
        f"{made.path}: {len(made.manifest.tables)} tables, {rows:,} rows, {len(made.manifest.files):,} files.",
        markup=False,
        soft_wrap=True,
    )
    if keep is not None:
        for path in prune(target, keep):
            console.print(f"{path} was removed.", markup=False, soft_wrap=True)


@click.command()
@click.argument("path", type=FOLDER)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_program
def restore(program: Program, path: Path, yes: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Bring the backup in PATH back: into an empty WUJI_HOME, or the empty database that the URLs name."""
    found = read_set(path)
    console.print(
        f"Backup of {found.manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, Wuji {found.manifest.wuji}.", markup=False
    )
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


@click.command()
@click.argument("folder", required=False, type=FOLDER)
@pass_program
def drill(program: Program, folder: Path | None) -> None:
    """Restore the newest backup of FOLDER into a server of its own, compare, and say what a loss would cost now."""
    found = pick(folder or backups_of(program))
    done = run_drill(found, program.logins.seal, program.plugins, now())
    console.print(
        f"{found.path} came back: {done.tables} tables, {done.rows:,} rows, {done.files:,} files, "
        f"{done.records:,} sealed journal records hold.\n"
        f"recovery point {shown(done.recovery_point)}: work since then would be lost now\n"
        f"recovery time  {shown(done.recovery_time)}: on this machine, without finding another one",
        markup=False,
        soft_wrap=True,
    )


def pick(folder: Path) -> BackupSet:
    return read_set(folder) if (folder / "manifest.json").exists() else newest_set(folder)


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
