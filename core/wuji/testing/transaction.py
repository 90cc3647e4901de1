"""One transaction of a bare connection, for tests that speak SQL."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import namedtuple_row

from wuji.kit.db.engine import RESET


class Transaction:
    """Ends with its block, rolled back unless it was committed. `actor` is what the door answered."""

    def __init__(
        self, connection: psycopg.Connection, keep: Callable[[psycopg.Connection], object] = psycopg.Connection.close
    ) -> None:
        """`keep` takes the connection when the block ends, clean as the product's pool would leave it."""
        self.connection = connection
        self._keep = keep
        self.actor: Any = None
        self.error: psycopg.Error | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection.closed:
            return
        self.connection.rollback()
        self.connection.autocommit = True
        self.connection.execute(RESET)
        self.connection.autocommit = False
        self._keep(self.connection)

    def execute(self, statement: str, *values: object) -> psycopg.Cursor[Any]:
        """The statement as it stands; a percent sign is a parameter only where there are values."""
        return self.connection.execute(statement.encode(), values or None)

    def row(self, statement: str, *values: object) -> Any:
        """The first row, its columns by name; None where there is none."""
        return self.connection.cursor(row_factory=namedtuple_row).execute(statement.encode(), values or None).fetchone()

    def one(self, statement: str, *values: object) -> Any:
        row = self.execute(statement, *values).fetchone()
        return row[0] if row else None

    def all(self, statement: str, *values: object) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.execute(statement, *values)]

    def run(self, statement: str, *values: object) -> int:
        """How many rows it touched."""
        return self.execute(statement, *values).rowcount

    def refused(self, statement: str, *values: object) -> str | None:
        """The SQLSTATE it ends with, inside a savepoint; None: it went through."""
        self.error = None
        try:
            with self.connection.transaction():
                self.execute(statement, *values)
        except psycopg.Error as error:
            self.error = error
            return error.sqlstate
        return None

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()
