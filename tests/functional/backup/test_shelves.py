"""Shelves: a folder and a bucket keep the same promises, and a bucket's store is a process of its own that can fail."""

import io
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from urllib.request import Request, urlopen

import boto3
import pytest
from boto3.s3.transfer import TransferConfig

from wuji.backup import buckets
from wuji.backup.places import open_shelf
from wuji.backup.programs import BackupError
from wuji.backup.sets import Manifest, begin_set, finish_set, pooled, prune
from wuji.backup.shelves import DamagedError
from wuji.files.store import FolderStore
from wuji.kit.clock import now

SERVER = """
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
input()
"""
PART = 5 << 20  # the smallest that S3 allows
BUCKET, WHERE = "backups", "s3://backups/county?style=path"


@pytest.fixture(scope="module")
def store():
    """The port of an S3 server that nobody else uses."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield int(process.stdout.readline())
        process.stdin.close()


@pytest.fixture
def bucket(store, monkeypatch):
    """An empty bucket, found as AWS's own tools would find it."""
    asked = {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "DEFAULT_REGION": "us-east-1", "MAX_ATTEMPTS": "1"}
    for name, value in {**asked, "ENDPOINT_URL": f"http://127.0.0.1:{store}"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    tell(store, "reset")
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def tell(store, what, said=b""):
    plain = {"Content-Type": "text/plain"}
    urlopen(Request(f"http://127.0.0.1:{store}/moto-api/{what}", said, plain, method="POST")).close()


@pytest.fixture(params=["folder", "bucket"])
def shelf(request, tmp_path):
    if request.param == "folder":
        return open_shelf(str(tmp_path / "backups"))
    request.getfixturevalue("bucket")
    return open_shelf(WHERE)


class Cut:
    """A stream that breaks off."""

    def __init__(self, content):
        self.stream = io.BytesIO(content)

    def read(self, size):
        piece = self.stream.read(size)
        if not piece:
            raise BackupError("pg_dump failed")
        return piece


def test_what_is_put_is_there_whole(shelf):
    stored = shelf.put("one/database.dump", io.BytesIO(b"rows"))
    shelf.put("files/ab/cd/abcd", io.BytesIO(b""))
    assert (shelf.folders(), stored.size) == (["files", "one"], 4)
    assert list(shelf.sizes("one")) == [("one/database.dump", 4)]
    with shelf.local("one/database.dump", stored.sha256) as path:
        assert path.read_bytes() == b"rows"
    with shelf.open("files/ab/cd/abcd") as stream:
        assert stream.read(1) == b""
    shelf.remove_folder("one")
    shelf.remove_folder("one")
    assert shelf.folders() == ["files"]
    with pytest.raises(FileNotFoundError), shelf.open("one/database.dump"):
        pytest.fail("it is gone")


def test_what_is_damaged_or_cut_short_never_gets_its_name(shelf):
    digest = shelf.put("one/x", io.BytesIO(b"rows")).sha256
    for broken in (lambda: shelf.put("two/x", io.BytesIO(b"rowz"), digest), lambda: shelf.put("two/x", Cut(b"rows"))):
        with pytest.raises(BackupError):
            broken()
    shelf.put("one/x", io.BytesIO(b"rowz"))
    with pytest.raises(DamagedError, match="one/x is damaged"), shelf.local("one/x", digest):
        pytest.fail("it was not looked at")
    assert list(shelf.sizes("two")) == []


def test_what_another_one_is_just_taking_is_left(shelf):
    """It counts on files of the pool that no complete backup names; what was given up a day ago counts on nothing."""
    at = now()
    empty = {"dump_sha256": "", "tables": {}, "files": {}, "chains": []}
    made = finish_set(shelf, begin_set(shelf, at), Manifest(wuji="1", postgres="18", taken_at=at, **empty))
    given_up = begin_set(shelf, at - timedelta(days=2))
    shelf.put(pooled("ab" * 32), io.BytesIO(b"x"))
    live = begin_set(shelf, at + timedelta(seconds=1))
    assert prune(shelf, 1) == []
    assert shelf.folders() == [made.name, live, "files"]
    shelf.remove_folder(live)
    assert prune(shelf, 1) == []
    assert list(shelf.sizes("files")) == []
    assert given_up not in shelf.folders()


def test_many_parts(bucket, monkeypatch):
    """Longer than what is held in memory, from a stream whose length nobody knows."""
    content = bytes(range(256)) * (3 * PART // 256) + b"the end"
    monkeypatch.setattr(
        buckets,
        "TRANSFER",
        TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False),
    )
    shelf = open_shelf(WHERE)
    stored = shelf.put("one/long", io.BytesIO(content))
    assert bucket.head_object(Bucket=BUCKET, Key="county/one/long")["ETag"].endswith('-4"')
    with shelf.local("one/long", stored.sha256) as path:
        assert path.read_bytes() == content
    with pytest.raises(BackupError, match="pg_dump failed"):
        shelf.put("two/long", Cut(content))
    assert list(shelf.sizes("two")) == []
    assert "Uploads" not in bucket.list_multipart_uploads(Bucket=BUCKET)


def test_the_network_goes_in_the_middle(bucket, store, monkeypatch):
    """Nothing of it counts, and what the store keeps of it is cleared up later."""
    monkeypatch.setattr(
        buckets, "TRANSFER", TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
    )
    with Wire(store, 2 * PART) as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{wire.port}")
        with pytest.raises(BackupError, match="cannot be used"):
            open_shelf(WHERE).put("one/long", io.BytesIO(bytes(4 * PART)))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{store}")
    shelf = open_shelf(WHERE)
    assert list(shelf.sizes("one")) == []
    shelf.tidy(0)
    assert len(bucket.list_multipart_uploads(Bucket=BUCKET)["Uploads"]) == 1
    shelf.tidy(2**33)
    assert "Uploads" not in bucket.list_multipart_uploads(Bucket=BUCKET)


class Wire:
    """The way to a server, which is cut once so many bytes went there."""

    def __init__(self, to, after):
        self.to, self.left = to, after
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.cut()
        self.thread.join(30)

    def cut(self):
        self.left = 0
        self.listener.close()

    def carry(self):
        """One connection after another: the library keeps one open."""
        while self.left > 0:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, socket.create_connection(("127.0.0.1", self.to)) as server:
                back = threading.Thread(target=self.answer, args=(server, client))
                back.start()
                while self.left > 0 and (piece := client.recv(1 << 16)):
                    server.sendall(piece)
                    self.left -= len(piece)
                server.shutdown(socket.SHUT_RDWR)
                back.join(30)
        self.cut()

    @staticmethod
    def answer(server, client):
        while piece := server.recv(1 << 16):
            client.sendall(piece)


@pytest.mark.usefixtures("bucket")
def test_places_that_are_not_there(ask, monkeypatch):
    said = ask("backup", "s3://nowhere?style=path")
    assert (said.exit_code, "there is no bucket nowhere" in said.output) == (1, True)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    said = ask("drill", WHERE)
    assert (said.exit_code, "cannot be used: Could not connect" in said.output) == (1, True)


@pytest.mark.usefixtures("bucket")
def test_a_store_that_refuses(ask, store):
    tell(store, "reset-auth", b"0")
    try:
        answer = ask("backup", WHERE)
    finally:
        tell(store, "reset-auth", b"1000000")
    assert answer.exit_code == 1
    assert "AWS_ACCESS_KEY_ID" in answer.output


def test_a_backup_in_a_bucket_comes_back(ask, bucket, files):
    made = [ask("backup", WHERE) for _ in range(2)]
    assert [one.exit_code for one in made] == [0, 0], made[0].output + made[1].output
    drilled = ask("drill", WHERE)
    assert drilled.exit_code == 0, drilled.output
    assert "s3://backups/county/2" in drilled.output
    assert "1 files" in drilled.output
    assert "was removed" in ask("backup", WHERE, "--keep", "1").output
    keys = [one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert len([key for key in keys if key.startswith("county/2")]) == 2
    (blob,) = FolderStore(files.folder).list_blobs()
    assert [key for key in keys if key.startswith("county/files/")] == [
        f"county/files/{blob.hex()[:2]}/{blob.hex()[2:4]}/{blob.hex()}"
    ]


def test_without_the_library_it_is_named(monkeypatch):
    monkeypatch.setattr("wuji.backup.places.find_spec", lambda _name: None)
    with pytest.raises(BackupError, match=r"wuji\[s3\]"):
        open_shelf(WHERE)
