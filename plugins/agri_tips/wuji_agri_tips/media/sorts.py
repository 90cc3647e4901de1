"""What a file is, by its first bytes: what its name or its sender says counts for nothing."""

from dataclasses import dataclass

import filetype

from wuji.api import Problem


@dataclass(frozen=True)
class Sort:
    """One sort of file that is taken: its kind, how it is served, and how its name ends."""

    kind: str
    media: str
    ending: str


SORTS = {
    sort.media: sort
    for sort in (
        Sort("picture", "image/jpeg", "jpg"),
        Sort("picture", "image/png", "png"),
        Sort("picture", "image/webp", "webp"),
        Sort("audio", "audio/mpeg", "mp3"),
        Sort("audio", "audio/mp4", "m4a"),
        Sort("audio", "audio/ogg", "ogg"),
        Sort("audio", "audio/wav", "wav"),
        Sort("video", "video/mp4", "mp4"),
        Sort("video", "video/webm", "webm"),
    )
}
# How the library calls some of them, and what phones write into their files.
OTHERWISE = {
    "audio/x-wav": "audio/wav",
    "audio/m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
}
FTYP = slice(4, 8)
BRAND = slice(8, 12)
VIDEO_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}


def find_sort(head: bytes) -> Sort | None:
    """The sort of what begins so, or None where it is not taken."""
    if head[FTYP] == b"ftyp":
        if head[BRAND] in {b"M4A ", b"M4B "}:
            return SORTS["audio/mp4"]
        return SORTS["video/mp4"] if head[BRAND] in VIDEO_BRANDS else None
    guessed = filetype.guess_mime(head)
    return SORTS.get(OTHERWISE.get(guessed, guessed)) if guessed else None


def get_sort(head: bytes) -> Sort:
    """Raises 415 for what is not taken, 422 for nothing at all."""
    if not head:
        raise Problem("agri_tips.media_empty", 422)
    sort = find_sort(head)
    if sort is None:
        raise Problem("agri_tips.media_kind", 415)
    return sort
