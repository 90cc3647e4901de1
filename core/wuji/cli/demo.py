"""`wuji demo`: a whole deployment with something in it, on this machine."""

import os

import click

from wuji.cli.acting import ActingProgram
from wuji.cli.demo_data import fill, show_people
from wuji.cli.failures import plainly
from wuji.cli.start import hand_over, prepare


@click.command()
@plainly
def demo() -> None:
    """Run a whole deployment with demo data on this machine; everything lies in WUJI_HOME."""
    program = ActingProgram({**os.environ, "WUJI_MODE": "demo"})
    prepare(program.options)
    fill(program)
    show_people()
    hand_over(program.options)
