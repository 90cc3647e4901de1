"""One program of a deployment by itself, where somebody else's supervisor runs it."""

import os
import sys
from collections.abc import Callable

import click

from wuji.kit.options import Options
from wuji.kit.supervisor import Program


def become(options: Options, made: Callable[[Options], Program], login: str) -> None:
    """Puts the program in this one's place: signals and exit codes are its own, and it holds no login but those it may hold.

    `login` is the option without which it cannot work.
    """
    if not options.embedded and not getattr(options, login):
        raise click.UsageError(f"this command needs WUJI_{login.upper()}")
    program = made(options)
    if program.prepare:
        program.prepare()
    sys.stdout.flush()
    os.execve(program.argv[0], list(program.argv), dict(program.env))  # noqa: S606 - no shell
