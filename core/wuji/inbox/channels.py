"""The ways to reach a person beside the inbox: e-mail where the deployment has a mail server, webhook, and those of plugins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from wuji.inbox.mail import Mail
from wuji.inbox.webhook import Webhook
from wuji.kit.options import Options
from wuji.plugin.running import Channel

INBOX, EMAIL, WEBHOOK = "inbox", "email", "webhook"
# As Standard Webhooks advises: three days and some hours, in which whoever runs the receiver notices.
THREE_DAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)


@dataclass(frozen=True)
class Channels:
    """Those of one program, by name; the inbox itself is not among them."""

    by_name: Mapping[str, Channel]


def core_channels(options: Options) -> tuple[Channel, ...]:
    """What this deployment can send by without a plugin."""
    mail = by_mail(Mail(options.smtp_url, options.mail_from)) if options.smtp_url else None
    return (*((mail,) if mail else ()), by_webhook(Webhook()))


def by_mail(mail: Mail) -> Channel:
    """Within a day: what does not work may be our own mail server, so no address is given up."""
    return Channel(name=EMAIL, check=mail.check, send=mail.send)


def by_webhook(webhook: Webhook) -> Channel:
    return Channel(name=WEBHOOK, check=webhook.check, send=webhook.send, waits=THREE_DAYS, ends_address=True)


def register_channels(declared: Iterable[Channel]) -> Channels:
    """Raises ValueError for a name taken twice."""
    by_name: dict[str, Channel] = {}
    for channel in declared:
        if channel.name in by_name or channel.name == INBOX:
            raise ValueError(f"two channels are called {channel.name}")
        by_name[channel.name] = channel
    return Channels(by_name)
