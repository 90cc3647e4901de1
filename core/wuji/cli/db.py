"""`wuji db …`: what the owner's login is for."""

from secrets import token_urlsafe

import click
import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from wuji.cli.backups import backup, drill, restore
from wuji.cli.program import Program, console, pass_program
from wuji.governance.installing import as_definer, list_unready
from wuji.installation import CORE, install
from wuji.kit.db.cluster import create_database, database_exists, follower, roles
from wuji.kit.db.keys import rotate_scope_key
from wuji.kit.db.migrate import pending
from wuji.kit.rowsec.catalogue import differences
from wuji.wall import declared_wall

LIVE = "wuji_live"


def _install(program: Program) -> None:
    """The core and every plugin that is found; says which plugins failed, and ends with 1 then."""
    failed = install(program.owner, program.logins.seal, program.plugins)
    for one in failed:
        console.print(f"plugin {one.id} was left as it is: {one.detail}", markup=False)
    if failed:
        raise click.exceptions.Exit(1)


def _read_url(_context: click.Context, _option: click.Parameter, given: str) -> URL:
    try:
        return make_url(given).set(drivername="postgresql")
    except ArgumentError:
        raise click.BadParameter("give it as postgresql://LOGIN:PASSWORD@HOST/postgres") from None


def _live_password(program: Program) -> str:
    """Without a URL nobody comes with that login, which must be there all the same: functions are granted to it."""
    url = program.logins.live
    return (make_url(url).password if url else None) or token_urlsafe(32)


def _make_follower(connection: psycopg.Connection, url: str) -> None:
    """Everything else is done without it: its absence is said, and stops only backups of the whole server."""
    if not url:
        return
    parsed = make_url(url)
    try:
        follower(connection, parsed.username or "", parsed.password or "")
    except psycopg.errors.InsufficientPrivilege:
        console.print(
            f"{parsed.username} was not made: the login of --admin-url may not replicate. As a superuser: "
            f"create role {parsed.username} login replication password '…'",
            markup=False,
            soft_wrap=True,
        )


@click.group()
def db() -> None:
    """Make, upgrade, check, back up and restore the database."""


@db.command()
@click.option(
    "--admin-url",
    required=True,
    callback=_read_url,
    help="A login with CREATEROLE and CREATEDB; used once, never kept.",
)
@pass_program
def init(program: Program, admin_url: URL) -> None:
    """Make roles and database on a server of your own, then everything in it. No superuser is needed."""
    urls = [make_url(url) for url in (program.logins.owner, program.logins.app, program.logins.system)]
    name = urls[0].database or "wuji"
    with psycopg.connect(admin_url.render_as_string(hide_password=False), autocommit=True) as connection:
        passwords = {url.username or "": url.password or "" for url in urls}
        roles(connection, {**passwords, LIVE: _live_password(program)})
        if not database_exists(connection, name):
            create_database(connection, name)
        _make_follower(connection, program.options.replication_database_url)
    _install(program)
    console.print(f"Database {name} is ready.")


@db.command()
@pass_program
def upgrade(program: Program) -> None:
    """Bring schema, functions, built-in roles and keys to this release. Upgrade first, restart second."""
    _install(program)
    console.print("The database is what this release writes.")


@db.command()
@pass_program
def check(program: Program) -> None:
    """Say what differs between the database and this release; exit code 1 if anything does."""
    with program.owner.connect() as connection:
        found = [f"revision {name} is pending" for name in pending(connection, CORE)]
        with as_definer(connection):
            unready = list_unready(connection, program.plugins)
        found += [f"plugin {one.id}: {one.detail}" for one in unready]
        found += differences(connection, declared_wall(program.plugins.without(unready)))
    for line in found:
        console.print(line, markup=False, soft_wrap=True)
    if found:
        raise click.exceptions.Exit(1)
    console.print("The wall stands: schema, policies, functions, triggers and grants are what this release writes.")


@db.command("rotate-key")
@pass_program
def rotate_key(program: Program) -> None:
    """Sign scopes with a new key from now on; requests in flight are not disturbed."""
    with program.owner.begin() as connection:
        rotate_scope_key(connection)
    console.print("Scopes are signed with a new key.")


for command in (backup, restore, drill):
    db.add_command(command)
