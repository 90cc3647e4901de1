"""What a dashboard costs out of sums, beside counting the facts themselves; and that sums are still right after a street has
moved.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from time import perf_counter

import click
import psycopg
from sqlalchemy import text
from tests.scale.ground import HEADS, RAW, Ground
from tests.scale.measure import Figure, fitting, times
from tests.scale.wall import enter

from wuji.kit.db.doors import Door
from wuji.kit.db.session import unit_of_work
from wuji.rollup.services.rebuilding import FREE
from wuji.testing import STAGE
from wuji.work.services import system_door

FACTS, SHORT = 10_000_000, 50_000
DASHBOARD, LOOSE_DASHBOARD = 10.0, 100.0
FASTER, LOOSE_FASTER = 200, 3
MONTHS = (date(2024, 11, 1), date(2026, 10, 31))
CITY, STREET, OTHER = 1, 111, 5  # the first city, the last street of its last district, its fourth district (load.sql)
NAME = "scale.visits"
# Two years of visits to the grids of one city.
LOAD = """
set session_replication_role = replica;
insert into wuji.rollup_state(tenant_id, pos, figure, measure, people)
select id, pos, '{name}', 'sum', false from wuji.tenant where id = {city};
insert into wuji.fact(figure, subject_id, tenant_id, pos, happened_on, sum, part, n)
select '{name}', g::text, t.id, t.pos, date '{first}' + (g::bigint * 7919 % 730)::int, 1 + g % 5, 0, 1
  from generate_series(1, {facts}) g join wuji.tenant t on t.id = 1112 + g::bigint * 104729 % 4999;
insert into wuji.tenant_place(tenant_id, parent_id, level) select id, parent_id, level from wuji.tenant
 where id = {street} on conflict do nothing;
reset session_replication_role;
vacuum analyze wuji.fact
"""
SUMS = """
select r.tenant_id, r.starts_on, r.sum from wuji.rollup r
 where r.tenant_id = any(%s) and r.figure = %s and r.period = 'month' and r.starts_on between %s and %s
   and r.pos between wuji.scope_lo() and wuji.scope_hi() order by 1, 2
"""
# A place tells the district that it lies in: no fact has to be joined.
COUNTED = """
select t.id, x.month::date, x.sum from (
  select f.pos - f.pos %% 100000000000 pos, date_trunc('month', f.happened_on::timestamp) as month, sum(f.sum) sum
    from wuji.fact f
   where f.figure = %s and f.happened_on between %s and %s and f.pos between %s and %s group by 1, 2) x
  join wuji.tenant t on t.pos = x.pos order by 1, 2
"""
REBUILD, FOLLOW = "select wuji.rollup_rebuild(:figure)", "select wuji.rollup_follow(:figure, :tenants)"


def figures(ground: Ground) -> Iterator[Figure]:
    """A city by district and month, two years of it."""
    facts = SHORT if ground.size.short else FACTS
    with ground.connect(STAGE, autocommit=True) as stage:
        for statement in LOAD.format(name=NAME, city=CITY, street=STREET, facts=facts, first=MONTHS[0]).split(";\n"):
            stage.execute(statement.encode())
    system = ground.server.engine("wuji_system", ground.server.shared)
    with system_door(system, "scale", tenant_id=CITY, hold="1 hour") as door:
        click.echo(f"  {act(ground, door, REBUILD):5.1f} s  all sums of {facts:,} facts", err=True)
        with ground.connect(STAGE, autocommit=True) as stage:
            stage.execute("vacuum analyze wuji.rollup")
        yield from compare(ground, facts)
        with ground.connect(STAGE, autocommit=True) as stage:
            stage.execute("select wuji.tenant_put(%s, %s, 3, %s)", (STREET, OTHER, f"t{STREET}"))
        took = act(ground, door, FOLLOW, tenants=[STREET])
        with ground.connect("wuji_app") as app, ground.connect(RAW) as raw:
            check(app, raw)
    system.dispose()
    yield Figure(
        what=f"sums follow a street that has moved, {facts:,} facts",
        asked="equal to a recount, ≤ 60 s",
        measured=f"equal, {took:.1f} s",
        baseline="–",
        value=took,
        most=60.0,
        loose=60.0,
    )


def act(ground: Ground, door: Door, statement: str, **given: object) -> float:
    """Seconds that the program itself takes for it."""
    engine = ground.server.engine("wuji_app", ground.server.shared)
    began = perf_counter()
    with unit_of_work(engine, door) as session:
        session.execute(FREE)
        session.execute(text(statement), {"figure": NAME, **given})
    engine.dispose()
    return perf_counter() - began


def compare(ground: Ground, facts: int) -> Iterator[Figure]:
    """One statement of a head beside one that counts facts and falls under no policy."""
    app, raw = ground.connect("wuji_app"), ground.connect(RAW)
    mine, counted = check(app, raw)
    sums, plain = times(fitting(2.0 if ground.size.short else 30.0, mine, counted), mine, counted)
    app.close()
    raw.close()
    what = f"city by district × 24 months, {facts:,} facts"
    said = f"{sums:.2f} ms", f"{plain:,.0f} ms"
    yield Figure(what, f"≤ {DASHBOARD:.0f} ms", *said, sums, DASHBOARD, LOOSE_DASHBOARD)
    ratio = f"{plain / sums:,.0f}× faster"
    yield Figure(what, f"≥ {FASTER}× faster", ratio, said[1], sums / plain, 1 / FASTER, 1 / LOOSE_FASTER)


def check(
    app: psycopg.Connection, raw: psycopg.Connection
) -> tuple[partial[Sequence[object]], partial[Sequence[object]]]:
    """Both ways to ask; RuntimeError where they answer differently."""
    scope = enter(app, HEADS[0])
    districts = [row[0] for row in raw.execute("select id from wuji.tenant where parent_id = %s", (CITY,))]
    mine = partial(ask, app, SUMS, (districts, NAME, *MONTHS))
    counted = partial(ask, raw, COUNTED, (NAME, *MONTHS, scope.lo, scope.hi))
    if not mine() or mine() != counted():
        raise RuntimeError("sums are not what counting the facts gives")
    return mine, counted


def ask(connection: psycopg.Connection, statement: str, values: Sequence[object]) -> Sequence[object]:
    return connection.execute(statement.encode(), values).fetchall()
