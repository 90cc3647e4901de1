"""Whether whoever follows the journal is told of everything, once and in order, while many write; and how fast it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from sqlalchemy import Connection
from tests.scale.ground import Ground
from tests.scale.measure import Figure
from tests.scale.pgbench import run_script
from tests.scale.spine import TENANTS

from wuji.journal.following import Following
from wuji.journal.tasks import seal
from wuji.plugin.running import Happened
from wuji.testing import STAGE

NAME, KIND = "scale.follower", "scale_subject"
WRITERS, SUBJECTS, EACH = 16, 2000, 5  # records of one transaction
RATE, LOOSE = 10_000, 2_500
# What happens to one subject is numbered under its row's lock. One transaction in a hundred lingers, so that others overtake it.
SUBJECT = f"""
create table plugin_bench.subject(id int primary key, n int not null default 0);
insert into plugin_bench.subject select generate_series(1, {SUBJECTS});
grant select, update on plugin_bench.subject to wuji_app
"""
SCRIPT = rf"""
\set city random(1, :cities)
\set root (:city - 1) * {TENANTS} + 1
\set subject random(1, {SUBJECTS})
\set lingers random(1, 100)
begin;
select tenant_id from wuji.enter_session(sha256(('mayor-' || :city::int)::bytea), 't' || :root::int);
with s as (update plugin_bench.subject set n = n + {EACH} where id = :subject::int returning id, n)
select wuji.record('scale.subject.change', '{KIND}', s.id::text, :root::int, array[(s.n - {EACH} + g)::text], null, '')
  from s, generate_series(1, {EACH}) g;
\if :lingers = 1
\sleep 30 ms
\endif
commit;
"""
CONSUMER = (
    "insert into wuji.consumer(name, kinds, runs, xid) select %s, %s, 'relay', pg_snapshot_xmin(pg_current_snapshot())"
)


class Told:
    """A consumer that checks what it is told: of each subject 1, 2, 3, …"""

    def __init__(self) -> None:
        self.last: Counter[str] = Counter()
        self.wrong = 0

    def __call__(self, _connection: Connection, records: Sequence[Happened]) -> None:
        for record in records:
            subject, number = str(record.subject_id), int(record.fields[0])
            self.wrong += number != self.last[subject] + 1
            self.last[subject] = number


def following(ground: Ground) -> Iterator[Figure]:
    """A relay follows while sixteen write; then it reads all of it again, and seals it."""
    records = 20_000 if ground.size.short else 1_000_000
    told, system = Told(), ground.server.engine("wuji_system", ground.server.shared)
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(SUBJECT)
        stage.execute(CONSUMER, (NAME, [KIND]))
        (start,) = stage.execute("select xid::text from wuji.consumer where name = %s", (NAME,)).fetchone() or ("0",)
        began = perf_counter()
        with ThreadPoolExecutor(1) as others:
            writing = others.submit(write, ground, records // EACH // WRITERS)
            relay = Following(system, {NAME: told})
            while not writing.done():
                relay.go_on()
            writing.result()
        drain(relay)
        took = perf_counter() - began
        made = sum(n for (n,) in stage.execute("select n from plugin_bench.subject"))
        missed = made - sum(told.last.values())
        said = f"{missed} missed, {told.wrong} doubled or out of order ({made / took:,.0f}/s written and followed)"
        what = f"{made:,} records of {WRITERS} writers, {SUBJECTS:,} subjects"
        yield Figure(what, "0, 0, 0", said, "none", missed + told.wrong, 0, 0)
        stage.execute(
            "update wuji.consumer set (xid, until_xid) = (%s::xid8, %s::xid8) where name = %s", (start, start, NAME)
        )
        yield rate("read again by one consumer", made, drain(Following(system, {NAME: Told()})))
        began = perf_counter()
        sealed = seal(system)
        yield rate("sealed", sealed, perf_counter() - began)
        stage.execute("delete from wuji.consumer where name = %s", (NAME,))
        stage.execute("drop table plugin_bench.subject")
    system.dispose()


def write(ground: Ground, each: int) -> None:
    run_script(ground, SCRIPT, clients=WRITERS, each=each, cities=ground.size.cities)


def drain(relay: Following) -> float:
    """Seconds until nothing is left."""
    began = perf_counter()
    while relay.go_on():
        pass
    return perf_counter() - began


def rate(what: str, records: int, seconds: float) -> Figure:
    found = records / seconds
    asked = f"≥ {RATE:,}/s"
    return Figure(f"{records:,} records {what}", asked, f"{found:,.0f}/s", "none", RATE / found, 1, RATE / LOOSE)
