"""Connections. What a login could change about itself is pinned in the connection's options, which win over a role's own
defaults.
"""

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolResetState

PINNED = (
    "-c search_path=pg_catalog -c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
    "-c default_transaction_read_only=off -c timezone=UTC"
)


# DISCARD ALL but for DISCARD PLANS: plans of the doors' functions stay, or every request would plan them anew (1.7 ms
# instead of 0.4). Such a plan holds no scope, and one that did would be refused (rowsec's scope_is).
RESET = (
    "close all; set session authorization default; reset all; deallocate all; unlisten *; "
    "select pg_catalog.pg_advisory_unlock_all(); discard temp; discard sequences"
)


def make_engine(url: str, *, pool_size: int = 5, pooled: bool = True, options: str = PINNED) -> Engine:
    """An engine whose connections carry nothing over from one request to the next."""
    # prepare_threshold=None: a generic plan is fitted to the first tenant's range and can be 10,000 times slow for
    # the next one.
    arguments = {"prepare_threshold": None, "options": options}
    if not pooled:
        return create_engine(url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
    engine = create_engine(
        url,
        connect_args=arguments,
        pool_reset_on_return=None,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,  # an error is logged, and what was bound may be somebody's telephone number
    )
    event.listen(engine, "reset", _discard)
    return engine


def plain_url(url: str) -> str:
    """The same for libpq and its programs, which know of no drivers."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _discard(connection: DBAPIConnection, _entry: ConnectionPoolEntry, state: PoolResetState) -> None:
    """Session-level SET, held cursors, LISTEN, advisory locks, prepared statements: whatever SQL left behind ends here."""
    if state.terminate_only:
        return
    connection.rollback()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(RESET)
    cursor.close()
    connection.autocommit = False
