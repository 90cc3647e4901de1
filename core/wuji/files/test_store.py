"""A folder of bytes under their own hash: whole or not there, nobody else's, and gone only when nothing wants them."""

import io
import os
import time
from hashlib import sha256

import pytest

from wuji.files.store import PIECE, FolderStore

DAY = 24 * 3600


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def put(store, content=b"x"):
    return store.put(io.BytesIO(content)).sha256


def path_of(store, blob):
    name = blob.hex()
    return store.folder / name[:2] / name[2:4] / name


def age(path, days):
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def files_below(store):
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [b"", b"x", os.urandom(3 * PIECE + 7)])
def test_what_is_put_comes_back(store, content):
    blob = store.put(io.BytesIO(content))
    assert blob == (sha256(content).digest(), len(content))
    with store.open(blob.sha256) as stream:
        assert stream.read() == content
        stream.seek(len(content) // 2)
        assert stream.read() == content[len(content) // 2 :]
    assert files_below(store) == [path_of(store, blob.sha256)]


def test_nobody_else_may_look(store):
    path = path_of(store, put(store))
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent, store.folder)} == {0o700}


def test_the_same_bytes_lie_once(store):
    before = path_of(store, put(store)).stat().st_ino
    assert path_of(store, put(store)).stat().st_ino == before
    assert len(files_below(store)) == 1


def test_a_blob_that_a_disk_has_cut_short_is_mended(store):
    blob = put(store, b"whole")
    path_of(store, blob).write_bytes(b"who")
    assert put(store, b"whole") == blob
    assert path_of(store, blob).read_bytes() == b"whole"


def test_a_stream_that_breaks_leaves_nothing(store):
    class Broken(io.RawIOBase):
        def read(self, _size=-1):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        store.put(Broken())
    assert files_below(store) == []


def test_absent(store):
    with pytest.raises(FileNotFoundError):
        store.open(bytes(32))
    assert list(store.list_blobs()) == []


def test_a_blob_goes_when_it_has_been_out_of_use_long_enough(store):
    blob = put(store)
    assert list(store.list_blobs()) == [blob]
    age(path_of(store, blob), 100)
    assert not store.drop(blob, 7 * DAY)  # said for the first time
    assert not store.drop(blob, 7 * DAY)
    age(store.folder / "unused" / blob.hex(), 8)
    assert store.drop(blob, 7 * DAY)
    assert files_below(store) == []
    assert not store.drop(blob, 7 * DAY)


def test_use_in_between_begins_the_time_anew(store):
    blob = put(store)
    age(path_of(store, blob), 100)
    store.drop(blob, 7 * DAY)
    age(store.folder / "unused" / blob.hex(), 8)
    store.spare(blob)
    assert not store.drop(blob, 7 * DAY)
    assert list(store.list_blobs()) == [blob]


def test_bytes_put_again_stay_although_no_row_is_seen_yet(store):
    blob = put(store)
    age(path_of(store, blob), 100)
    store.drop(blob, 7 * DAY)
    age(store.folder / "unused" / blob.hex(), 8)
    put(store)  # by a transaction that has not committed its row
    assert not store.drop(blob, 7 * DAY)
    assert list(store.list_blobs()) == [blob]


def test_a_put_while_the_blob_is_set_aside_is_seen(store, monkeypatch):
    blob = put(store)
    path = path_of(store, blob)
    age(path, 100)
    store.drop(blob, 7 * DAY)
    age(store.folder / "unused" / blob.hex(), 8)
    rename = type(path).rename

    def rename_after_a_put(self, target):
        if self == path:
            put(store)
        return rename(self, target)

    monkeypatch.setattr(type(path), "rename", rename_after_a_put)
    assert not store.drop(blob, 7 * DAY)
    assert files_below(store) == [path, store.folder / "unused" / blob.hex()]


def test_tidying_up_after_a_program_that_was_killed(store):
    blob = put(store)
    path = path_of(store, blob)
    path.rename(path.with_suffix(".dropped"))
    old, fresh = store.folder / "draft-old", store.folder / "draft-fresh"
    for draft in (old, fresh):
        draft.touch()
    age(old, 2)
    store.tidy()
    assert files_below(store) == sorted([path, fresh])
