"""An identity system of a city, as faithful as it must be and as wrong as a test wants it; and people who come by it."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Address
from secrets import randbits, token_urlsafe
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.test import Client, TestResponse

from wuji.identity.federation.services.providers import add_provider
from wuji.kit.crypto import token_hash
from wuji.testing import Server, World
from wuji.testing.acting import acting
from wuji.testing.application import make_app

COOKIE, BASE = "wuji-8000", "http://localhost:8000"
CLIENT, SECRET = "五级/client", "s3cret/with+odd:chars%"
HEADERS = {"X-Wuji-Request": "1", "Accept-Language": "en"}


class CityLogin:
    """`bend` changes what it says: `claims`, `header`, `metadata`, `userinfo`, `tokens`, or `key` to sign with."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = ECKey.generate_key("P-256", {"kid": token_urlsafe(4), "use": "sig"})
        self.sub, self.name = f"人-{token_urlsafe(6)}", "张三"
        self.bend: dict[str, Any] = {}
        self.codes: dict[str, Mapping[str, str]] = {}
        self.asked: list[tuple[str, Mapping[str, str], str]] = []
        self.pushed: dict[str, Mapping[str, str]] = {}

    def metadata(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/jwks",
            "userinfo_endpoint": f"{at}/userinfo",
            "pushed_authorization_request_endpoint": f"{at}/par",
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["ES256", "none"],
            **self.bend.get("metadata", {}),
        }

    def consent(self, location: str) -> dict[str, str]:
        """The person logs in there and agrees; the parameters that the browser comes back with."""
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        asked = dict(parse_qsl(parts.query))
        asked = {**asked, **self.pushed.get(asked.get("request_uri", ""), {})}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = token_urlsafe(12)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer, **self.bend.get("answer", {})}

    def token(self, form: Mapping[str, str], header: str) -> tuple[int, dict[str, Any]]:
        name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        if (unquote_plus(name), unquote_plus(secret)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        shown = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != shown or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        access = token_urlsafe(16)
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16]).decode().rstrip("=")
        now = int(time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.sub, "iat": now, "exp": now + 300, "at_hash": half}
        claims |= {"nonce": asked["nonce"], **self.bend.get("claims", {})}
        claims = {key: value for key, value in claims.items() if value is not None}
        tokens = {"access_token": access, "token_type": "Bearer", "id_token": self.sign(claims)}
        return 200, {**tokens, **self.bend.get("tokens", {})}

    def sign(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "ES256", "kid": self.key.kid, **self.bend.get("header", {})}
        key = self.bend.get("key", self.key)
        return jwt.encode(header, dict(claims), key, algorithms=[header["alg"]])

    def answer(self, path: str, form: Mapping[str, str], header: str) -> tuple[int, Any]:
        self.asked.append((path, form, header))
        match path:
            case "/.well-known/openid-configuration":
                return 200, self.metadata()
            case "/jwks":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/token":
                return self.token(form, header)
            case "/par":
                name = f"urn:ietf:params:oauth:request_uri:{token_urlsafe(6)}"
                self.pushed[name] = form
                return 201, {"request_uri": name, "expires_in": 60}
            case "/userinfo":
                return 200, {"sub": self.sub, "name": self.name, **self.bend.get("userinfo", {})}
        return 404, {}


@pytest.fixture
def city() -> Iterator[CityLogin]:
    made: list[CityLogin] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.tell(dict(parse_qsl(body)))

        def tell(self, form: Mapping[str, str]) -> None:
            path = self.path.partition("?")[0]
            status, said = made[0].answer(path, form, self.headers.get("Authorization", ""))
            is_token = isinstance(said, str)
            body = said.encode() if is_token else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/jwt" if is_token else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.append(CityLogin(server.server_port))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made[0]
    server.shutdown()
    server.server_close()
    thread.join()


class Coming:
    """A place with login providers, and browsers of people."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.place = {"REMOTE_ADDR": str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))}

    def provider(self, issuer: str, tenant: str = "street", **asked: Any) -> str:
        usual = {"kind": "oidc", "name": "市统一认证", "issuer": issuer, "client_id": CLIENT, "client_secret": SECRET}
        usual |= {"scope": "openid profile", "extra": "", "strong": "", "admits": "linked", "is_on": True}
        with acting(self.app, self.world, tenant) as session:
            return str(add_provider(session, self.app.extensions["wuji"], {**usual, **asked}))

    def browser(self, who: str | None = None) -> Client:
        client = self.app.test_client()
        if who:
            client.set_cookie(COOKIE, self.world.cookie[who])
        return client

    def get(self, browser: Client, path: str, **given: Any) -> TestResponse:
        return browser.get(path, headers={"Accept-Language": "en"}, environ_overrides=self.place, **given)

    def api(self, browser: Client, method: str, path: str, **given: Any) -> TestResponse:
        headers = {**HEADERS, **given.pop("headers", {})}
        return browser.open(f"/api/v1{path}", method=method, headers=headers, environ_overrides=self.place, **given)

    def go(self, browser: Client, provider: str, target: str = "") -> str:
        """Where the browser is sent."""
        answer = self.get(browser, f"/login/with/{provider}", query_string={"target": target})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        return str(answer.location)

    def back(self, browser: Client, provider: str, params: Mapping[str, str]) -> str:
        """Where somebody ends up who comes back with these."""
        answer = self.get(browser, f"/login/back/{provider}", query_string=params)
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        return str(answer.location)

    def through(self, browser: Client, city: CityLogin, provider: str, target: str = "/me") -> str:
        return self.back(browser, provider, city.consent(self.go(browser, provider, target)))

    def link(self, browser: Client, city: CityLogin, provider: str) -> str:
        begun = self.api(browser, "POST", "/me/external-identities", json={"provider_id": provider})
        assert begun.status_code == HTTPStatus.OK, begun.text
        return self.back(browser, provider, city.consent(begun.json["address"]))

    def me(self, browser: Client) -> Any:
        """Who the browser is logged in as; None for nobody."""
        answer = self.api(browser, "GET", "/me")
        return answer.json["account"] if answer.status_code == HTTPStatus.OK else None

    def account_of(self, browser: Client) -> str:
        cookie = browser.get_cookie(COOKIE)
        assert cookie is not None
        asked = "select account_id from wuji.account_session where token_hash = %s"
        return str(self.world.one(asked, token_hash(cookie.value)))


def said(location: str) -> str:
    """The word that a page is told what became of it with."""
    found = re.search(r"[?&]said=(\w+)", location)
    return found[1] if found else ""


@pytest.fixture
def word() -> Callable[[str], str]:
    return said


@pytest.fixture
def coming(server: Server, world: World) -> Iterator[Coming]:
    app = make_app(server)
    yield Coming(app, world)
    app.extensions["wuji"].engine.dispose()
