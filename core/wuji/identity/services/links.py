"""One-time links, from the side of whoever received one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from wuji.identity.passwords import check_password, hash_password
from wuji.kit.crypto import token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem

FIND = text("select * from wuji.link_find(:token_hash)")
REDEEM = text("select wuji.link_redeem(:token_hash, :secret, :seal)")


def get_link(session: ScopedSession, token: str) -> Mapping[str, Any]:
    """Whom the link is for. Raises 404, the same for absent, used and over."""
    found = session.execute(FIND, {"token_hash": token_hash(token)}).mappings().first()
    if found is None:
        raise Problem("identity.link_over", 404)
    return dict(found)


def redeem_link(session: ScopedSession, seal: Seal, token: str, password: str) -> None:
    """Sets the password and ends every session of the account; of two at once one wins, the other gets the 404."""
    found = get_link(session, token)
    check_password(password, found["login"], "#/password", strict=found["strict"])
    session.commit()  # nothing is held while argon2 works
    hashed, secret = token_hash(token), hash_password(password)
    sealed = seal.over("link_redeem", hashed, secret)
    if session.execute(REDEEM, {"token_hash": hashed, "secret": secret, "seal": sealed}).scalar_one() is None:
        raise Problem("identity.link_over", 404)
