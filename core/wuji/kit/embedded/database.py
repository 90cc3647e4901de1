"""What a server of our own needs before a schema can be put into it."""

import psycopg

from wuji.kit.db.cluster import LOGINS, create_database, database_exists, follower, roles
from wuji.kit.db.engine import plain_url
from wuji.kit.embedded.postgres import DBA, Postgres


def make_database(server: Postgres, name: str) -> bool:
    """Makes the roles with their passwords, and the database unless it is there; returns whether it is new. The server runs."""
    with psycopg.connect(plain_url(server.url(DBA, "postgres")), autocommit=True) as dba:
        roles(dba, server.passwords(LOGINS))
        new = not database_exists(dba, name)
        if new:
            create_database(dba, name)
    return new


def make_follower(server: Postgres, name: str) -> None:
    """Makes the login that follows the server's log of changes, with its password."""
    with psycopg.connect(plain_url(server.url(DBA, "postgres")), autocommit=True) as dba:
        follower(dba, name, server.passwords([name])[name])
