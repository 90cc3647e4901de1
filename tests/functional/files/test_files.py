"""Stored files: rows behind the wall, bytes in a folder, and the sweep that removes what no row names any more."""

import io
import os
import time
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from wuji.files.services import StoredFiles, sweep
from wuji.files.store import FolderStore
from wuji.kit.db.session import unit_of_work
from wuji.kit.problem import Problem
from wuji.testing import World, factories

WEEK = 7 * 24 * 3600


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


@pytest.fixture
def enter(server, world):
    def open_session(who="official@village", at="village"):
        return unit_of_work(server.engine("wuji_app", world.database), world.door(who, at))

    return open_session


CONTENT, SWEPT = (
    token_bytes(16),
    token_bytes(16),
)  # of this run alone: the same bytes of another test would keep each other alive


def keep(store, session, content=CONTENT, **given):
    owner = {"owner_kind": "test", "owner_id": "1"}
    return StoredFiles(store).keep(
        session, io.BytesIO(content), **{"name": "名.txt", "media": "text/plain", **owner, **given}
    )


def test_a_file_comes_back(store, enter):
    with enter() as session:
        file_id = keep(store, session)
    with enter() as session:
        file = StoredFiles(store).find(session, file_id)
        with file.stream as stream:
            assert (file.name, file.media, file.size, stream.read()) == ("名.txt", "text/plain", 16, CONTENT)
        assert StoredFiles(store).find(session, uuid4()) is None


def test_who_finds_it(store, enter):
    with enter() as session:
        file_id = keep(store, session)
    for who, at, found in (
        ("official@street", "street", True),
        ("clerk", "village", True),
        ("official@grid", "grid", False),
        ("official@other", "other", False),
        ("resident", "village", False),
    ):
        with enter(who, at) as session:
            file = StoredFiles(store).find(session, file_id)
            assert (file is not None) == found, who
            if file:
                file.stream.close()


def test_an_expired_file_is_not_found(store, enter):
    with enter() as session:
        file_id = keep(store, session, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        assert StoredFiles(store).find(session, file_id) is None


@pytest.mark.parametrize(("who", "at"), [("resident", "village"), ("operator", None), ("official@village", None)])
def test_who_has_no_range_keeps_nothing(store, enter, who, at):
    with pytest.raises(Problem, match="not_found"), enter(who, at) as session:
        keep(store, session)
    assert list(store.list_blobs()) == []


def make_old(store):
    then = time.time() - WEEK - 60
    for path in store.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def test_bytes_go_a_week_after_their_last_row(server, store, enter, world):
    system = server.engine("wuji_system", world.database)
    with enter() as session:
        one, two, other = keep(store, session, SWEPT), keep(store, session, SWEPT), keep(store, session)
    make_old(store)
    assert sweep(store, system) == 0
    world.run("delete from wuji.file where id = %s", one)
    assert (sweep(store, system), make_old(store), sweep(store, system)) == (
        0,
        None,
        0,
    )  # the second row still names them
    world.run("delete from wuji.file where id = %s", two)
    assert sweep(store, system) == 0  # out of use since now
    assert (make_old(store), sweep(store, system)) == (None, 1)
    with enter() as session, StoredFiles(store).find(session, other).stream as stream:
        assert stream.read() == CONTENT


def test_bytes_of_a_transaction_that_was_rolled_back_go_too(server, store, enter, world):
    with enter() as session:
        keep(store, session, token_bytes(16))
        session.rollback()
    system = server.engine("wuji_system", world.database)
    assert (sweep(store, system), make_old(store), sweep(store, system)) == (0, None, 1)


def test_a_lost_file_is_missing_and_said_to_be(store, enter, caplog):
    with enter() as session:
        file_id = keep(store, session)
        (blob,) = (path for path in store.folder.rglob("*") if path.is_file())
        blob.unlink()
        assert StoredFiles(store).find(session, file_id) is None
    assert "restore them from the backup" in caplog.text


def test_only_the_relay_asks_for_hashes(world):
    factories["wuji.file"](world, "village")
    for who, at in (("official@city", "city"), ("operator", None), (None, None)):
        with world.enter(who, at) as tx:
            assert tx.refused("select wuji.file_hashes(%s::bytea[])", [bytes(32)]) == "42501"


def test_the_purge_leaves_jobs_without_their_file(server, make_database):
    world = World(server, make_database())
    over, open_, unfinished = (
        factories["wuji.job"](world, "village", file_id=factories["wuji.file"](world, "village", **file), **job)
        for file, job in (
            ({"expires_at": "2001-01-01"}, {"state": "done", "finished_at": datetime.now(UTC)}),
            ({"expires_at": "2001-01-01"}, {"state": "done", "finished_at": datetime(2001, 1, 1, tzinfo=UTC)}),
            ({}, {"state": "running", "created_at": datetime(2001, 1, 1, tzinfo=UTC)}),
        )
    )
    with world.enter(login="wuji_system") as tx:
        purged = dict(tx.execute("select * from wuji.purge()").fetchall())
        tx.commit()
    assert (purged["wuji.file"], purged["wuji.job"]) == (2, 1)
    left = world.run("select id, file_id is not null from wuji.job order by created_at").fetchall()
    assert left == [(unfinished, True), (over, False)]
    assert open_ not in dict(left)
    world.close()


def test_kept_below_shared_and_taken_away(store, enter, world):
    """At a tenant of the range, for an audience that can change; never at one out of the range."""
    village, sibling = world.tenant["village"], world.tenant["sibling"]
    with enter("official@street", "street") as session:
        file_id = keep(store, session, tenant_id=village, audience=[world.token("village", 1)])
    for audience, who in (
        ([world.token("village", 1)], {"resident"}),
        ([world.token("sibling", 1)], {"neighbour"}),
        (None, set()),
    ):
        with enter("official@village") as session:
            StoredFiles(store).share(session, [file_id], audience)
        for reader, at in (("resident", "village"), ("neighbour", "sibling"), ("member", "village")):
            with enter(reader, at) as session:
                found = StoredFiles(store).find(session, file_id)
                assert (found is not None) == (reader in who), (reader, audience)
                if found:
                    found.stream.close()
    with enter("official@sibling", "sibling") as session:
        StoredFiles(store).share(session, [file_id], [0])
        StoredFiles(store).drop(session, [file_id])
    assert world.run("select audience from wuji.file where id = %s", file_id).fetchall() == [(None,)]
    with pytest.raises(DBAPIError, match="row-level security"), enter("official@village") as session:
        keep(store, session, tenant_id=sibling)
    with enter("official@village") as session:
        StoredFiles(store).drop(session, [file_id])
    assert world.run("select 1 from wuji.file where id = %s", file_id).fetchall() == []
