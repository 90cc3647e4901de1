"""Bodies too large for memory: streamed to the disk before any transaction begins, and refused while they come."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from flask import Request

from wuji.kit.problem import Problem

# Of a body's first bytes: how many bytes it may have. Raises the Problem of what is not taken at all.
Judge = Callable[[bytes], int]
HEAD = 4096
PIECE = 1 << 18
MEGABYTE = 1_000_000
UNBOUNDED = 1 << 40  # for Flask, whose own limit is that of JSON bodies


@dataclass(frozen=True)
class Upload:
    """What was sent, on the disk under no name: it is gone when the request ends, whatever ends it."""

    stream: BinaryIO
    size: int
    sha256: bytes


@contextmanager
def receive(request: Request, folder: Path, judge: Judge) -> Iterator[Upload]:
    """Takes a body in. Raises 413 as soon as it is known to be too large, before that much lies on the disk."""
    request.max_content_length = UNBOUNDED
    head = _read_head(request.stream)
    most = judge(head)
    if (request.content_length or 0) > most:
        raise too_large(most)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as stream:
        size, digest, piece = 0, hashlib.sha256(), head
        while piece:
            size += len(piece)
            if size > most:
                raise too_large(most)
            digest.update(piece)
            stream.write(piece)
            piece = request.stream.read(PIECE)
        if request.content_length not in {None, size}:  # the sender was cut off
            raise Problem("kit.bad_request", 400)
        stream.seek(0)
        yield Upload(stream, size, digest.digest())


def too_large(most: int) -> Problem:
    """413 that says the limit."""
    return Problem("kit.upload_too_large", 413, most=f"{most / MEGABYTE:g}")


def _read_head(stream: IO[bytes]) -> bytes:
    """A body comes in pieces of any size."""
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head
