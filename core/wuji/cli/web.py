"""`wuji web`: pages and the API by themselves, where no supervisor of ours runs them."""

import click

from wuji.cli.alone import become
from wuji.cli.program import Program, pass_becoming
from wuji.kit import serve


@click.command()
@pass_becoming
def web(program: Program) -> None:
    """Serve pages and the API until SIGTERM or Ctrl-C; requests under way are finished.

    `wuji start` runs one already.
    """
    become(program.options, serve.web, "database_url")
