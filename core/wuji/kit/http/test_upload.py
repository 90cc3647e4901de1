"""A body that comes in: on the disk under no name, judged by how it begins, refused as soon as it is too large."""

import io
from hashlib import sha256

import pytest
from flask import Flask

from wuji.kit.http.upload import HEAD, PIECE, receive
from wuji.kit.problem import Problem


class Drops(io.RawIOBase):
    """A sender whose pieces are small; counts what is taken."""

    def __init__(self, content):
        self.content, self.taken = io.BytesIO(content), 0

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self.content.read(min(len(buffer), 1000))
        buffer[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


@pytest.fixture
def sent(tmp_path):
    app = Flask("test")
    app.config["MAX_CONTENT_LENGTH"] = 10  # of JSON bodies; it is not asked here
    folder = tmp_path / "files"

    def send(content, judge, *, said=None):
        stream = Drops(content)
        environ = {"wsgi.input": stream, "wsgi.input_terminated": True}
        if said is not None:
            environ["CONTENT_LENGTH"] = str(said)
        with app.test_request_context("/", method="POST", environ_overrides=environ) as context:
            try:
                with receive(context.request, folder, judge) as upload:
                    assert list(folder.iterdir()) == []
                    return upload.stream.read(), upload.size, upload.sha256
            finally:
                send.taken = stream.taken

    return send


@pytest.mark.parametrize("size", [0, 1, HEAD, HEAD + 1, PIECE + HEAD + 7])
def test_what_is_sent_arrives(sent, size):
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    heads = []
    assert sent(content, lambda head: heads.append(head) or size) == (content, size, sha256(content).digest())
    assert heads == [content[:HEAD]]


@pytest.mark.parametrize("said", [None, 1_000_000])
def test_too_large(sent, said):
    with pytest.raises(Problem) as refused:
        sent(bytes(1_000_000), lambda _head: 50_000, said=said)
    assert (refused.value.slug, refused.value.status, refused.value.params) == (
        "kit.upload_too_large",
        413,
        {"most": "0.05"},
    )
    assert sent.taken <= (HEAD if said else 50_000 + PIECE)


def test_refused_by_its_first_bytes(sent):
    def judge(_head):
        raise Problem("kit.media_type", 415)

    with pytest.raises(Problem, match=r"kit\.media_type"):
        sent(bytes(1_000_000), judge)
    assert sent.taken == HEAD


def test_cut_short(sent, tmp_path):
    with pytest.raises(Problem, match=r"kit\.bad_request"):
        sent(bytes(100), lambda _head: 1000, said=200)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
