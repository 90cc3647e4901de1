"""Keeping and finding stored files, and sweeping away bytes that no row names any more."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Engine, delete, func, or_, select, text, update

from wuji.files.models import File
from wuji.files.store import Store
from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import not_found
from wuji.kit.storage import OpenFile

log = logging.getLogger(__name__)
USED = text("select wuji.file_hashes(:hashes)")
ASKED_AT_ONCE = 1000
# A backup holds the database first and the files after it: bytes outlive their last row by more than a backup takes, and
# by long enough to notice that the wrong rows went.
KEEP_UNUSED = 7 * 24 * 3600


@dataclass(frozen=True)
class StoredFiles:
    """The files of a deployment: rows under row security, bytes in a store."""

    store: Store

    def keep(
        self,
        session: ScopedSession,
        stream: BinaryIO,
        *,
        name: str,
        media: str,
        owner_kind: str,
        owner_id: str,
        expires_at: datetime | None = None,
        tenant_id: int | None = None,
        audience: Sequence[int] | None = None,
    ) -> UUID:
        """Stores what is left in the stream, at the acting tenant or, with `tenant_id`, at one below it; the row's owner is
        whatever the file belongs to.

        If the transaction is rolled back the bytes stay, without a row, until they are swept. Raises 404 for an actor
        who has no range to put a file in.
        """
        actor = session.actor
        if actor.tenant_id is None or not actor.ranged:
            raise not_found()
        blob = self.store.put(stream)
        file = File(
            tenant_id=tenant_id or actor.tenant_id,
            audience=None if audience is None else list(audience),
            name=name,
            sha256=blob.sha256,
            size=blob.size,
            media=media,
            owner_kind=owner_kind,
            owner_id=owner_id,
            expires_at=expires_at,
        )
        session.add(file)
        session.flush()
        return file.id

    def find(self, session: ScopedSession, file_id: UUID) -> OpenFile | None:
        """The file, opened, where the actor may see its row and it has not expired."""
        row = session.execute(
            select(File.name, File.media, File.size, File.sha256).where(
                File.id == file_id, or_(File.expires_at.is_(None), File.expires_at > func.now())
            )
        ).first()
        if row is None:
            return None
        try:
            stream = self.store.open(row.sha256)
        except FileNotFoundError:
            log.exception("the bytes of file %s are missing; restore them from the backup of the files", file_id)
            return None
        return OpenFile(row.name, row.media, row.size, row.sha256, stream)

    def share(self, session: ScopedSession, file_ids: Collection[UUID], audience: Sequence[int] | None) -> None:
        """Lets exactly that audience read files of the actor's range, beside the range itself."""
        values = None if audience is None else list(audience)
        session.execute(update(File).where(File.id.in_(file_ids)).values(audience=values))

    def drop(self, session: ScopedSession, file_ids: Collection[UUID]) -> None:
        """Takes files of the actor's range away; their bytes go when no other row names them."""
        session.execute(delete(File).where(File.id.in_(file_ids)))


def sweep(store: Store, system: Engine, keep_unused: float = KEEP_UNUSED) -> int:
    """Removes blobs that have been without a row for so many seconds; returns how many. Any number may sweep."""
    store.tidy()
    blobs, dropped = store.list_blobs(), 0
    while some := list(islice(blobs, ASKED_AT_ONCE)):
        with system.begin() as connection:
            used = set(connection.execute(USED, {"hashes": some}).scalars())
        for sha256 in some:
            if sha256 in used:
                store.spare(sha256)
            else:
                dropped += store.drop(sha256, keep_unused)
    return dropped
