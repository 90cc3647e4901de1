"""`wuji archive`: the archive by itself, where no supervisor of ours runs it."""

import click

from wuji.cli.alone import become
from wuji.cli.program import Program, pass_becoming
from wuji.kit import serve


@click.command()
@pass_becoming
def archive(program: Program) -> None:
    """Run the archive until SIGTERM or Ctrl-C.

    It brings the server's log of changes to where backups lie, every minute.
    `wuji start` runs one already, where WUJI_REPLICATION_DATABASE_URL is set.
    """
    if not program.options.replication_database_url:
        raise click.UsageError("this command needs WUJI_REPLICATION_DATABASE_URL")
    become(program.options, serve.archive, "replication_database_url")
