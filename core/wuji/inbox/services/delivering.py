"""Sending what was put into the inbox by the channels that people chose: what the jobs of the inbox do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Row, text

from wuji.inbox.channels import Channels
from wuji.inbox.rendering import render
from wuji.inbox.sealing import Vault, link_proof, verification_code
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment, GivenUpError, TryLaterError
from wuji.plugin.running import Outgoing, RefusedError

OPEN = text("select * from wuji.delivery_open(:delivery_id)")
CLOSE = text("select wuji.delivery_close(:delivery_id, :state, :fault)")
UNPROVEN = text("select * from wuji.address_unproven(:address_id, :code_at)")
SHOWN = 50  # notifications that one digest tells in full
LONG = 300  # characters of what the other side said
Found = Row[*tuple[Any, ...]]


class NotDeliveredError(RuntimeError):
    """A code did not go out this time. Whom it is for, and what the other side said, stands in no log."""


def deliver(deployment: Deployment, session: ScopedSession, delivery_id: UUID) -> None:
    """Sends one message, unless there is nothing to send any more. No transaction is open meanwhile.

    Raises TryLaterError where another try may help, GivenUpError after the last one: whom it is for, and what the other side
    said, stands in no log.
    """
    opened = session.execute(OPEN, {"delivery_id": delivery_id}).first()
    channel = deployment.part(Channels).by_name.get(opened.channel) if opened else None
    if opened is None or channel is None:
        _close(session, delivery_id, "dropped", "")
        return
    try:
        outgoing = write_message(deployment, delivery_id, opened)
        session.commit()
        channel.send(outgoing)
    except RefusedError as error:
        _close(session, delivery_id, "refused", str(error))
    except Exception as error:
        last = "refused" if channel.ends_address else "dropped"
        waits, said = channel.waits[opened.attempts - 1 :], f"{opened.channel}: {type(error).__name__}"
        _close(session, delivery_id, None if waits else last, str(error))
        session.commit()
        if waits:
            raise TryLaterError(said, waits[0]) from error
        if not channel.ends_address:  # an address at fault is its owner's to mend
            raise GivenUpError(said) from error
    else:
        _close(session, delivery_id, "sent", "")


def send_code(deployment: Deployment, session: ScopedSession, address_id: UUID, code_at: datetime) -> None:
    """Sends the code that proves an address, unless another one was asked for meanwhile."""
    found = session.execute(UNPROVEN, {"address_id": address_id, "code_at": code_at}).first()
    channel = deployment.part(Channels).by_name.get(found.channel) if found else None
    if found is None or channel is None:
        return
    code, say = verification_code(deployment.seal, address_id, code_at), deployment.texts
    outgoing = Outgoing(
        id=f"{address_id}.{int(code_at.timestamp())}",
        **_opened(deployment, found),
        subject=say.say(found.locale, "inbox.code.title", {"code": code}),
        text=say.say(found.locale, "inbox.code.body", {"code": code, "url": deployment.options.base_url}),
        url=deployment.options.base_url,
        values={"type": "verification", "timestamp": deployment.clock(), "data": {"code": code}},
    )
    session.commit()
    try:
        channel.send(outgoing)
    except Exception as error:
        raise NotDeliveredError(f"{found.channel}: {type(error).__name__}") from error


def write_message(deployment: Deployment, delivery_id: UUID, opened: Found) -> Outgoing:
    """The message in the reader's language, for people and for programs."""
    base, locale = deployment.options.base_url, opened.locale
    items = [_item(deployment, locale, one) for one in opened.notifications]
    topic = "" if opened.is_digest else items[0]["topic"]
    proof = link_proof(deployment.seal, opened.address_id, topic)
    query = urlencode({"address": opened.address_id, "topic": topic, "proof": proof})
    unsubscribe = f"{base}/unsubscribe?{query}"
    single = len(items) == 1
    digest = deployment.texts.say(locale, "inbox.mail.digest", {"number": len(items)})
    return Outgoing(
        id=str(delivery_id),
        **_opened(deployment, opened),
        subject=items[0]["title"] if single else digest,
        text=_letter(deployment, locale, items, unsubscribe),
        url=items[0]["url"] if single else f"{base}/me/inbox",
        values={"type": "notifications", "timestamp": deployment.clock(), "data": {"items": items}},
        unsubscribe=unsubscribe,
    )


def _item(deployment: Deployment, locale: str, one: Mapping[str, Any]) -> dict[str, str]:
    message = render(deployment.texts, locale, one["topic"], one["told"], one["place"])
    said = {"id": one["id"], "topic": one["topic"], "title": message.title, "body": message.body}
    return {**said, "url": f"{deployment.options.base_url}{one['path']}", "at": one["at"]}


def _letter(deployment: Deployment, locale: str, items: Sequence[Mapping[str, str]], unsubscribe: str) -> str:
    texts, rest = deployment.texts, len(items) - SHOWN
    parts = [f"{one['title']}\n{one['body']}\n{one['url']}" for one in items[:SHOWN]]
    if rest > 0:
        parts.append(texts.say(locale, "inbox.mail.more", {"number": rest}))
    links = {"settings": f"{deployment.options.base_url}/me/inbox/settings", "unsubscribe": unsubscribe}
    return "\n\n".join([*parts, f"-- \n{texts.say(locale, 'inbox.mail.foot', links)}"]) + "\n"


def _opened(deployment: Deployment, row: Found) -> dict[str, Any]:
    vault = Vault(deployment.seal)
    address, secret = (vault.open(row.account_id, row.channel, kept) for kept in (row.address, row.secret))
    return {"address": address, "secret": secret, "locale": row.locale}


def _close(session: ScopedSession, delivery_id: UUID, state: str | None, fault: str) -> None:
    session.execute(CLOSE, {"delivery_id": delivery_id, "state": state, "fault": fault[:LONG]})
