"""The hash chain over the journal: what is hashed, and how, so that any other program can check it too.

hash = sha256(prev || record), prev of a chain's first link being 32 zero bytes. A record is the concatenation of its values in
the order of FIELDS, each as a netstring (`<bytes in decimal>:<bytes>,`, UTF-8) or, where it is null, as `-`. UUIDs are written
in lower case with hyphens, integers in decimal, `at` as microseconds since 1970 UTC, `fields` as one netstring that holds a
netstring (or `-`) for each name. Where a tenant stands in the tree and which transaction wrote the record are not hashed:
trees are rebuilt and databases restored, and what happened stays the same.
"""

from collections.abc import Sequence
from hashlib import sha256

FIRST = bytes(32)
FIELDS = (
    "id",
    "root_id",
    "tenant_id",
    "account_id",
    "event_id",
    "verb",
    "kind",
    "subject_id",
    "fields",
    "reason",
    "at",
)
# The values of FIELDS as texts. Numeric and not float: every microsecond counts, whatever the time zone of the connection.
SELECTED = """r.id::text, r.root_id::text, r.tenant_id::text, r.account_id::text, r.event_id::text, r.verb, r.kind,
    r.subject_id, r.fields, r.reason, trunc(extract(epoch from r.at) * 1000000)::text"""

Value = str | Sequence[str | None] | None


def encode(values: Sequence[Value]) -> bytes:
    """The bytes of one record, from what SELECTED reads."""
    return b"".join(_encode(value) for value in values)


def link(prev: bytes, record: bytes) -> bytes:
    return sha256(prev + record).digest()


def _encode(value: Value) -> bytes:
    if value is None:
        return b"-"
    content = value.encode() if isinstance(value, str) else b"".join(_encode(item) for item in value)
    return b"%d:%b," % (len(content), content)
