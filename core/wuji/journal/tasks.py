"""Sealing: the relay's part of the journal. Records are written without a hash, so that nobody waits for a chain, and are
chained here in the order (transaction, id), once no transaction that is still open can put one in front of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from wuji.journal.chain import FIRST, SELECTED, encode, link

NAME = "journal.seal"
BATCH = 4000
JOIN = text("insert into wuji.consumer(name) values (:name) on conflict do nothing")
# The row lock makes one sealer of any number; the next one waits and then reads on from where this one stopped.
LOCK = text("select xid::text, record_id from wuji.consumer where name = :name for update")
MOVE = text("update wuji.consumer set xid = cast(:xid as xid8), record_id = :id, moved_at = now() where name = :name")
# Ids alone would lose records: a transaction that began earlier may commit later. Everything below xmin has ended.
READ = text(
    "select r.xid::text as xid, r.id as record_id, coalesce(r.root_id, 0) as chain, "  # noqa: S608 - text of ours
    f"{SELECTED} from wuji.journal_record r "
    "where (r.xid, r.id) > (cast(:xid as xid8), cast(:id as uuid)) and r.xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "order by r.xid, r.id limit :most"
)
# By a range: of ids alone the planner has so many looked up that it rather reads the whole table.
SEALED = text(
    "select s.record_id from wuji.journal_seal s where s.record_id between :first and :last and s.record_id = any(:ids)"
)
# Ordered by both columns of the index: by seq alone the whole chain would be sorted for every batch.
HEADS = text(
    "select c.chain, s.seq, s.hash from unnest(cast(:chains as int[])) c(chain) cross join lateral "
    "(select seq, hash from wuji.journal_seal where coalesce(tenant_id, 0) = c.chain "
    "order by coalesce(tenant_id, 0) desc, seq desc limit 1) s"
)
SEAL = text(
    "insert into wuji.journal_seal(tenant_id, seq, record_id, prev, hash) "
    "select nullif(chain, 0), seq, record_id, prev, hash from unnest(cast(:chains as int[]), cast(:seqs as bigint[]), "
    "cast(:records as uuid[]), cast(:prevs as bytea[]), cast(:hashes as bytea[])) x(chain, seq, record_id, prev, hash)"
)


@dataclass(frozen=True)
class Seal:
    """One new link."""

    chain: int  # the root's id; 0 for what belongs to no tenant
    seq: int
    record_id: UUID
    prev: bytes
    hash: bytes


def seal(system: Engine, batch: int = BATCH) -> int:
    """Seals every record whose turn has come, a batch a transaction; returns how many. Any number of sealers may run."""
    total = 0
    while True:
        with system.begin() as connection:
            read, made = seal_batch(connection, batch)
        total += made
        if read < batch:
            return total


def seal_batch(connection: Connection, most: int) -> tuple[int, int]:
    """(how many records it read, how many it sealed): those sealed before, as in a restored database, are passed over."""
    connection.execute(JOIN, {"name": NAME})
    xid, record_id = connection.execute(LOCK, {"name": NAME}).one()
    rows = connection.execute(READ, {"xid": xid, "id": record_id, "most": most}).all()
    if rows:
        ids = sorted(row.record_id for row in rows)
        sealed = set(connection.execute(SEALED, {"ids": ids, "first": ids[0], "last": ids[-1]}).scalars())
        new = [(row.chain, row.record_id, encode(row[3:])) for row in rows if row.record_id not in sealed]
        made = list(chained(_heads(connection, {chain for chain, _, _ in new}), new))
        _write(connection, made)
        connection.execute(MOVE, {"name": NAME, "xid": rows[-1].xid, "id": rows[-1].record_id})
        return len(rows), len(made)
    return 0, 0


def chained(heads: dict[int, tuple[int, bytes]], records: Iterable[tuple[int, UUID, bytes]]) -> Iterable[Seal]:
    """The links for records given as (chain, id, bytes), behind the given heads (seq, hash), which move along."""
    for chain, record_id, content in records:
        seq, prev = heads.get(chain, (0, FIRST))
        made = Seal(chain, seq + 1, record_id, prev, link(prev, content))
        heads[chain] = (made.seq, made.hash)
        yield made


def _heads(connection: Connection, chains: set[int]) -> dict[int, tuple[int, bytes]]:
    found = connection.execute(HEADS, {"chains": sorted(chains)})
    return {chain: (seq, bytes(last)) for chain, seq, last in found}


def _write(connection: Connection, seals: list[Seal]) -> None:
    if seals:
        columns = {
            "chains": [s.chain for s in seals],
            "seqs": [s.seq for s in seals],
            "records": [s.record_id for s in seals],
            "prevs": [s.prev for s in seals],
            "hashes": [s.hash for s in seals],
        }
        connection.execute(SEAL, columns)
