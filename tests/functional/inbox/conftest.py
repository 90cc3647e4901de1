"""An inbox in a world, with a mail server and a receiver of webhooks of the test's own: both real, both on loopback."""

import hashlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from werkzeug.test import TestResponse

from wuji.inbox.channels import WEBHOOK, Channels, by_mail, by_webhook, register_channels
from wuji.inbox.mail import Mail
from wuji.inbox.sealing import Vault, address_digest
from wuji.inbox.services import notify
from wuji.inbox.webhook import Webhook
from wuji.kit.deployment import Deployment
from wuji.testing import Server, World
from wuji.testing.acting import acting
from wuji.testing.application import make_app
from wuji.work.running import do_job

COOKIE = "wuji-8000"
LEASE = timedelta(seconds=30)


class Letters:
    """What the mail server got. `answers` is what it says to a recipient, where that is not 250."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the library calls it so
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library calls it so
        self.raw.append(envelope.original_content)
        self.got.append(message_from_bytes(envelope.original_content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.got if letter["To"] == address]


@pytest.fixture
def free_port() -> int:
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def mail_port(letters: Letters, free_port: int) -> Iterator[int]:
    controller = Controller(letters, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield controller.port
    controller.stop()


@dataclass
class Certificate:
    """Of 127.0.0.1, trusted by whoever uses `trust`."""

    serve: ssl.SSLContext
    trust: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1)).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(made + secret)
    serve = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serve.load_cert_chain(path)
    return Certificate(serve, ssl.create_default_context(cadata=made.decode()))


@dataclass
class Call:
    """What a webhook got."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """Takes webhooks over https and answers `status`."""

    port: int
    trust: ssl.SSLContext
    got: list[Call] = field(default_factory=list)
    status: int = 204
    location: str = ""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/hook?of=mine"


@pytest.fixture
def receiver(certificate: Certificate) -> Iterator[Receiver]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append(Call(self.path, dict(self.headers), body))
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """What was asked stands in `got`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = False
    server.socket = certificate.serve.wrap_socket(server.socket, server_side=True)
    made = Receiver(server.server_address[1], certificate.trust)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def is_loopback(ip: Any) -> bool:
    """What the receiver of a test is, and nothing that production calls."""
    return ip_address(ip).is_loopback


@dataclass
class Post:
    """A world, its application, and what happens in its inboxes."""

    world: World
    app: Flask
    letters: Letters
    receiver: Receiver

    @property
    def deployment(self) -> Deployment:
        found: Deployment = self.app.extensions["wuji"]
        return found

    def ask(
        self, who: str, method: str, path: str, *, version: object = None, locale: str = "en", **given: Any
    ) -> TestResponse:
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": locale}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return client.open(f"/api/v1{path}", method=method, headers=headers, **given)

    def tell(
        self, *people: str, topic: str = "inbox.grant_given", cause: str = "", at: str = "village", **given: Any
    ) -> int:
        """As a handler does, at a tenant."""
        accounts = [self.world.account[who] for who in people]
        with acting(self.app, self.world, at) as session:
            values = given.pop("values", {"role": {"text": "identity.role.resident"}})
            return notify(
                session, topic, accounts, cause or token_hex(8), values=values, tenant_id=self.world.tenant[at], **given
            )

    def choose(self, who: str, **chosen: Any) -> None:
        """Straight into the row; what the API makes of a wish has tests of its own."""
        self.world.insert("wuji.subscription", {"account_id": self.world.account[who], **chosen}, ("account_id",))

    def named(self, who: str, channel: str, address: str, *, verified: bool = True) -> UUID:
        """An address that the person has proven."""
        owner, seal = self.world.account[who], self.deployment.seal
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" if channel == WEBHOOK else ""
        columns = {
            "account_id": owner,
            "channel": channel,
            "address": Vault(seal).close(owner, channel, address),
            "secret": Vault(seal).close(owner, channel, secret),
            "digest": address_digest(seal, channel, address),
        }
        made: UUID = self.world.insert("wuji.address", columns | ({"verified_at": "now"} if verified else {}))
        return made

    def deliveries(self, who: str) -> list[Any]:
        """(id, channel, state, is_digest, due_at) of all that goes, or went, to somebody."""
        return self.world.run(
            "select d.id, a.channel, d.state, d.is_digest, d.due_at from wuji.delivery d join wuji.address a "
            "on a.id = d.address_id where a.account_id = %s order by d.due_at, d.id",
            self.world.account[who],
        ).fetchall()

    def jobs(self, who: str) -> list[UUID]:
        """Of somebody's deliveries and codes, in the order in which they are due."""
        return [
            row[0]
            for row in self.world.run(
                "select j.id from wuji.job j where j.state = 'waiting' and j.kind like 'inbox.%%' and ("
                "(j.args ->> 'address_id')::uuid in (select a.id from wuji.address a where a.account_id = %s) or "
                "(j.args ->> 'delivery_id')::uuid in (select d.id from wuji.delivery d join wuji.address a "
                "on a.id = d.address_id where a.account_id = %s)) order by j.due_at, j.id",
                self.world.account[who],
                self.world.account[who],
            )
        ]

    def work(self, who: str) -> list[str | None]:
        """Does somebody's jobs as a worker would, once each, due or not; returns how each was left."""
        return [self.do(job_id) for job_id in self.jobs(who)]

    def do(self, job_id: UUID) -> str | None:
        secret = token_bytes(32)
        self.world.run(
            "update wuji.job set state = 'running', lease_hash = %s, lease_until = now() + %s, run_until = now() + %s, "
            "begun_at = null where id = %s",
            *(hashlib.sha256(secret).digest(), LEASE, LEASE, job_id),
        )
        return do_job(self.deployment, job_id, secret)


@pytest.fixture
def post(server: Server, world: World, letters: Letters, mail_port: int, receiver: Receiver) -> Iterator[Post]:
    app = make_app(server)
    deployment: Deployment = app.extensions["wuji"]
    mail = Mail(f"smtp://127.0.0.1:{mail_port}", "五级 <post@wuji.example.org>")
    webhook = Webhook(allows=is_loopback, trust=receiver.trust)
    channels = register_channels((by_mail(mail), by_webhook(webhook)))
    app.extensions["wuji"] = replace(deployment, parts={**deployment.parts, Channels: channels})
    yield Post(world, app, letters, receiver)
    deployment.engine.dispose()
