"""What redrawing would change for rows and people, asked under row security: whoever plans sees what they answer for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal_column, or_, select, text, union_all
from sqlalchemy.orm import aliased

from wuji.kit.db.session import ScopedSession
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.services.steps import MADE, Absorbed, Place, Step
from wuji.tenancy.services.stored import list_stored

Found = Sequence[Mapping[str, Any]]
SIBLING = aliased(Tenant)
FORESEE = text('select name as "table", goes, stays from wuji.rows_foresee(:giver, :taker)')
HELD = text("""
  select g.id, g.account_name, r.name as role, r.label, r.labels
    from wuji.role_grant g join wuji.role r on r.id = g.role_id
   where g.tenant_id = :giver and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
   order by g.account_name, g.id""")
SIGHT = text("""
  select g.tenant_id, g.id, g.account_name, r.name as role, r.label, r.labels
    from wuji.role_grant g join wuji.role r on r.id = g.role_id
   where g.tenant_id = any(:ids) and r.reach = 'subtree' and g.revoked_at is null
     and (g.expires_at is null or g.expires_at > now()) order by g.account_name, g.id""")
# People who hold a class in what is moved, and nowhere else in the tenant that it leaves or joins.
AUDIENCES = text("""
  select x.id as tenant_id, r.class, count(distinct g.account_id) as people
    from unnest(cast(:los as bigint[]), cast(:his as bigint[])) m(lo, hi)
    join wuji.role_grant g on g.pos between m.lo and m.hi join wuji.role r on r.id = g.role_id
   cross join wuji.tenant x
   where x.id = any(:ids) and r.class > 0 and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
     and not exists(select from wuji.role_grant o join wuji.role q on q.id = o.role_id
                     where o.account_id = g.account_id and q.class = r.class and o.pos between x.pos and x.pos_hi
                       and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())
                       and not exists(select from unnest(cast(:los as bigint[]), cast(:his as bigint[])) n(lo, hi)
                                       where o.pos between n.lo and n.hi))
   group by 1, 2 order by 1, 2""")
SILENCED = text("""
  select r.plugin_id, r.rule, r.tenant_id, r.by_tenant_id
    from wuji.plugin_rule r join unnest(cast(:los as bigint[]), cast(:his as bigint[])) m(lo, hi) on r.pos between m.lo and m.hi
   where r.by_tenant_id = any(:ids) order by r.plugin_id, r.tenant_id""")


def ways(steps: Sequence[Step]) -> tuple[list[int], list[int]]:
    """Ids of tenants above before and not after, and the other way round."""
    before = {i for step in steps for i in step.tenant.ancestors[:-1]}
    after = {i for step in steps for i in step.above if i != MADE}
    return sorted(before - after), sorted(after - before)


def within(steps: Sequence[Step], pos: Any) -> ColumnElement[bool]:
    """Rows of what is moved."""
    return or_(false(), *(pos.between(step.tenant.pos, step.tenant.pos_hi) for step in steps))


def count_tenants(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """By level as it is now."""
    asked = select(Tenant.level, func.count().label("tenants")).where(within(steps, Tenant.pos))
    return _rows(session, asked.group_by(Tenant.level).order_by(Tenant.level))


def list_moved(session: ScopedSession, steps: Sequence[Step]) -> Sequence[Any]:
    """(id, state) of every tenant that is moved."""
    asked = select(Tenant.id, Tenant.state).where(within(steps, Tenant.pos)).order_by(Tenant.id)
    return [tuple(row) for row in session.execute(asked)]


def count_rows(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """By table, those that have any; a plugin's are called as its kinds are."""
    counts = [one.count(within(steps, one.rows.c.pos)) for one in list_stored(session)]
    counted = union_all(*counts).subquery()
    return _rows(session, select(counted).where(counted.c.rows > 0).order_by(literal_column('"table"')))


def show_absorbed(session: ScopedSession, absorbed: Absorbed) -> Mapping[str, Any]:
    """Who becomes part of whom, and who holds what at the one that closes: they will hold it at the other."""
    held = session.execute(HELD, {"giver": absorbed.giver.id}).mappings()
    return {"tenant": _shown(absorbed.giver), "into": _shown(absorbed.taker), "grants": [dict(row) for row in held]}


def foresee_rows(session: ScopedSession, absorbed: Absorbed) -> Found:
    """By table: how many rows become the taker's, and how many stay because the taker has such a one."""
    return _rows(session, FORESEE.bindparams(giver=absorbed.giver.id, taker=absorbed.taker.id))


