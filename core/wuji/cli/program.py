"""What a command works with: options from the environment, and the three logins, opened only when a command asks for
them.
"""

import getpass
import os
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, TypeVar

import click
from rich.console import Console
from sqlalchemy import Engine

from wuji.cli.failures import plainly
from wuji.installation import find_plugins
from wuji.kit import tracing
from wuji.kit.db.engine import make_engine
from wuji.kit.options import Options, load
from wuji.plugin.plugins import Plugins
from wuji.wall import Logins, find_logins

console = Console(highlight=False)


class Program:
    """One run of the command line, without what it would take to serve."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.environ = environ

    @cached_property
    def options(self) -> Options:
        return load(self.environ)

    @cached_property
    def logins(self) -> Logins:
        return find_logins(self.options)

    @cached_property
    def plugins(self) -> Plugins:
        """Those that are found; whether the database has their schemas is another question."""
        return find_plugins(self.options.plugins_dir)

    @cached_property
    def system(self) -> Engine:
        return self._engine(self.logins.system, "WUJI_SYSTEM_DATABASE_URL")

    @cached_property
    def owner(self) -> Engine:
        return self._engine(self.logins.owner, "WUJI_OWNER_DATABASE_URL")

    def _engine(self, url: str, option: str) -> Engine:
        if not url:
            raise click.UsageError(f"this command needs {option}")
        return make_engine(url, pooled=False)

    @property
    def reason(self) -> str:
        """Who is at the keyboard, for the journal."""
        return f"cli:{os.environ.get('SUDO_USER') or getpass.getuser()}"


Working = TypeVar("Working", bound=Program)
Given = ParamSpec("Given")


def pass_program(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command its program first, says plainly what can be mended, and traces it."""
    return click.make_pass_decorator(Program, ensure=True)(plainly(traced(command)))


def pass_becoming(command: Callable[..., None]) -> Callable[..., None]:
    """The same for a command that another program takes the place of: its span would never end."""
    return click.make_pass_decorator(Program, ensure=True)(plainly(command))


def traced(command: Callable[Concatenate[Working, Given], None]) -> Callable[Concatenate[Working, Given], None]:
    """The command as a span of its own, where a collector takes traces: by its name, never with what it was given."""

    @wraps(command)
    def told(program: Working, /, *args: Given.args, **options: Given.kwargs) -> None:
        tracing.start(program.options, "cli")
        try:
            with tracing.span(f"wuji {click.get_current_context().command_path.partition(' ')[2]}"):
                command(program, *args, **options)
        finally:
            tracing.end()

    return told
