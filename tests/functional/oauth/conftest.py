"""A program of somebody else, and people in front of browsers without JavaScript."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Address
from pathlib import Path
from secrets import randbits, token_urlsafe
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey
from psycopg.types.json import Jsonb
from werkzeug.test import Client, TestResponse

from wuji.identity.passwords import hash_password
from wuji.kit.crypto import make_token, token_hash
from wuji.kit.supervisor.port import free_port
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.testing.factories import factories
from wuji.testing.plugins import plugin_options
from wuji.testing.web import Web, serving

ROOT = Path(__file__).parents[3]
WORDS, COOKIE, BACK = "正确的马 battery staple", "wuji-8000", "https://app.example/back"
BASE = "http://localhost:8000"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALL = "openid profile email offline_access tenant api:read api:write"


def make_proof(key: Any, method: str, address: str, token: str | None = None, **claims: Any) -> str:
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False), **claims.pop("header", {})}
    said = {"jti": token_urlsafe(9), "htm": method, "htu": address, "iat": int(time())}
    if token:
        said["ath"] = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
    return jwt.encode(header, {**said, **claims}, key, algorithms=[header["alg"]])


class Program:
    """A registered program: what it asks, and what it does with the answer."""

    def __init__(self, oauth: "OAuth", tenant: str, key: ECKey | None = None, **metadata: Any) -> None:
        self.oauth, self.secret = oauth, make_token("ocs")
        told = {
            "client_name": "邻里通 App",
            "redirect_uris": [BACK],
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "scope": ALL,
            **metadata,
        }
        public = told.get("token_endpoint_auth_method") in {"none", "private_key_jwt"}
        kept = {
            "metadata": Jsonb(told),
            "name": told["client_name"],
            "secret_hash": None if public else token_hash(self.secret),
        }
        self.id = factories["wuji.oauth_client"](oauth.world, tenant, **kept)
        self.client_id = oauth.world.one("select client_id from wuji.oauth_client where id = %s", self.id)
        self.public = public
        self.verifier = token_urlsafe(48)
        self.key = key or ECKey.generate_key("P-256")

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")

    def params(self, **more: str | None) -> dict[str, str]:
        usual = {
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid profile tenant",
            "state": "状态 1",
            "nonce": "n-1",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **more}.items() if value is not None}

    def post(self, path: str, **form: Any) -> TestResponse:
        """As a confidential program by header, as a public one by its id; `headers` say otherwise."""
        headers = form.pop("headers", None)
        if headers is None:
            pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            headers = {} if self.public else {"Authorization": f"Basic {pair}"}
        if self.public and "client_assertion" not in form:
            form = {"client_id": self.client_id, **form}
        place = {"REMOTE_ADDR": self.oauth.address}
        return self.oauth.app.test_client().post(path, data=form, headers=headers, environ_overrides=place)

    def proof(self, method: str, path: str, token: str | None = None, **claims: Any) -> str:
        """That the program holds its key (RFC 9449)."""
        return make_proof(self.key, method, f"{BASE}{path}", token, **claims)

    def assertion(self, **claims: Any) -> dict[str, str]:
        """The form fields by which a program with a key of its own proves itself."""
        at = int(time())
        said = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": BASE,
            "iat": at,
            "exp": at + 60,
            "jti": token_urlsafe(9),
        }
        header = {"alg": "ES256", **claims.pop("header", {})}
        key = claims.pop("key", self.key)
        signed = jwt.encode(header, {**said, **claims}, key, algorithms=[header["alg"]])
        return {"client_assertion_type": JWT_BEARER, "client_assertion": signed, "client_id": self.client_id}

    def redeem(self, code: str, **more: Any) -> TestResponse:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": self.verifier}
        return self.post("/oauth/token", **{**asked, **more})

    def refresh(self, token: str, **more: Any) -> TestResponse:
        return self.post("/oauth/token", grant_type="refresh_token", refresh_token=token, **more)

    def tokens(self, who: str = "resident", **more: str | None) -> dict[str, Any]:
        """Everything, as a person allows it."""
        answer = self.redeem(self.oauth.allow(self, who, **more)["code"])
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json


class OAuth:
    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.address = str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))

    def browser(self, who: str | None = None) -> Client:
        client = self.app.test_client()
        if who:
            client.set_cookie(COOKIE, self.world.cookie[who])
        return client

    def program(self, tenant: str = "street", **metadata: Any) -> Program:
        return Program(self, tenant, **metadata)

    def keyed(self, **metadata: Any) -> Program:
        """One that proves itself by a key of its own."""
        key = ECKey.generate_key("P-256")
        told = {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key.as_dict(private=False)]}}
        return Program(self, "street", key, **{**told, **metadata})

    def give_password(self, who: str) -> str:
        values = {"account_id": self.world.account[who], "kind": "password", "secret": hash_password(WORDS)}
        self.world.insert("wuji.credential", values, ("account_id", "kind"))
        return f"{who}-{self.world.mark}"

    def get(self, browser: Client, path: str, params: Mapping[str, str] | None = None) -> TestResponse:
        """Follows what leads on inside the deployment."""
        place = {"REMOTE_ADDR": self.address}
        answer = browser.get(path, query_string=params, headers={"Accept-Language": "en"}, environ_overrides=place)
        while answer.status_code == HTTPStatus.SEE_OTHER and answer.location.startswith("/"):
            answer = browser.get(answer.location, headers={"Accept-Language": "en"}, environ_overrides=place)
        return answer

    def submit(self, browser: Client, page: TestResponse, **fields: str) -> TestResponse:
        """Sends the page's form with its hidden fields, and follows."""
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        sent = {name: unescape(value) for name, value in hidden.items()} | fields
        place = {"REMOTE_ADDR": self.address}
        headers = {"Accept-Language": "en", "Accept": "text/html"}
        answer = browser.post(action, data=sent, headers=headers, environ_overrides=place)
        if answer.status_code == HTTPStatus.SEE_OTHER and answer.location.startswith("/"):
            return self.get(browser, answer.location)
        return answer

    def allow(self, program: Program, who: str = "resident", **more: str | None) -> dict[str, str]:
        """The person allows what is asked; the answer's parameters."""
        browser = self.browser(who)
        answer = self.get(browser, "/oauth/authorize", program.params(**more))
        if answer.status_code == HTTPStatus.OK:
            place = re.search(r'name="tenant" value="([^"]+)"', answer.text)
            answer = self.submit(browser, answer, decision="allow", tenant=place[1] if place else "")
        return told(answer)

    def call(self, token: str, path: str, method: str = "GET", **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **given.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **given)


