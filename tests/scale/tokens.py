"""What the frame around the token endpoint and around the look-up of a session costs: CPU of this process for one request,
against bare views that do the same SQL, hashing and signature.
"""

import base64
from collections.abc import Iterator
from http import HTTPStatus

import msgspec
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, event
from tests.scale.application import open_application
from tests.scale.bare_tokens import make_bare
from tests.scale.caller import Caller, Environ
from tests.scale.ground import HEADS, Ground
from tests.scale.measure import Figure, cpu
from werkzeug.test import EnvironBuilder

from wuji.kit.crypto import make_token, token_hash
from wuji.kit.http.request import deployment
from wuji.testing import STAGE

RATIO, LOOSE_RATIO = 1.6, 2.2
CLIENT = "wuji_scale"


def tokens(ground: Ground) -> Iterator[Figure]:
    """A program for itself asks for a token that can be read; a person asks who they are."""
    secret = register(ground)
    with open_application(ground) as (caller, engine):
        with caller.app.app_context():
            made = deployment()
        bare = Caller(make_bare(made, caller.cookie), caller.cookie)
        rounds = 10 if ground.size.short else 40
        for what, asked in (
            ("POST /oauth/token, client_credentials, a signed JWT", for_token(secret, made.options.base_url)),
            ("GET /api/v1/me", caller.asking(HEADS[2], "me")),
        ):
            same_work(engine, asked, caller, bare)
            base, mine = cpu(rounds, 20, lambda: bare.ask(asked), lambda: caller.ask(asked))  # noqa: B023
            yield Figure(
                what=what,
                asked=f"≤ {RATIO}×",
                measured=f"{mine:.2f} ms CPU ({mine / base:.2f}×)",
                baseline=f"{base:.2f} ms CPU",
                value=mine / base,
                most=RATIO,
                loose=LOOSE_RATIO,
            )


def register(ground: Ground) -> str:
    """A program of the first city; its secret."""
    secret = make_token("ocs")
    told = {"client_name": "scale", "grant_types": ["client_credentials"], "scope": "api:read"}
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(
            "with a as (insert into wuji.account(type, login, name) values ('service', 'client-scale', 'scale') returning id) "
            "insert into wuji.oauth_client(tenant_id, pos, client_id, name, metadata, secret_hash, account_id, created_by) "
            "select t.id, t.pos, %s, 'scale', %s, %s, a.id, a.id from wuji.tenant t, a where t.id = 1",
            (CLIENT, Jsonb(told), token_hash(secret)),
        )
    return secret


def for_token(secret: str, base_url: str) -> Environ:
    pair = base64.b64encode(f"{CLIENT}:{secret}".encode()).decode()
    form = {"grant_type": "client_credentials", "resource": f"{base_url}/api"}
    headers = [("Authorization", f"Basic {pair}")]
    return EnvironBuilder("/oauth/token", method="POST", data=form, headers=headers).get_environ()


def same_work(engine: Engine, asked: Environ, *callers: Caller) -> None:
    """Raises unless both answer the same members with as many statements, or the ratio would compare different things."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    done = []
    for caller in callers:
        caller.ask(asked, HTTPStatus.OK)  # the first use makes keys, prolongs a session
        seen.clear()
        done.append((sorted(msgspec.json.decode(caller.ask(asked))), len(seen)))
    if any(one != done[0] for one in done):
        raise RuntimeError(f"the bare view does other work: {done}")
