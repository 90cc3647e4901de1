"""`wuji worker`: the worker by itself, where no supervisor of ours runs it."""

import click

from wuji.cli.alone import become
from wuji.cli.program import Program, pass_becoming
from wuji.kit import serve


@click.command()
@pass_becoming
def worker(program: Program) -> None:
    """Do jobs until SIGTERM or Ctrl-C; those under way are finished, and those cut off by a second one are done again.

    `wuji start` runs one already.
    """
    become(program.options, serve.worker, "database_url")
