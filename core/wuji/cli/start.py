"""`wuji start`: making a deployment run on this machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from wuji.cli.program import Program, console, pass_becoming
from wuji.installation import find_plugins, install
from wuji.kit.db.engine import make_engine
from wuji.kit.embedded.database import make_database, make_follower
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import secret
from wuji.kit.options import Options
from wuji.kit.serve import DATABASE, replication_login
from wuji.kit.supervisor import AlreadyRunningError, find_record, free_port
from wuji.wall import find_logins


@click.command()
@pass_becoming
def start(program: Program) -> None:
    """Run web, worker, relay and whatever servers the options do not name, under one supervisor."""
    prepare(program.options)
    hand_over(program.options)


def prepare(options: Options) -> None:
    """Makes what is missing: servers of our own, database, schema. Quick where all is there."""
    running = find_record(options.home)
    if running:
        raise AlreadyRunningError(f"A deployment already runs in {options.home}, process {running.pid}.")
    if not options.embedded:
        return
    server = Postgres(options.home)
    with step("PostgreSQL"):
        server.start()
        secret(options.home, "seal")
    with step("Schema"):
        make_database(server, DATABASE)
        if follower := replication_login(options):
            make_follower(server, follower)
        logins = find_logins(options)
        owner = make_engine(logins.owner, pooled=False)
        failed = install(owner, logins.seal, find_plugins(options.plugins_dir))
        owner.dispose()
    for one in failed:
        console.print(f"Plugin {one.id} is not served: {one.detail}", markup=False)


def hand_over(options: Options, *beside: str) -> None:
    """Becomes the supervisor: this process imports far more than a supervisor should keep in memory. `beside`: further programs,
    as it takes them.
    """
    port = free_port(options.host, options.port)
    if port != options.port:
        console.print(f"Port {options.port} is taken; using {port}.")
    environment = {**os.environ, "WUJI_MODE": options.mode, "WUJI_PORT": str(port), "WUJI_HOME": str(options.home)}
    console.print("Starting web, worker and relay …")
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "wuji.kit.serve", *beside], environment)  # noqa: S606 - no shell


@contextmanager
def step(title: str) -> Iterator[None]:
    """A line that moves while something takes long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=1)
        yield
        progress.update(task, completed=1)
