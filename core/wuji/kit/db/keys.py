"""The two keys of the wall: `scope` is made and kept in the database alone, `seal` is an option that only the program
holds.
"""

from sqlalchemy import Connection, text

from wuji.kit.db.doors import Seal
from wuji.kit.rowsec.functions import run

SCOPE = text("select wuji.key_rotate() where not exists(select from wuji.signing_key where use = 'scope')")
SEAL = text("select wuji.key_put('seal', :key) where not wuji.seal_ok('present', :proof)")


def ensure_keys(connection: Connection, seal: Seal) -> None:
    """Makes the scope key if there is none, and the given seal the one that counts. Runs as wuji_owner, in its
    transaction.
    """
    run(connection, "set local role wuji_definer")
    connection.execute(SCOPE)
    connection.execute(SEAL, {"key": seal.key, "proof": seal.over("present")})
    run(connection, "set local role none")


def rotate_scope_key(connection: Connection) -> None:
    """A new scope key; the one before stays valid for transactions in flight."""
    run(connection, "set local role wuji_definer")
    connection.execute(text("select wuji.key_rotate()"))
    run(connection, "set local role none")
