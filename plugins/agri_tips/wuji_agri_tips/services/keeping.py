"""The files behind pictures and recordings: a draft of a change shares them with what it replaces."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wuji.api import Files, ScopedSession
from wuji_agri_tips.models import TipMedia

COLUMNS = (TipMedia.file_id, TipMedia.medium_id, TipMedia.small_id)


def files_of(media: Iterable[Any]) -> set[UUID]:
    """The ids of all files behind these."""
    return {file_id for one in media for file_id in (one.file_id, one.medium_id, one.small_id) if file_id}


def drop_files(session: ScopedSession, files: Files, file_ids: set[UUID]) -> None:
    """Takes away those that no picture or recording names any more."""
    if file_ids:
        session.flush()
        used = {found for column in COLUMNS for found in session.scalars(select(column).where(column.in_(file_ids)))}
        files.drop(session, file_ids - used)


def share_files(session: ScopedSession, files: Files, media: Sequence[Any], audience: Sequence[int] | None) -> None:
    """Files are read by whoever reads what they belong to, and by nobody else."""
    if ids := files_of(media):
        files.share(session, ids, audience)
