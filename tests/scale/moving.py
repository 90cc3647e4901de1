"""A street that moves to another district with all its rows, in a tree whose rows lie in thirty tables; and what another city
notices of it: more than where the same plan is only read, again and again. On two cores anybody who keeps the server busy makes
others wait for a turn (a request of 1.2 ms takes 2 to 5 even beside questions that read no table), whatever they do there; what a
move locks and writes is not to add to that.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from statistics import median, quantiles
from threading import Event
from time import perf_counter

from psycopg import sql
from tests.scale.ground import HEADS, Ground
from tests.scale.measure import Figure
from tests.scale.neighbour import asking

from wuji.assembly import make_deployment
from wuji.kit.db.doors import by_session
from wuji.kit.db.engine import make_engine, plain_url
from wuji.kit.deployment import Deployment
from wuji.kit.options import load
from wuji.kit.rowsec.v1 import Wall, raise_wall
from wuji.tenancy.services.steps import Wish
from wuji.tenancy.services.surgery import apply_change, plan_change
from wuji.tenancy.services.switching import Switching
from wuji.testing import STAGE

SECONDS, LOOSE = 5.0, 15.0
# A lock in the way of others would last as long as the move, which a busy machine's few milliseconds are not.
SLOWER, MUCH_SLOWER, NOTICED = 1.2, 3.0, 0.04
TABLES, MOVES, PAUSE = 30, 8, 0.6  # seconds that another city is asked without a move
CITY, STREET, DISTRICTS, NEIGHBOUR = 1, 12, (3, 2), "t6112"  # the street's own district is the last of the two
WALL = Wall(kind="tenant", definer="select")
TABLE = """
  create table {table} (id uuid default wuji.new_id() primary key, tenant_id int not null,
    pos bigint not null, title text not null,
    version int not null default 1, updated_at timestamptz not null default now(),
    foreign key (tenant_id, pos) references wuji.tenant (id, pos) on update cascade)"""
FILL = """
  insert into {table}(tenant_id, pos, title) select t.id, t.pos, md5(g::text) from generate_series(1, {rows}) g
    join wuji.tenant t on t.id = 1 + (g * 7919::bigint + {seed}) % 6111"""
DOOR = by_session(HEADS[0].cookie, HEADS[0].code)
OTHERS = "select title from plugin_bench.tip where audience is not null limit 20"


def moving(ground: Ground) -> Iterator[Figure]:
    """The plan and its carrying out, each way once or more; as many others' requests as come meanwhile."""
    short = ground.size.short
    rows = fill(ground, 100_000 if short else 2_000_000)
    engine = make_engine(ground.server.url("wuji_app", ground.server.shared))
    deployment = make_deployment(load({"WUJI_MODE": "development"}), engine, ground.server.seal)
    alone, reading, beside, took = [], [], [], []
    for n in range(MOVES):
        with neighbour(ground, alone):
            Event().wait(PAUSE)
        with neighbour(ground, reading):
            read_plan(deployment, DISTRICTS[n % 2])
        with neighbour(ground, beside):
            took.append(move(deployment, DISTRICTS[n % 2]))
    engine.dispose()
    share = f"{rows:,} rows in {TABLES} tables"
    seconds = median(took)
    yield Figure(
        f"a street of 61 tenants moves, {share}", f"≤ {SECONDS:.0f} s", f"{seconds:.2f} s", "", seconds, SECONDS, LOOSE
    )
    quiet, before, meanwhile = (quantiles(times, n=20)[-1] for times in (alone, reading, beside))
    yield Figure(
        "another city's requests meanwhile, p95",
        f"≤ {SLOWER} ×",
        f"{meanwhile * 1000:.2f} ms ({quiet * 1000:.2f} ms alone)",
        f"{before * 1000:.2f} ms while it is only planned",
        meanwhile / before,
        SLOWER,
        max(MUCH_SLOWER, 1 + NOTICED / before),
    )


def fill(ground: Ground, rows: int) -> int:
    """Rows of the first city, spread over all its tenants; returns how many there are."""
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute("set session_replication_role = replica")
        for n in range(TABLES):
            table = sql.SQL("plugin_bench.moved_{}").format(sql.SQL(f"{n:02}"))
            name = f"plugin_bench.moved_{n:02}"
            stage.execute(sql.SQL(TABLE).format(table=table))
            for statement in raise_wall(name, WALL):
                stage.execute(statement.encode())
            stage.execute(sql.SQL(FILL).format(table=table, rows=rows // TABLES, seed=n))
            stage.execute(sql.SQL("create index on {} (pos)").format(table))
            stage.execute(sql.SQL("analyze {}").format(table))
    return rows // TABLES * TABLES


def move(deployment: Deployment, district: int) -> float:
    """Seconds of one transaction: the plan is worked out anew in it, compared and carried out."""
    seen, wish = plan(deployment, district), make_wish(district)
    began = perf_counter()
    with deployment.work(DOOR) as session:
        apply_change(session, deployment.part(Switching), wish, fingerprint=seen, reason="measured", locale="en")
    return perf_counter() - began


def read_plan(deployment: Deployment, district: int) -> None:
    until = perf_counter() + PAUSE
    while perf_counter() < until:
        plan(deployment, district)


def plan(deployment: Deployment, district: int) -> str:
    """Its fingerprint."""
    with deployment.work(DOOR, read_only=True) as session:
        planned = plan_change(session, deployment.part(Switching), make_wish(district), "en")
        return str(planned["fingerprint"])


def make_wish(district: int) -> Wish:
    return Wish(op="move", tenant_id=STREET, parent_id=district)


def neighbour(ground: Ground, times: list[float]) -> AbstractContextManager[None]:
    """Of another city, without Python in common with whoever moves."""
    url = plain_url(ground.server.url("wuji_app", ground.server.shared))
    return asking(url, NEIGHBOUR, OTHERS, times)
