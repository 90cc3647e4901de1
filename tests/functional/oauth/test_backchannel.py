"""A person logs out, and programs that asked to hear of it are told (OpenID Connect Back-Channel Logout 1.0)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes
from threading import Thread
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from joserfc import jws

from wuji.identity.oauth.following import FOLLOW
from wuji.plugin.running import Happened
from wuji.testing.acting import acting
from wuji.work.running import do_job

from .test_flow import id_claims

EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Receiver:
    """A program's own server. It answers `status`, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.status, receiver = 200, self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.got.append(parse_qs(body)["logout_token"][0])
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}/logout"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def followed(oauth, who="resident", verb="identity.session.end"):
    account = oauth.world.account[who]
    record = Happened(
        id=uuid4(), event_id=uuid4(), at=datetime.now(UTC), verb=verb, kind="account", subject_id=str(account),
        tenant_id=None, account_id=account, fields=(),
    )  # fmt: skip
    with acting(oauth.app, oauth.world, "city") as session:
        FOLLOW.handle(session, record)


def work(oauth):
    """Does this world's jobs as a worker would; how each was left."""
    rows = oauth.world.run(
        "select id from wuji.job where kind = 'identity.oauth_logout' and state = 'waiting' "
        "and (args ->> 'account_id')::uuid = any(%s)",
        list(oauth.world.account.values()),
    ).fetchall()
    left = []
    for (job_id,) in rows:
        secret, lease = token_bytes(32), timedelta(minutes=5)
        oauth.world.run(
            "update wuji.job set state = 'running', begun_at = null, lease_hash = %s, "
            "lease_until = now() + %s, run_until = now() + %s where id = %s",
            *(hashlib.sha256(secret).digest(), lease, lease, job_id),
        )
        left.append(do_job(oauth.app.extensions["wuji"], job_id, secret))
    return left


def log_out(oauth, who="resident"):
    oauth.browser(who).delete("/api/v1/session", headers={"X-Wuji-Request": "1"})


def test_a_program_hears_once_of_each_session_however_many_tokens_it_has(oauth, receiver):
    program = oauth.program(backchannel_logout_uri=receiver.address)
    silent = oauth.program()
    tokens, *_more = [program.tokens(scope="openid offline_access") for _ in range(3)]
    silent.tokens()
    log_out(oauth)
    followed(oauth)
    followed(oauth)  # told again, as a consumer may be
    assert work(oauth) == ["done"]
    (sent,) = receiver.got
    assert jws.extract_compact(sent.encode()).headers()["typ"] == "logout+jwt"
    claims, known = id_claims(oauth, sent).claims, id_claims(oauth, tokens["id_token"]).claims
    assert {name: claims[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: known[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert claims["events"] == {EVENT: {}}
    assert claims["exp"] - claims["iat"] == 120
    assert "nonce" not in claims
    assert claims["jti"]


def test_nobody_is_told_of_a_session_that_goes_on(oauth, receiver):
    oauth.program(backchannel_logout_uri=receiver.address).tokens()
    followed(oauth)
    followed(oauth, verb="identity.session.open")
    assert work(oauth) == []


def test_who_does_not_answer_is_told_later_and_one_day_no_more(oauth, receiver):
    oauth.program(backchannel_logout_uri=receiver.address).tokens()
    log_out(oauth)
    followed(oauth)
    receiver.status = 503
    assert work(oauth) == ["waiting"]
    receiver.status = 200
    assert work(oauth) == ["done"]
    assert len(receiver.got) == 2
    followed(oauth)
    assert work(oauth) == []


def test_who_refuses_is_not_asked_again(oauth, receiver):
    oauth.program(backchannel_logout_uri=receiver.address).tokens()
    log_out(oauth)
    followed(oauth)
    receiver.status = 400
    assert work(oauth) == ["done"]


@pytest.mark.parametrize("verb", ["identity.password.set", "identity.account.suspend", "identity.link.redeem"])
def test_however_a_session_ends(oauth, receiver, verb):
    oauth.program(backchannel_logout_uri=receiver.address).tokens()
    oauth.world.run(
        "update wuji.account_session set revoked_at = now() where account_id = %s", oauth.world.account["resident"]
    )
    followed(oauth, verb=verb)
    assert work(oauth) == ["done"]
    assert len(receiver.got) == 1
