"""MP4 files are boxes within boxes (ISO 14496-12). Those that say where and by what a film was made are emptied in place."""

import struct
from typing import BinaryIO

# Phones write the position into udta/©xyz or meta; uuid holds XMP. A decoder needs none of them.
EMPTIED = {b"udta", b"meta", b"uuid"}
ENTERED = {b"moov", b"trak", b"mdia"}
HEADER, LONG = 8, 16
MOST_BOXES = 10_000
DEEP = 6
BLANK = bytes(1 << 16)


class BrokenBoxError(ValueError):
    """A box says that it is longer than what it lies in, or shorter than its own header."""


def empty_boxes(stream: BinaryIO) -> None:
    """Turns boxes of metadata into free space of the same length: nothing else moves. Raises BrokenBoxError."""
    end = stream.seek(0, 2)
    _empty(stream, 0, end, [0], 0)
    stream.seek(0)


def _empty(stream: BinaryIO, start: int, end: int, counted: list[int], depth: int) -> None:
    place = start
    while place < end:
        counted[0] += 1
        size, name, header = _read_header(stream, place, end)
        if counted[0] > MOST_BOXES or depth > DEEP:
            raise BrokenBoxError("too many boxes")
        if name in EMPTIED:
            _blank(stream, place, header, size)
        elif name in ENTERED:
            _empty(stream, place + header, place + size, counted, depth + 1)
        place += size


def _read_header(stream: BinaryIO, place: int, end: int) -> tuple[int, bytes, int]:
    """(size, name, length of the header)."""
    stream.seek(place)
    head = stream.read(min(LONG, end - place))
    if len(head) < HEADER:
        raise BrokenBoxError(f"at {place}")
    size, name = struct.unpack(">I4s", head[:HEADER])
    header = HEADER
    if size == 0:  # up to the end
        size = end - place
    elif size == 1:
        if len(head) < LONG:
            raise BrokenBoxError(f"at {place}")
        (size,), header = struct.unpack(">Q", head[HEADER:LONG]), LONG
    if size < header or place + size > end:
        raise BrokenBoxError(f"at {place}")
    return size, name, header


def _blank(stream: BinaryIO, place: int, header: int, size: int) -> None:
    stream.seek(place + 4)
    stream.write(b"free")
    stream.seek(place + header)
    left = size - header
    while left > 0:
        left -= stream.write(BLANK[:left])
