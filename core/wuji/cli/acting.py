"""What a command works with that reads or changes rows as web does: the program itself, wired."""

from collections.abc import Callable
from functools import cached_property

import click

from wuji.assembly import open_deployment
from wuji.cli.failures import plainly
from wuji.cli.program import Program, traced
from wuji.kit.deployment import Deployment


class ActingProgram(Program):
    """One run of the command line that acts."""

    @cached_property
    def deployment(self) -> Deployment:
        """As web has it: refuses an open wall."""
        return open_deployment(self.options, self.logins)


def pass_acting(command: Callable[..., None]) -> Callable[..., None]:
    """As pass_program."""
    return click.make_pass_decorator(ActingProgram, ensure=True)(plainly(traced(command)))
