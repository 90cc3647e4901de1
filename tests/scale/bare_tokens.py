"""The baseline of the token endpoint and of the look-up of a session: bare Flask views that run the same SQL in as many
transactions, hash and sign the same, and do nothing else.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

import msgspec
from flask import Flask, Response, abort, request
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import Engine, text

from wuji.identity.oauth.services.keys import PURPOSE
from wuji.kit.deployment import Deployment
from wuji.kit.sealing import Vault

PUBLIC = text("select * from wuji.enter_public(null)")
FIND = text("select * from wuji.oauth_client_find(:client, :seal)")
KEYS = text("select * from wuji.oauth_keys(:seal)")
OWN = text("select wuji.oauth_own_token(:client, '{api:read}', :hashed, 600, :seal)")
BIND = text("select wuji.oauth_token_bind(:hashed, null, false, :seal)")
TELL = text("select * from wuji.oauth_family_find(:family, :seal)")
BECOME = text("select wuji.oauth_token_become(:hashed, :becomes, :seal)")
SESSION = text("select * from wuji.enter_session(:hashed, null)")
ACCOUNT = text("select id, login, name, locale, version from wuji.account where id = :id")
GRANTS = text("select * from wuji.grants_mine()")


def make_bare(made: Deployment, cookie: str) -> Flask:
    """An application with those two views."""
    app, bare = Flask("bare", static_folder=None), Bare(made, cookie)
    app.add_url_rule("/oauth/token", methods=["POST"], view_func=bare.token)
    app.add_url_rule("/api/v1/me", view_func=bare.me)
    return app


@dataclass
class Bare:
    made: Deployment
    cookie: str
    opened: dict[str, ECKey] = field(default_factory=dict)

    @property
    def reading(self) -> Engine:
        return self.made.engine.execution_options(postgresql_readonly=True)

    def token(self) -> Response:
        name, _, secret = base64.b64decode(request.headers["Authorization"].partition(" ")[2]).decode().partition(":")
        seal = self.made.seal
        with self.reading.begin() as connection:
            connection.execute(PUBLIC)
            client = connection.execute(FIND, {"client": name, "seal": seal.over("oauth_client_find", name)}).one()
        if not compare_digest(hashlib.sha256(secret.encode()).digest(), client.secret_hash):
            abort(401)
        kid = self.find_key()
        hashed = hashlib.sha256(f"wuji_oat_{secrets.token_urlsafe(32)}".encode()).digest()
        with self.made.engine.begin() as connection:
            connection.execute(PUBLIC)
            sealed = seal.over("oauth_own_token", client.id, hashed)
            connection.execute(OWN, {"client": client.id, "hashed": hashed, "seal": sealed})
            sealed = seal.over("oauth_token_bind", hashed, None)
            family = connection.execute(BIND, {"hashed": hashed, "seal": sealed}).scalar_one()
            sealed = seal.over("oauth_family_find", family)
            told = connection.execute(TELL, {"family": family, "seal": sealed}).one()
            access = self.sign(kid, name, told)
            becomes = hashlib.sha256(access.encode()).digest()
            sealed = seal.over("oauth_token_become", hashed, becomes)
            connection.execute(BECOME, {"hashed": hashed, "becomes": becomes, "seal": sealed})
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 600, "scope": "api:read"}
        return Response(msgspec.json.encode(answer), mimetype="application/json")

    def find_key(self) -> str:
        with self.reading.begin() as connection:
            connection.execute(PUBLIC)
            keys = connection.execute(KEYS, {"seal": self.made.seal.over("oauth_keys")}).all()
        key = next(one for one in keys if one.alg == "ES256")
        if key.kid not in self.opened:
            private = Vault(self.made.seal, PURPOSE).open(key.kid, key.private)
            self.opened[key.kid] = ECKey.import_key(msgspec.json.decode(private))
        return str(key.kid)

    def sign(self, kid: str, client_id: str, told: Any) -> str:
        base, at = self.made.options.base_url, int(self.made.clock().timestamp())
        claims = {
            "iss": base, "sub": str(told.account_id), "aud": f"{base}/api", "client_id": client_id, "iat": at, "exp": at + 600,
            "jti": secrets.token_urlsafe(16), "scope": "api:read", "tenant": told.tenant_code,
        }  # fmt: skip
        header = {"alg": "ES256", "kid": kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self.opened[kid], algorithms=["ES256"])

    def me(self) -> Response:
        token = request.cookies.get(self.cookie) or abort(401)
        with self.reading.begin() as connection:
            hashed = hashlib.sha256(token.encode()).digest()
            actor = connection.execute(SESSION, {"hashed": hashed}).one()
            account = connection.execute(ACCOUNT, {"id": actor.account_id}).one()
            grants = [dict(row._mapping) for row in connection.execute(GRANTS)]  # noqa: SLF001 - SQLAlchemy's public name
        shown = {"id": account.id, "login": account.login, "name": account.name, "locale": account.locale}
        return Response(msgspec.json.encode({"account": shown, "grants": grants}), mimetype="application/json")
