"""What somebody wants to be told of, by which channel and when."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select, text

from wuji.identity.services.own import list_own_grants
from wuji.inbox.channels import EMAIL, INBOX, Channels
from wuji.inbox.models import Address, Subscription
from wuji.inbox.topics import Topics
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault, check_version, invalid
from wuji.plugin.running import Topic, channel_key, topic_key

NOTHING = 1  # the version of whoever has chosen nothing: there is something to name in If-Match before there is a row
DIGEST_AT = time(8)
TIMINGS = ("now", "digest", "off")
ZONES = frozenset(available_timezones())
FIRST = text(
    "insert into wuji.subscription(account_id, version) values (wuji.scope_account(), :version) on conflict do nothing "
    "returning version"
)
Choices = Mapping[str, Mapping[str, str]]


def get_choices(deployment: Deployment, session: ScopedSession, locale: str) -> tuple[Mapping[str, Any], int]:
    """Everything that can be chosen, as it stands, and its version."""
    kept = _find(session)
    choices: Choices = kept.choices if kept else {}
    channels = deployment.part(Channels)
    names = [INBOX, *channels.by_name]
    say = deployment.texts.catalogue(locale)
    topics = [
        {
            "topic": topic.name,
            "label": say[f"{topic_key(topic.name)}.label"],
            "timings": {name: timing(choices, topic, name) for name in names},
            "chosen": {name: kind for name, kind in choices.get(topic.name, {}).items() if name in names},
        }
        for topic in _visible(deployment, session)
    ]
    quiet = kept is not None and kept.quiet_from is not None and kept.quiet_until is not None
    shown = {
        "topics": topics,
        "channels": list(_channels(session, channels, say)),
        "quiet": {"from": f"{kept.quiet_from:%H:%M}", "until": f"{kept.quiet_until:%H:%M}"} if kept and quiet else None,
        "digest_at": f"{kept.digest_at if kept else DIGEST_AT:%H:%M}",
        "zone": kept.zone if kept else None,
    }
    return shown, kept.version if kept else NOTHING


def choose(deployment: Deployment, session: ScopedSession, wish: Mapping[str, Any], version: int) -> None:
    """Exactly this. Raises 412 where another of the person's devices was faster, 422 for what cannot be chosen."""
    _check(deployment, wish)
    kept = _find(session)
    check_version(kept.version if kept else NOTHING, version)
    if kept is None:
        made = session.execute(FIRST, {"version": NOTHING}).scalar()
        check_version(made, NOTHING)
        kept = session.execute(select(Subscription)).scalar_one()
    quiet = wish["quiet"] or {}
    # what was chosen of a plugin that is not served just now is there when it is again
    resting = {topic: kind for topic, kind in kept.choices.items() if topic not in deployment.part(Topics).by_name}
    kept.choices = resting | {topic: dict(by_channel) for topic, by_channel in wish["chosen"].items() if by_channel}
    kept.quiet_from, kept.quiet_until = quiet.get("from_"), quiet.get("until")
    kept.digest_at, kept.zone = wish["digest_at"], wish["zone"]
    session.flush()


def timing(choices: Choices, topic: Topic, channel: str) -> str:
    """What a person chose, or what holds until they do: as timing_of says it in SQL."""
    usual = {INBOX: "now", EMAIL: topic.email}.get(channel, "off")
    return choices.get(topic.name, {}).get(channel, usual)


def _find(session: ScopedSession) -> Subscription | None:
    return session.execute(
        select(Subscription).where(Subscription.account_id == session.actor.account_id)
    ).scalar_one_or_none()


def _visible(deployment: Deployment, session: ScopedSession) -> Iterable[Topic]:
    held = {permission for grant in list_own_grants(session) for permission in grant["permissions"]}
    return [
        topic for topic in deployment.part(Topics).by_name.values() if not topic.permission or topic.permission in held
    ]


def _channels(session: ScopedSession, channels: Channels, say: Mapping[str, str]) -> Iterable[Mapping[str, Any]]:
    """`ready`: somebody who chooses it is reached by it."""
    ready = set(
        session.execute(
            select(Address.channel).where(Address.verified_at.is_not(None), Address.refused_at.is_(None))
        ).scalars()
    )
    yield {"channel": INBOX, "label": say[channel_key(INBOX)], "ready": True, "timings": ["now", "off"]}
    for name in channels.by_name:
        label = say[channel_key(name)]
        yield {"channel": name, "label": label, "ready": name in ready, "timings": list(TIMINGS)}


def _check(deployment: Deployment, wish: Mapping[str, Any]) -> None:
    topics, channels = deployment.part(Topics).by_name, deployment.part(Channels).by_name
    faults = []
    for topic, by_channel in wish["chosen"].items():
        if topic not in topics:
            faults.append(Fault(f"#/chosen/{topic}", "inbox.invalid.topic"))
        for channel, kind in by_channel.items():
            if channel not in channels and channel != INBOX:
                faults.append(Fault(f"#/chosen/{topic}/{channel}", "inbox.invalid.channel"))
            elif kind == "digest" and channel == INBOX:
                faults.append(Fault(f"#/chosen/{topic}/{channel}", "inbox.invalid.no_digest"))
    if wish["zone"] is not None and wish["zone"] not in ZONES:
        faults.append(Fault("#/zone", "inbox.invalid.zone"))
    if faults:
        raise invalid(*faults)
