"""Pictures and recordings of a draft: taken in, described, put in order, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete, func, select, update

from wuji.api import Files, Problem, ScopedSession, read_setting
from wuji_agri_tips.media.pictures import draw
from wuji_agri_tips.media.recordings import probe
from wuji_agri_tips.media.sorts import Sort, get_sort
from wuji_agri_tips.models import TipMedia
from wuji_agri_tips.services.finding import Found, get_managed, get_medium
from wuji_agri_tips.services.keeping import drop_files, files_of
from wuji_agri_tips.services.writing import touch_tip
from wuji_agri_tips.settings import MEGABYTES

OWNER = "agri_tips.tip_media"
MOST = 20  # pictures and recordings of one tip
HEAD = 4096
MEGABYTE = 1_000_000
LONG = 120  # characters of a file's name that are kept
DESCRIBED = ("alt", "caption", "transcript", "place")


@dataclass(frozen=True)
class Incoming:
    """A file that is to be a tip's, with the name that its sender gave it."""

    stream: BinaryIO
    name: str
    sort: Sort

    @property
    def tidy_name(self) -> str:
        """The name that people know it by, with the ending that it has."""
        stem = self.name.rpartition("/")[2].rpartition("\\")[2]
        stem = stem.rpartition(".")[0] or stem
        return f"{stem[:LONG].strip() or self.sort.kind}.{self.sort.ending}"


def open_incoming(stream: BinaryIO, name: str) -> Incoming:
    """Raises 415 for what is not taken."""
    sort = get_sort(stream.read(HEAD))
    stream.seek(0)
    return Incoming(stream, name, sort)


def read_limits(session: ScopedSession) -> Mapping[str, int]:
    """Bytes that a file may have at the acting tenant, by kind."""
    return {kind: read_setting(session, setting) * MEGABYTE for kind, setting in MEGABYTES.items()}


def judge_by(limits: Mapping[str, int]) -> Callable[[bytes], int]:
    """Says of a file's first bytes how large it may be. Raises 415 for what is not taken."""

    def judge(head: bytes) -> int:
        return limits[get_sort(head).kind]

    return judge


def attach_medium(
    session: ScopedSession, files: Files, tip_id: UUID, version: int | None, incoming: Incoming
) -> tuple[Found, UUID]:
    """The tip as it is now, and the id of the new picture or recording. Raises 422 for a file that cannot be shown."""
    tip = touch_tip(session, tip_id, version)
    highest, many, last = session.execute(
        select(func.max(TipMedia.number), func.count(), func.max(TipMedia.place)).where(TipMedia.tip_id == tip_id)
    ).one()
    if many >= MOST:
        raise Problem("agri_tips.media_many", 409, most=MOST)
    place = {"number": (highest or 0) + 1, "place": (last or 0) + 1}
    made = keep_medium(session, files, tip, incoming, **place)
    return get_managed(session, tip_id), made


def keep_medium(session: ScopedSession, files: Files, tip: Found, incoming: Incoming, **columns: Any) -> UUID:
    """Draws or probes it, stores its files at the tip's tenant with the tip's audience, and writes its row."""
    sort, stream = incoming.sort, incoming.stream
    if sort.kind == "picture":
        columns |= _keep_picture(session, files, tip, incoming)
    else:
        recording = probe(stream, sort)
        size = stream.seek(0, 2)
        stream.seek(0)
        columns |= {"seconds": recording.seconds, "size": size, "file_id": _keep(session, files, tip, incoming)}
    of = {"tenant_id": tip.tenant_id, "audience": tip.audience, "tip_id": tip.id}
    row = TipMedia(**of, kind=sort.kind, name=incoming.tidy_name, **columns)
    session.add(row)
    session.flush()
    return row.id


def _keep_picture(session: ScopedSession, files: Files, tip: Found, incoming: Incoming) -> dict[str, Any]:
    picture = draw(incoming.stream, incoming.sort.media)
    kept = {
        size: _keep(session, files, tip, replace(incoming, stream=BytesIO(content)))
        for size, content in picture.files.items()
    }
    return {
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.files["full"]),
        "file_id": kept["full"],
        "medium_id": kept["medium"],
        "small_id": kept["small"],
    }


def _keep(session: ScopedSession, files: Files, tip: Found, incoming: Incoming) -> UUID:
    return files.keep(
        session,
        incoming.stream,
        name=incoming.tidy_name,
        media=incoming.sort.media,
        owner_kind=OWNER,
        owner_id=str(tip.id),
        tenant_id=tip.tenant_id,
        audience=tip.audience,
    )


def describe_medium(session: ScopedSession, tip_media_id: UUID, given: Mapping[str, Any], version: int) -> Found:
    """Alt text, caption, transcript, place in the order; `version` is the tip's. Returns the tip."""
    medium = get_medium(session, tip_media_id)
    touch_tip(session, medium.tip_id, version)
    values = {name: given[name] for name in DESCRIBED if name in given}
    if values:
        session.execute(update(TipMedia).where(TipMedia.id == tip_media_id).values(**values))
    return get_managed(session, medium.tip_id)


def detach_medium(session: ScopedSession, files: Files, tip_media_id: UUID, version: int | None) -> Found:
    """Of the draft alone: what is published keeps its own. Returns the tip."""
    medium = get_medium(session, tip_media_id)
    touch_tip(session, medium.tip_id, version)
    session.execute(delete(TipMedia).where(TipMedia.id == tip_media_id))
    drop_files(session, files, files_of([medium]))
    return get_managed(session, medium.tip_id)
