"""What a stored file is to those who keep and serve one, so that features need not know the feature that stores it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from wuji.kit.db.session import ScopedSession


@dataclass(frozen=True)
class OpenFile:
    """A file that may be read now. Whoever gets one closes `stream`; it can seek."""

    name: str
    media: str
    size: int
    sha256: bytes
    stream: BinaryIO


class Files(Protocol):
    """The stored files of a deployment."""

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
        """Stores what the stream holds, at the acting tenant or at one below it, and returns the row's id."""

    def find(self, session: ScopedSession, file_id: UUID) -> OpenFile | None:
        """The file where the actor may see it and it has not expired."""

    def share(self, session: ScopedSession, file_ids: Collection[UUID], audience: Sequence[int] | None) -> None:
        """Lets exactly that audience read files of the actor's range, beside the range itself."""

    def drop(self, session: ScopedSession, file_ids: Collection[UUID]) -> None:
        """Takes files of the actor's range away; their bytes go when no other row names them."""
