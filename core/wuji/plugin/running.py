"""What plugins hand to the core to be run later: after commit, by the clock, or on a person's wish. Frozen records; fields are
added with a default, never changed and never taken away.

Names are the plugin's own (`reminder`); the core puts `<plugin>.` before them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from wuji.kit.db.session import ScopedSession


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One journal record, as a handler is told of it."""

    id: UUID
    event_id: UUID
    verb: str
    kind: str
    subject_id: str | None
    tenant_id: int | None
    account_id: UUID | None
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A consumer of the journal: told of every record of its kinds after commit, in the order in which they were written, as
    a job of account `system` at the record's root.

    Each record is handled in a savepoint of its own. One that raises is set aside with the reason, and the next is handled. It
    may be told of a record again (somebody replays), so what it does twice must be as if done once: read how the row stands
    now, and write under a unique key. A new one begins with what happens after its installation, or `from_start` with the
    first record of the journal. Operators read what it is called: `<feature>.handler.<name>`.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[ScopedSession, Happened], None]
    from_start: bool = False
    # The same for many at once, tried first; where it raises, they are handled one by one.
    handle_all: Callable[[ScopedSession, Sequence[Happened]], None] | None = None


def title_key(name: str) -> str:
    """Of the text that says what a handler is called: `search.follow` is `search.handler.follow`."""
    feature, _, own = name.partition(".")
    return f"{feature}.handler.{own}"


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A job that is made by the clock, for each active root, in the time zone of that root.

    `cron` has five fields (minute hour day month weekday); `task` is the kind of a job function and `args` what it takes.
    missed: what becomes of times that passed while nothing ran: `skip` them, run `once` for the last one, or `all` (at most a
    hundred). Without `per_root` it runs once for the deployment, as the operator. The job is given its time as `due_at`.
    """

    name: str
    cron: str
    task: str
    args: Mapping[str, Any] = field(default_factory=dict)
    missed: Literal["skip", "once", "all"] = "once"
    per_root: bool = True


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What people can be told of, and choose to be: the texts are `<feature>.topic.<name>.label`, and of one notification
    `<feature>.topic.<name>.title` and `.body`, which take the notification's values.

    `email` is what holds for e-mail until a person chooses: `now`, in the daily `digest`, or `off`. With a `permission` only
    those who hold it somewhere are shown the topic among what they can choose.
    """

    name: str
    email: Literal["now", "digest", "off"] = "off"
    permission: str = ""


def topic_key(name: str) -> str:
    """Where a topic's texts stand."""
    feature, _, own = name.partition(".")
    return f"{feature}.topic.{own}"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message on its way out, in the reader's language. `id` stays the same however often it is tried.

    `url` is where it is read, `unsubscribe` where whoever holds the message ends such ones without a login (RFC 8058); empty
    where nothing can be ended. `values` is the same for programs to read.
    """

    id: str
    address: str
    secret: str
    subject: str
    text: str
    url: str
    locale: str
    values: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe: str = ""


A_DAY = (
    timedelta(seconds=30),
    *(timedelta(minutes=minutes) for minutes in (5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way to reach a person beside the inbox, called `<feature>.channel.<name>.label`.

    `check` raises a Problem for an address that cannot be one; `send` raises RefusedError where trying again is of no use,
    anything else where it is. `send` runs in a job, without a transaction.

    A message that does not go out is tried again after each of `waits`, then given up. With `ends_address` the address is at
    fault then: nothing goes there any more until its owner has proven it again, which they are told.
    """

    name: str
    check: Callable[[str], None]
    send: Callable[[Outgoing], None]
    waits: tuple[timedelta, ...] = A_DAY
    ends_address: bool = False


@dataclass(frozen=True, kw_only=True)
class LiveTopic:
    """Something that open pages are told of as it changes: that it did, not what; they ask for it again under their own rights.

    It is told of journal records of its `kinds`, of all of them or of some `verbs`: what only few may know of is no news to
    everybody. `of` says to whom: to pages of the `account` that a record is about; of its
    `tenant` and those above (who sees a whole subtree); of its tenant and those `below` (who sees what comes from above); of
    its whole `tree`; or of one `subject` of its tenant. `permission` is what one must hold there, `account` (be signed in)
    or `public`.

    `body` names an SQL function `<schema>.live_of_<name>(keys text[])` that returns (key text, body jsonb), for what is
    small, changes often and is the same for everybody who may listen: pages are told the body itself. It is read when one of
    the kinds is recorded, or each second where there are none. A key is the account's or tenant's id, of a subject
    `<tenant id>/<subject id>`.
    """

    name: str
    of: Literal["account", "tenant", "below", "tree", "subject"]
    kinds: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    permission: str = "public"
    body: str = ""


def channel_key(name: str) -> str:
    """Of the text that says what a channel is called. The core's own have no feature in their name."""
    feature, _, own = name.rpartition(".")
    return f"{feature or 'inbox'}.channel.{own}.label"


class RefusedError(RuntimeError):
    """The other side will never take this message, or the address is gone; the text says why."""
