"""Documents of what was recorded by those who may write none: a batch of records at once, each row once."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from wuji.plugin.running import Happened
from wuji.search.following import follower
from wuji.search.registry import Search
from wuji.work.services import system_door

SPOIL = "update wuji.search_document set title = 'x' where kind = 'file' and id = any(%s)"


@pytest.fixture
def follow(finder, server):
    """Tells of records of notes below the city; returns the ids that were read from the table, in turn."""
    engine = server.engine("wuji_system", server.shared)
    plain = finder.deployment.part(Search)
    notes, asked = plain.kinds["file"], []

    def read(session, ids):
        asked.append(list(ids))
        return notes.read(session, ids)

    search = replace(plain, kinds={**plain.kinds, "file": replace(notes, read=read)})

    def tell(ids):
        records = [told_of(finder.world.tenant["village"], note) for note in ids]
        with (
            system_door(engine, "test", tenant_id=finder.world.tenant["city"], hold="1 minute") as door,
            finder.deployment.work(door) as session,
        ):
            follower(search).handle_all(session, records)
        return asked

    yield tell
    engine.dispose()


def told_of(tenant_id, note):
    return Happened(
        id=uuid4(),
        event_id=uuid4(),
        verb="test.note.edit",
        kind="file",
        subject_id=note,
        tenant_id=tenant_id,
        account_id=UUID(int=0),
        fields=(),
        at=datetime.now(UTC),
    )


def test_a_row_that_many_records_tell_of_is_read_once(finder, follow):
    notes = sorted(finder.note(f"防汛通知{n}|x") for n in range(3))
    finder.world.run(SPOIL, notes)
    read = follow(notes * 20)
    assert sorted(finder.titles("防汛通知")) == [f"防汛通知{n}" for n in range(3)]
    assert read == [notes, notes]  # to compare, and to write under a lock


def test_what_is_right_already_is_not_written(finder, follow):
    notes = sorted(finder.note(f"防火通知{n}|x") for n in range(2))
    finder.world.run(SPOIL, notes[:1])
    assert follow([*notes, str(uuid4())])[1:] == [notes[:1]]
