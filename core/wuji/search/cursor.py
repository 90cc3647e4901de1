"""Where the next page of a search begins: opaque to whoever carries it, signed, and good for that one question only."""

import base64
import binascii
import hmac
from datetime import UTC, datetime

import msgspec

from wuji.kit.db.doors import Seal
from wuji.kit.problem import Fault, invalid
from wuji.search.backend import Place

SIGNATURE = 16


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """Hits are read by windows, (`after`, `down_to`], and ordered by score within; `last` is the last one shown of this one.

    `as_of` is when the first page was asked, in seconds: freshness is counted from then.
    """

    as_of: int
    relaxed: bool = False
    after: Place | None = None
    down_to: Place | None = None
    last: tuple[float, str, str] | None = None

    @property
    def time(self) -> datetime:
        return datetime.fromtimestamp(self.as_of, UTC)


def write_cursor(seal: Seal, question: str, cursor: Cursor) -> str:
    packed = msgspec.msgpack.encode(cursor)
    return base64.urlsafe_b64encode(_signature(seal, question, packed) + packed).decode().rstrip("=")


def read_cursor(seal: Seal, question: str, given: str) -> Cursor:
    """Raises 422 for a cursor of another question, or of nobody's."""
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        signature, packed = raw[:SIGNATURE], raw[SIGNATURE:]
        if not hmac.compare_digest(signature, _signature(seal, question, packed)):
            raise ValueError(question)  # noqa: TRY301 - one answer for every unusable cursor
        return msgspec.msgpack.decode(packed, type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise invalid(Fault("?cursor", "kit.invalid.cursor")) from error


def _signature(seal: Seal, question: str, packed: bytes) -> bytes:
    return seal.over("search.cursor", question, packed)[:SIGNATURE]
