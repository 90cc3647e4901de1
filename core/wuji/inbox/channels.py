"""The ways to reach a person beside the inbox: e-mail where the deployment has a mail server, webhook, and those of plugins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wuji.inbox.mail import Mail
from wuji.inbox.webhook import Webhook
from wuji.kit.options import Options
from wuji.plugin.running import Channel

INBOX, EMAIL, WEBHOOK = "inbox", "email", "webhook"


@dataclass(frozen=True)
class Channels:
    """Those of one program, by name; the inbox itself is not among them."""

    by_name: Mapping[str, Channel]


def core_channels(options: Options) -> tuple[Channel, ...]:
    """What this deployment can send by without a plugin."""
    webhook = Webhook()
    made = [Channel(name=WEBHOOK, check=webhook.check, send=webhook.send)]
    if options.smtp_url:
        mail = Mail(options.smtp_url, options.mail_from)
        made.insert(0, Channel(name=EMAIL, check=mail.check, send=mail.send))
    return tuple(made)


def register_channels(declared: Iterable[Channel]) -> Channels:
    """Raises ValueError for a name taken twice."""
    by_name: dict[str, Channel] = {}
    for channel in declared:
        if channel.name in by_name or channel.name == INBOX:
            raise ValueError(f"two channels are called {channel.name}")
        by_name[channel.name] = channel
    return Channels(by_name)