def told(answer: TestResponse) -> dict[str, str]:
    """What a program is told by the address that the browser is sent to."""
    assert answer.status_code == HTTPStatus.SEE_OTHER, (answer.status_code, answer.text)
    parts = urlsplit(answer.location)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BACK
    return dict(parse_qsl(parts.query))


@pytest.fixture
def oauth(server: Server, world: World) -> Iterator[OAuth]:
    app = make_app(server)
    yield OAuth(app, world)
    app.extensions["wuji"].engine.dispose()


Make = Callable[..., Program]


@pytest.fixture
def web(server: Server) -> Iterator[Web]:
    """The address that programs are told must be the one that it listens at, so the port is known beforehand."""
    port = free_port("127.0.0.1", 8900)
    environment = {
        "WUJI_BASE_URL": f"http://127.0.0.1:{port}",
        "WUJI_DATABASE_URL": server.url("wuji_app", server.shared),
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_BROKER_URL": f"valkey+socket://{server.postgres.home}/no-broker",
        "WUJI_RATE_LIMITS": "0",
        "WUJI_FILES_DIR": str(server.files),
        **plugin_options(),
    }
    with serving("wuji.app:serve", environment, port=port) as made:
        yield made


@pytest.fixture
def stranger(tmp_path: Path) -> Callable[..., Any]:
    """`stranger(script, …)`: runs a program of somebody else; what it saw."""
    (tmp_path / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")

    def run(name: str, *words: str) -> Any:
        for part in (name, "browser.mjs"):
            shutil.copy(Path(__file__).with_name(part), tmp_path / part)
        command = [ROOT / ".ci" / "node", "node", tmp_path / name, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def told_at() -> Iterator[tuple[str, list[object]]]:
    """An address, and what a program's own server answers there."""
    said: list[object] = [None]

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(said[0]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/said", said
    server.shutdown()
    server.server_close()
    thread.join()
