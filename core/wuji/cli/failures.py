"""What is expected to go wrong where an operator works, said in a sentence; whatever else fails keeps its traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from wuji.backup.programs import BackupError
from wuji.kit.db.startup import WallOpenError
from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.options import BadOption
from wuji.kit.supervisor import AlreadyRunningError

Given = ParamSpec("Given")
SAID = (AlreadyRunningError, BackupError, BadOption, EmbeddedError, WallOpenError)
# A server that is away, full or stopping, a wrong password, a login that may not do it.
AWAY = (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege)
MEND = "`wuji start` runs the embedded server; for one of your own look at WUJI_DATABASE_URL and its sisters."


def explain(error: BaseException) -> str | None:
    """What the operator is told; None for a fault of ours."""
    if isinstance(error, SAID):
        return str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, AWAY):
        return f"PostgreSQL refuses or cannot be reached: {cause}\n{MEND}"
    return None


def plainly(command: Callable[Given, None]) -> Callable[Given, None]:
    """The command, which then ends with what the operator is told and exit code 1."""

    @wraps(command)
    def told(*args: Given.args, **options: Given.kwargs) -> None:
        try:
            command(*args, **options)
        except Exception as error:
            said = explain(error)
            if said is None:
                raise
            raise click.ClickException(said) from error

    return told
