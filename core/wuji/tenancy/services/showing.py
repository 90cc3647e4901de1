"""What stays shown across a border that is new, because it is shown by name to people on its other side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from wuji.kit.db.session import ScopedSession
from wuji.tenancy.models import Tenant
from wuji.tenancy.services.foreseeing import find_places, ways
from wuji.tenancy.services.steps import Absorbed, Step

UNSAID: Mapping[str, Any] = {"shown": [], "overtaken": []}  # what plans of earlier days did not say
ACROSS = text("select way, tenant_id, class, n from wuji.rows_across(:los, :his, :left_los, :left_his)")


def list_shown(session: ScopedSession, steps: Sequence[Step], absorbed: Absorbed | None) -> Sequence[Mapping[str, Any]]:
    """By the tenant whose people they are, and their class, how many rows. What is shown to people of a tenant that becomes part
    of another is shown to those of the other, so it crosses nothing.
    """
    lost = ways(steps)[0]
    going = [step.tenant for step in steps]
    if absorbed:
        lost = sorted({*absorbed.giver.ancestors[:-1]} - {*absorbed.taker.ancestors})
        going = [absorbed.giver]
    left = session.execute(select(Tenant.pos, Tenant.pos_hi).where(Tenant.id.in_(_top(lost, going)))).all()
    if not left:
        return []
    ranges = {"los": [one.pos for one in going], "his": [one.pos_hi for one in going]}
    left_ranges = {"left_los": [one.pos for one in left], "left_his": [one.pos_hi for one in left]}
    counted: Counter[tuple[str, int, int]] = Counter()
    for way, tenant_id, class_, rows in session.execute(ACROSS, {**ranges, **left_ranges}):
        counted[way, tenant_id, class_] += rows
    named = find_places(session, [tenant_id for _, tenant_id, _ in counted])
    return [
        {"way": way, "tenant": _shown(named.get(tenant_id)), "class": class_, "rows": rows}
        for (way, tenant_id, class_), rows in sorted(counted.items(), reverse=True)
    ]


def _top(lost: Sequence[int], going: Sequence[Any]) -> set[int]:
    """The highest tenant of each way down that is left: its range holds those of the others."""
    ways_down = ([one for one in tenant.ancestors if one in lost] for tenant in going)
    return {way[0] for way in ways_down if way}


def _shown(place: Any) -> Mapping[str, Any] | None:
    return {"code": place.code, "name": place.name, "level": place.level} if place else None
