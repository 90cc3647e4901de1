"""Errors of the database that pass by themselves: what failed is tried again as it was, and no record is to blame."""

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# 08 connection, 53 resources, 57P01..57P05 the server stops, starts or drops us. Not 57014, which is a statement's own timeout.
AWAY = ("08", "53", "57P")
# Two transactions that could not both be: serialization, deadlock, a lock that was not free in time.
BUSY = ("40001", "40P01", "55P03")


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached or left, as opposed to refusing a statement."""
    if isinstance(error, psycopg.OperationalError):  # of a connection that no engine stands before
        return error.sqlstate is None or error.sqlstate.startswith(AWAY)
    if not isinstance(error, DBAPIError):
        return False
    state = _sqlstate(error)
    if state is None:  # the driver itself gave up: on the connection, or on a value that no statement can carry
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return error.connection_invalidated or state.startswith(AWAY)


def is_passing(error: Exception) -> bool:
    """Whether the same may well succeed in a moment."""
    return is_away(error) or (isinstance(error, DBAPIError) and _sqlstate(error) in BUSY)


def _sqlstate(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state
