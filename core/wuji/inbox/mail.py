"""E-mail by SMTP: plain text, nothing in it that tells whether it was read."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from wuji.kit.clock import Clock, now
from wuji.kit.option_values import is_loopback
from wuji.kit.problem import Fault, invalid
from wuji.plugin.running import Outgoing, RefusedError

PATIENCE = 20.0  # seconds, for each step
MOST = 254  # characters (RFC 5321, 4.5.3.1.3)
NEVER = range(500, 600)  # replies that trying again does not change
# Dot-atoms of ASCII (RFC 5322, 3.4.1): every address that people have, none that a header could be broken with.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(rf"{ATOM}(\.{ATOM})*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z]")


class WholeHeader(UnstructuredHeader, BaseHeader):
    """Stands on one line as it is. The library would break a long address up and encode it, and mail programs would find no
    address in it.
    """

    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("List-Unsubscribe", WholeHeader)
FORM = SMTP.clone(header_factory=HEADERS)


class MailFailedError(RuntimeError):
    """The mail server did not take the letter this time."""


@dataclass(frozen=True)
class Mail:
    """Hands letters to one mail server. `url` is smtps://…, or smtp://…, which asks for STARTTLS unless it is this machine."""

    url: str = field(repr=False)
    sender: str
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    clock: Clock = now

    def check(self, address: str) -> None:
        """Raises 422 for what is no e-mail address."""
        if len(address) > MOST or not ADDRESS.fullmatch(address):
            raise invalid(Fault("#/address", "inbox.invalid.email"))

    def send(self, outgoing: Outgoing) -> None:
        """Raises RefusedError where the server will never take a letter for this address; otherwise it may be tried again."""
        letter, (_, sender) = self.write(outgoing), parseaddr(self.sender)
        try:
            with self._open() as server:
                server.send_message(letter, sender, [outgoing.address])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[outgoing.address]
            if code in NEVER:
                raise RefusedError(f"{code} {said.decode('utf-8', 'replace')}") from None
            raise MailFailedError(str(code)) from None  # errors of smtplib name the address; this one is logged
        except smtplib.SMTPResponseException as error:
            raise MailFailedError(f"{error.smtp_code} {type(error).__name__}") from None
        except smtplib.SMTPException as error:
            raise MailFailedError(type(error).__name__) from None

    def write(self, outgoing: Outgoing) -> EmailMessage:
        """The letter as it is sent."""
        letter = EmailMessage(policy=FORM)
        letter["From"] = self.sender
        letter["To"] = outgoing.address
        letter["Subject"] = " ".join(outgoing.subject.split())
        letter["Date"] = format_datetime(self.clock().astimezone(UTC))
        letter["Message-ID"] = f"<{outgoing.id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        if outgoing.unsubscribe:
            letter["List-Unsubscribe"] = f"<{outgoing.unsubscribe}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter.set_content(outgoing.text)
        letter["Content-Language"] = outgoing.locale  # after the content, which takes such headers away
        return letter

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=self.trust)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
        try:
            if parts.scheme == "smtp" and not is_loopback(host):
                server.starttls(context=self.trust)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server
