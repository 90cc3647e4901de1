"""`wuji relay`: the relay by itself, where no supervisor of ours runs it."""

import click

from wuji.cli.alone import become
from wuji.cli.program import Program, pass_becoming
from wuji.kit import serve


@click.command()
@pass_becoming
def relay(program: Program) -> None:
    """Run the relay until SIGTERM or Ctrl-C: it follows and seals the journal, rings for jobs, and clears up.

    `wuji start` runs one already.
    """
    become(program.options, serve.relay, "system_database_url")
