"""Keys that tokens are signed with: published a day before they sign, so that whoever keeps a copy of the list has them by then,
and for two days after the last signature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from sqlalchemy import text

from wuji.kit.db.doors import Seal, by_public
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Problem
from wuji.kit.sealing import Vault

ALGORITHMS = ("ES256", "RS256")  # RS256: OpenID Connect Core, 15.1, asks for it, and dynamic clients expect it
BEFORE, AFTER = timedelta(hours=24), timedelta(hours=48)
PURPOSE = "oauth key"
ALL = text("select * from wuji.oauth_keys(:seal)")
ADD = text("select wuji.oauth_key_add(:kid, :alg, :generation, cast(:public as jsonb), :private, :signs_from, :seal)")
DROP = text("select wuji.oauth_key_drop(:kids, :seal)")


@dataclass(frozen=True)
class Key:
    """A pair of keys; `ends_at`: from when the next of its algorithm signs."""

    kid: str
    alg: str
    generation: int
    public: Mapping[str, Any]
    private: bytes = field(repr=False)
    published_at: datetime
    signs_from: datetime
    ends_at: datetime | None

    def state(self, moment: datetime) -> str:
        """next, active, retired (still published), or gone."""
        if moment < self.signs_from:
            return "next"
        if self.ends_at is None or moment < self.ends_at:
            return "active"
        return "retired" if moment < self.ends_at + AFTER else "gone"


def list_keys(session: ScopedSession, seal: Seal) -> list[Key]:
    """Every key, by algorithm and age."""
    rows = session.execute(ALL, {"seal": seal.over("oauth_keys")}).mappings().all()
    later = {(row["alg"], row["generation"] - 1): row["signs_from"] for row in rows}
    known = (row for row in rows if row["alg"] in ALGORITHMS)  # the next release may know more
    return [Key(**row, ends_at=later.get((row["alg"], row["generation"]))) for row in known]


def get_keys(deployment: Deployment) -> list[Key]:
    """The same in transactions of its own. Where there is none yet the first are made, and sign at once."""
    with deployment.work(by_public(None), read_only=True) as session:
        keys = list_keys(session, deployment.seal)
    missing = set(ALGORITHMS) - {key.alg for key in keys}
    if not missing:
        return keys
    with deployment.work(by_public(None)) as session:
        for alg in sorted(missing):
            add_key(session, deployment, alg, 1, deployment.clock())
        return list_keys(session, deployment.seal)


def add_key(session: ScopedSession, deployment: Deployment, alg: str, generation: int, signs_from: datetime) -> bool:
    """Makes the key of that generation; False where somebody else just did."""
    made = ECKey.generate_key("P-256") if alg == "ES256" else RSAKey.generate_key(2048)
    kid = made.thumbprint()  # RFC 7638
    private = msgspec.json.encode(made.as_dict(private=True)).decode()
    public = {**made.as_dict(private=False), "kid": kid, "alg": alg, "use": "sig"}
    values = {
        "kid": kid,
        "alg": alg,
        "generation": generation,
        "public": msgspec.json.encode(public).decode(),
        "private": Vault(deployment.seal, PURPOSE).close(kid, private),
        "signs_from": signs_from,
        "seal": deployment.seal.over("oauth_key_add", kid, alg, generation),
    }
    added: bool = session.execute(ADD, values).scalar_one()
    return added


def rotate_keys(session: ScopedSession, deployment: Deployment) -> list[Key]:
    """Publishes the next key of each algorithm, which signs a day later; takes away what nobody needs any more.

    Raises 409 where a next one waits already.
    """
    moment, keys = deployment.clock(), list_keys(session, deployment.seal)
    if any(key.state(moment) == "next" for key in keys):
        raise Problem("identity.oauth_key_waits", 409)
    for alg in ALGORITHMS:
        newest = max((key.generation for key in keys if key.alg == alg), default=0)
        if not add_key(session, deployment, alg, newest + 1, moment + BEFORE if newest else moment):
            raise Problem("kit.try_again", 409, headers={"Retry-After": "1"})
    gone = [key.kid for key in keys if key.state(moment) == "gone"]
    if gone:
        seal = deployment.seal.over("oauth_key_drop", ",".join(gone))
        session.execute(DROP, {"kids": gone, "seal": seal})
    return list_keys(session, deployment.seal)


def public_keys(keys: Sequence[Key], moment: datetime) -> dict[str, Any]:
    """The set that is published (RFC 7517, 5), those that sign first."""
    order = {"active": 0, "next": 1, "retired": 2}
    shown = sorted((key for key in keys if key.state(moment) in order), key=lambda key: order[key.state(moment)])
    return {"keys": [key.public for key in shown]}


def sign(
    deployment: Deployment, keys: Sequence[Key], claims: Mapping[str, Any], alg: str = ALGORITHMS[0], typ: str = "JWT"
) -> str:
    """A signed JWT (RFC 7519) with that one of the keys which signs now."""
    keys = [key for key in keys if key.alg == alg]
    moment = deployment.clock()
    # the first one signs also by a clock that is behind the one it was made by
    key = next((key for key in keys if key.state(moment) == "active"), keys[0])
    private = _opened(deployment.seal, key.kid, key.private)
    header = {"alg": alg, "kid": key.kid, "typ": typ}
    return jwt.encode(header, dict(claims), private, algorithms=[alg])


def read_own(deployment: Deployment, token: str) -> Mapping[str, Any] | None:
    """The claims of a JWT that this deployment signed, however old; None where it did not."""
    known = KeySet([_public(key) for key in get_keys(deployment)])
    try:
        return dict(jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims)
    except (JoseError, ValueError):
        return None


def _public(key: Key) -> ECKey | RSAKey:
    values = dict(key.public)
    return ECKey.import_key(values) if key.alg == "ES256" else RSAKey.import_key(values)


@lru_cache(8)  # importing a key takes longer than signing with it
def _opened(seal: Seal, kid: str, private: bytes) -> ECKey | RSAKey:
    values = msgspec.json.decode(Vault(seal, PURPOSE).open(kid, private))
    return ECKey.import_key(values) if values["kty"] == "EC" else RSAKey.import_key(values)
