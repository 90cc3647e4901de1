"""Sound and film are served as they came, so they are read once to see that they are what they begin as."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from tinytag import TinyTag, TinyTagException

from wuji.api import Problem
from wuji_agri_tips.media.boxes import BrokenBoxError, empty_boxes
from wuji_agri_tips.media.sorts import Sort

UNREADABLE = (TinyTagException, OSError, ValueError, struct.error, IndexError, KeyError, EOFError, UnicodeError)
BOXED = {"audio/mp4", "video/mp4"}
EBML_SEGMENT = b"\x18\x53\x80\x67"
HEAD = 4096


@dataclass(frozen=True)
class Recording:
    """Sound or film; `seconds` is None where the file does not say."""

    seconds: int | None


def probe(stream: BinaryIO, sort: Sort) -> Recording:
    """Frees an MP4 of metadata, in place. Raises 422 for a file that cannot be played."""
    try:
        if sort.media in BOXED:
            empty_boxes(stream)
        seconds = _find_seconds(stream, sort)
    except (*UNREADABLE, BrokenBoxError) as error:
        raise Problem("agri_tips.recording_unreadable", 422) from error
    finally:
        stream.seek(0)
    if sort.media != "video/webm" and not seconds:
        raise Problem("agri_tips.recording_unreadable", 422)
    return Recording(max(1, round(seconds)) if seconds else None)


def _find_seconds(stream: BinaryIO, sort: Sort) -> float | None:
    stream.seek(0)
    if sort.media == "video/webm":
        if EBML_SEGMENT not in stream.read(HEAD):
            raise ValueError("no segment")
        return None
    ending = "m4a" if sort.media == "video/mp4" else sort.ending
    return TinyTag.get(f"recording.{ending}", file_obj=stream, tags=False).duration
