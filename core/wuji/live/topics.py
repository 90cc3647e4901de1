"""What can be listened to: topics as they are declared, as a page asks for them, and as records of the journal touch them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from wuji.plugin.running import LiveTopic

# name, name@tenant or name@tenant/subject
ASKED = re.compile(
    r"(?P<name>[a-z_]+(?:\.[a-z_]+)?)(?:@(?P<code>[0-9A-Za-z-]{1,40})(?:/(?P<subject>[0-9A-Za-z.-]{1,64}))?)?"
)
TOPICS = (
    LiveTopic(
        name="access", of="account", kinds=frozenset({"account", "account_session", "role_grant"}), permission="account"
    ),
    LiveTopic(name="inbox", of="account", permission="account", body="wuji.live_of_inbox"),
    LiveTopic(name="jobs", of="account", permission="account", body="wuji.live_of_jobs"),
    LiveTopic(name="figures", of="tenant", permission="rollup.figure.read", body="wuji.live_of_figures"),
    LiveTopic(name="tenants", of="tenant", kinds=frozenset({"tenant"})),
)
# Of whose records the account must be asked anew what it may listen to.
ACCESS = TOPICS[0].kinds


class Key(NamedTuple):
    """What a record touches and a page listens to: a topic of one account, tenant or subject."""

    topic: str
    of: str


class Asking(NamedTuple):
    """What the database is asked: may this session listen there?"""

    session: bytes | None
    code: str | None
    permission: str


class Held(NamedTuple):
    """That it may: as whom, and where that is, from the root down."""

    account_id: UUID | None
    ancestors: Sequence[int] | None


class News(NamedTuple):
    """One record of the journal, as far as it matters here."""

    xid: int
    verb: str
    kind: str
    tenant_id: int | None
    ancestors: Sequence[int] | None
    about: UUID | None
    subject_id: str | None


class Wish(NamedTuple):
    """A topic as a page asks for it. `plugin` is whose it is; empty: of the core."""

    text: str
    topic: LiveTopic
    plugin: str
    code: str | None
    subject: str | None

    def asking(self, session: bytes | None) -> Asking:
        return Asking(session, self.code, self.topic.permission)

    def keys(self, held: Held) -> list[Key]:
        """Under what it is told."""
        name, above = self.topic.name, held.ancestors or ()
        match self.topic.of:
            case "account":
                return [Key(name, str(held.account_id))]
            case "tenant":
                return [Key(name, str(above[-1]))]
            case "below":
                return [Key(name, str(one)) for one in above]
            case "tree":
                return [Key(name, str(above[0]))]
            case "subject":
                return [Key(name, f"{above[-1]}/{self.subject}")]


class Topics:
    """Every topic of the core and of plugins."""

    def __init__(self, core: Iterable[LiveTopic], plugins: Iterable[tuple[str, LiveTopic]] = ()) -> None:
        """Raises ValueError for a name that two have."""
        self.owners: dict[str, str] = {}
        self.by_name: dict[str, LiveTopic] = {}
        self.by_kind: dict[str, list[LiveTopic]] = {}
        for owner, topic in (*(("", one) for one in core), *plugins):
            if topic.name in self.by_name:
                raise ValueError(f"two live topics are called {topic.name}")
            self.by_name[topic.name], self.owners[topic.name] = topic, owner
            for kind in topic.kinds:
                self.by_kind.setdefault(kind, []).append(topic)

    def find(self, text: str) -> Wish | None:
        """What a page asks for; None: there is no such thing to ask."""
        found = ASKED.fullmatch(text)
        topic = self.by_name.get(found["name"]) if found else None
        if not found or not topic:
            return None
        fits = bool(found["code"]) is (topic.of != "account") and bool(found["subject"]) is (topic.of == "subject")
        return Wish(text, topic, self.owners[topic.name], found["code"], found["subject"]) if fits else None

    def touched(self, news: News) -> Iterator[tuple[LiveTopic, Key]]:
        """Whom a record is told to."""
        for topic in self.by_kind.get(news.kind, ()):
            if not topic.verbs or news.verb in topic.verbs:
                yield from ((topic, Key(topic.name, of)) for of in _touched(topic, news))


def _touched(topic: LiveTopic, news: News) -> Iterator[str]:
    match topic.of:
        case "account" if news.about:
            yield str(news.about)
        case "tenant":
            yield from map(str, news.ancestors or ())
        case "below" if news.tenant_id:
            yield str(news.tenant_id)
        case "tree" if news.ancestors:
            yield str(news.ancestors[0])
        case "subject" if news.tenant_id:
            yield f"{news.tenant_id}/{news.subject_id}"