def list_sight(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """Officials whose range loses or gains what is moved, by tenant; people are named, they are within the asker's range."""
    lost, gained = ways(steps)
    named = find_places(session, [*lost, *gained])
    held: dict[int, list[Mapping[str, Any]]] = {i: [] for i in named}
    for row in session.execute(SIGHT, {"ids": [*lost, *gained]}).mappings():
        held[row["tenant_id"]].append({name: row[name] for name in ("id", "account_name", "role", "label", "labels")})
    return [
        {"tenant": _shown(named[i]), "change": change, "grants": held[i]}
        for change, ids in (("loses", lost), ("gains", gained))
        for i in ids
    ]


def list_audiences(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """How many people of a class what is shown to a tenant's people no longer reaches, or reaches from then on."""
    lost, gained = ways(steps)
    named = find_places(session, [*lost, *gained])
    rows = session.execute(AUDIENCES, {"ids": [*lost, *gained], **_ranges(steps)}).mappings()
    return [
        {
            "tenant": _shown(named[row["tenant_id"]]),
            "change": "leaves" if row["tenant_id"] in lost else "joins",
            "class": row["class"],
            "people": row["people"],
        }
        for row in rows
    ]


def list_silenced(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """Rules about plugins that were set by tenants that will lie above no more: they stay, and say nothing."""
    lost, _ = ways(steps)
    rows = session.execute(SILENCED, {"ids": lost, **_ranges(steps)}).mappings().all()
    named = find_places(session, [i for row in rows for i in (row["tenant_id"], row["by_tenant_id"])])
    return [
        {
            "plugin_id": row["plugin_id"],
            "rule": row["rule"],
            "tenant": _shown(named[row["tenant_id"]]),
            "by": _shown(named[row["by_tenant_id"]]),
        }
        for row in rows
    ]


def list_namesakes(session: ScopedSession, steps: Sequence[Step]) -> Found:
    """Tenants that will stand beside one of the same name."""
    found: list[int] = []
    for step in steps:
        asked = (
            select(SIBLING.id)
            .where(SIBLING.parent_id == step.new.id, SIBLING.id != step.tenant.id)
            .where(SIBLING.name_key == step.tenant.name_key)
            .order_by(SIBLING.id)
        )
        found += session.execute(asked).scalars().all()
    return [_shown(place) for place in find_places(session, found).values()]


def list_overtaken(session: ScopedSession, codes: Mapping[str, int]) -> Found:
    """Of new codes, by the tenant that gets each: those that another tenant had once, so that they led to it until now."""
    asked = (
        select(TenantCode.code, TenantCode.tenant_id)
        .where(TenantCode.code.in_(list(codes)), TenantCode.valid_to.is_not(None))
        .order_by(TenantCode.code, TenantCode.id)
    )
    last = {row.code: row.tenant_id for row in session.execute(asked)}
    named = find_places(session, list(last.values()))
    return [
        {"code": code, "tenant": _shown(named[tenant_id])}
        for code, tenant_id in last.items()
        if tenant_id in named and tenant_id != codes[code]
    ]


def find_prefix(session: ScopedSession, step: Step) -> str | None:
    """The code of the nearest territory above, with which division codes below it begin."""
    if step.tenant.category != "territory":
        return None
    found: str | None = session.execute(
        select(TenantCode.code)
        .join(Tenant, Tenant.id == TenantCode.tenant_id)
        .where(Tenant.id.in_(step.above), TenantCode.valid_to.is_(None), TenantCode.kind == "division")
        .order_by(Tenant.level.desc())
        .limit(1)
    ).scalar()
    return found


def find_places(session: ScopedSession, ids: Sequence[int]) -> dict[int, Place]:
    """By id, higher ones first; those that can be seen."""
    asked = (
        select(Tenant.id, TenantCode.code, Tenant.name, Tenant.level)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(Tenant.id.in_(ids), TenantCode.valid_to.is_(None))
        .order_by(Tenant.level, Tenant.id)
    )
    return {row.id: Place(*row) for row in session.execute(asked)}


def show_steps(session: ScopedSession, steps: Sequence[Step]) -> Iterator[Mapping[str, Any]]:
    """Each with its parent, level and code as they are and as they will be."""
    for step in steps:
        tenant, prefix = step.tenant, find_prefix(session, step)
        yield {
            "tenant": {name: getattr(tenant, name) for name in ("code", "name", "level")},
            "from": _shown(step.old),
            "to": _shown(step.new),
            "level": {"now": tenant.level, "then": step.level},
            "code": {
                "now": tenant.code,
                "then": step.code,
                "prefix": prefix,
                "fits": step.code.startswith(prefix or ""),
            },
        }


def _ranges(steps: Sequence[Step]) -> Mapping[str, list[int]]:
    return {"los": [step.tenant.pos for step in steps], "his": [step.tenant.pos_hi for step in steps]}


def _shown(place: Any) -> Mapping[str, Any]:
    return {"code": place.code, "name": place.name, "level": place.level}


def _rows(session: ScopedSession, asked: Any) -> Found:
    return [dict(row) for row in session.execute(asked).mappings()]
