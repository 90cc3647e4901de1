"""Topics: what people can be told of. Each upgrade writes those that the core and the plugins declare into the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from wuji.kit.rowsec.functions import run
from wuji.plugin.running import Topic

REVIEW, OPERATE, MOVE = "onboarding.application.review", "journal.consumer.read", "tenancy.tenant.move"
RESET, LOOK = "identity.account.reset", "onboarding.registration.review"
TOPICS: tuple[Topic, ...] = (
    Topic(name="inbox.application", email="digest", permission=REVIEW),
    Topic(name="inbox.decision", email="now"),
    Topic(name="inbox.registration", email="digest", permission=LOOK),
    Topic(name="inbox.registered", email="now"),
    Topic(name="inbox.grant_given", email="digest"),
    Topic(name="inbox.grant_taken", email="digest"),
    Topic(name="inbox.password_reset", email="now"),
    Topic(name="inbox.factor", email="now"),
    Topic(name="inbox.recovery", email="now", permission=RESET),
    Topic(name="inbox.transfer_asked", email="now", permission=MOVE),
    Topic(name="inbox.transfer_answered", email="now", permission=MOVE),
    Topic(name="inbox.job_done"),
    Topic(name="inbox.job_failed"),
    Topic(name="inbox.address_lost", email="now"),
    Topic(name="inbox.trouble", email="now", permission=OPERATE),
)
# Kinds of what happened that people are told of.
FOLLOWED = frozenset({"account", "application", "consumer", "registration", "role_grant", "tenant_transfer"})
PUT = text(
    "insert into wuji.topic as t(name, email) values (:name, :email) on conflict (name) do update set email = excluded.email "
    "where t.email <> excluded.email"
)
# What a plugin declared stays while the plugin is in the database, also when its code cannot be read just now.
DROP = text(
    "delete from wuji.topic where name <> all(:names) "
    "and split_part(name, '.', 1) not in (select p.id from wuji.plugin p where p.id <> all(:loaded))"
)


@dataclass(frozen=True)
class Topics:
    """Those of one program, by name."""

    by_name: Mapping[str, Topic]


def register_topics(declared: Iterable[Topic]) -> Topics:
    """Raises ValueError for a name taken twice."""
    by_name: dict[str, Topic] = {}
    for topic in declared:
        if topic.name in by_name:
            raise ValueError(f"two topics are called {topic.name}")
        by_name[topic.name] = topic
    return Topics(by_name)


def put_topics(connection: Connection, declared: Collection[Topic], loaded: Collection[str]) -> None:
    """Runs as wuji_owner in the upgrade's transaction; FORCE walls the owner too, so the definer writes."""
    run(connection, "set local role wuji_definer")
    for topic in declared:
        connection.execute(PUT, {"name": topic.name, "email": topic.email})
    connection.execute(DROP, {"names": [topic.name for topic in declared], "loaded": list(loaded)})
    run(connection, "set local role none")
