"""Verifying: recomputes every chain of hashes from its first link, and looks for records that no seal covers.

A chain proves that nothing in front of its last link was changed. It cannot prove that nothing was cut off behind it: whoever
wants that too keeps the last hash, which the report shows, somewhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from wuji.journal.chain import FIRST, SELECTED, encode, link
from wuji.journal.tasks import NAME

Wrong = Literal["changed", "missing", "reordered", "inserted", "seal changed", "seal missing"]
BATCH = 4000
LOWEST = -(2**63)
PATIENT = text("set local statement_timeout = 0")  # a whole journal takes longer than a request may
CHAINS = text(
    "select x.chain, c.code, t.name from (select 0 as chain union select id from wuji.tenant where parent_id is null "
    "union select coalesce(tenant_id, 0) from wuji.journal_seal) x left join wuji.tenant t on t.id = x.chain "
    "left join wuji.tenant_code c on c.tenant_id = t.id and c.valid_to is null order by x.chain"
)
ROOT = text(
    "select t.root_id from wuji.tenant_code c join wuji.tenant t on t.id = c.tenant_id "
    "where c.code = :code and c.valid_to is null"
)
LINKS = text(
    "select s.seq, s.record_id, s.prev, s.hash, r.id is not null as there, "  # noqa: S608 - text of ours
    f"{SELECTED} from wuji.journal_seal s left join wuji.journal_record r on r.id = s.record_id "
    "where coalesce(s.tenant_id, 0) = :chain and s.seq > :after order by s.seq limit :most"
)
# Behind the sealer's place every record has a seal, or somebody put it there later.
UNSEALED = text(
    "with c as (select coalesce(max(xid::text)::xid8, '0') as xid, coalesce(max(record_id::text)::uuid, "
    "'00000000-0000-0000-0000-000000000000') as id from wuji.consumer where name = :name), "
    "u as (select coalesce(r.root_id, 0) as chain, r.xid, r.id, (r.xid, r.id) <= (c.xid, c.id) as behind "
    "from wuji.journal_record r cross join c where not exists(select from wuji.journal_seal s where s.record_id = r.id)) "
    "select chain, count(*) filter (where not behind) as waiting, "
    "(array_agg(id order by xid, id) filter (where behind))[1] as inserted from u group by chain"
)
BEFORE = text(
    "select s.seq from wuji.journal_record n join wuji.journal_record r on (r.xid, r.id) < (n.xid, n.id) "
    "join wuji.journal_seal s on s.record_id = r.id where n.id = :id and coalesce(s.tenant_id, 0) = :chain "
    "order by r.xid desc, r.id desc limit 1"
)


class NoSuchTenantError(LookupError):
    """The code is not valid now."""


@dataclass(frozen=True)
class Finding:
    """The first place of a chain that is not as it was sealed."""

    seq: int
    wrong: Wrong
    record_id: UUID


@dataclass(frozen=True)
class Chain:
    """One chain as it was found: of a root tenant or, without one, of the deployment. `sealed`: links that are sound."""

    chain: int
    code: str | None
    name: str | None
    sealed: int = 0
    last: bytes = FIRST
    waiting: int = 0
    finding: Finding | None = None


def verify(system: Engine, code: str | None = None) -> list[Chain]:
    """Every chain, or the one that a tenant belongs to. Raises NoSuchTenantError."""
    with system.connect() as connection:
        connection.execute(PATIENT)
        root = connection.execute(ROOT, {"code": code}).scalar() if code else None
        if code and root is None:
            raise NoSuchTenantError(code)
        chains = [Chain(*row) for row in connection.execute(CHAINS) if root is None or row.chain == root]
        followed = [_follow(connection, chain) for chain in chains]
        unsealed = {row.chain: row for row in connection.execute(UNSEALED, {"name": NAME})}
        return [_beside(connection, chain, unsealed.get(chain.chain)) for chain in followed]


def _follow(connection: Connection, chain: Chain) -> Chain:
    """Up to its end or to the first link that does not hold."""
    links = _links(connection, chain.chain, LOWEST)
    for row in links:
        wrong = _wrong(chain, row)
        if wrong:
            following = next(links, None)
            if wrong == "changed" and following is not None and following.prev == link(chain.last, _bytes(row)):
                wrong = "seal changed"
            elif _lies_elsewhere(connection, chain, row):
                wrong = "reordered"
            return replace(chain, finding=Finding(chain.sealed + 1, wrong, row.record_id))
        chain = replace(chain, sealed=row.seq, last=bytes(row.hash))
    return chain


def _wrong(chain: Chain, row: Row[Any]) -> Wrong | None:
    if row.seq != chain.sealed + 1:
        return "seal missing"
    if not row.there:
        return "missing"
    if row.prev != chain.last:
        return "seal changed"
    return None if link(chain.last, _bytes(row)) == row.hash else "changed"


def _lies_elsewhere(connection: Connection, chain: Chain, row: Row[Any]) -> bool:
    """Whether the link that belongs here, or its record, stands behind its place."""
    return any(
        other.there
        and (made := link(chain.last, _bytes(other)))
        and (made == row.hash or (other.prev, other.hash) == (chain.last, made))
        for other in _links(connection, chain.chain, row.seq)
    )


def _links(connection: Connection, chain: int, after: int) -> Iterator[Row[Any]]:
    while True:
        rows = connection.execute(LINKS, {"chain": chain, "after": after, "most": BATCH}).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].seq


def _bytes(row: Row[Any]) -> bytes:
    return encode(row[5:])


def _beside(connection: Connection, chain: Chain, unsealed: Row[Any] | None) -> Chain:
    """With what waits for its seal, and what stands in front of sealed records without one."""
    if unsealed is None:
        return chain
    chain = replace(chain, waiting=unsealed.waiting)
    if unsealed.inserted is None or chain.finding is not None:
        return chain
    before = connection.execute(BEFORE, {"id": unsealed.inserted, "chain": chain.chain}).scalar()
    return replace(chain, finding=Finding((before or 0) + 1, "inserted", unsealed.inserted))
