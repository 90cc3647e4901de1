"""What the journal costs whoever writes, and how fast it is followed."""

from collections.abc import Iterator
from statistics import median

from tests.scale.ground import Ground
from tests.scale.measure import Figure
from tests.scale.pgbench import run_script

CLIENTS = 8
MANY, ONE = 0.6, 0.5
LOOSE = 0.35  # a chain or a lock in the way of writers costs three quarters and more (research: hash chain)
TENANTS = 6111  # of one city (load.sql)
# One unit of work as the product does it: a door, a row of a plugin's kind, its record.
PLAIN = r"""
\set city random(1, :cities)
\set root (:city - 1) * 6111 + 1
begin;
select tenant_id from wuji.enter_session(sha256(('mayor-' || :city::int)::bytea), 't' || :root::int);
insert into plugin_bench.tip(tenant_id, title) values (:root::int, 'written');
{record}
commit;
"""
RECORD = "select wuji.record('scale.tip.add', 'tip', wuji.new_id()::text, :root::int, '{title}', null, '');"


def spine(ground: Ground) -> Iterator[Figure]:
    """Writes of eight clients with the journal and without, in turns."""
    yield writes(ground, ground.size.cities, MANY)
    yield writes(ground, 1, ONE)


def writes(ground: Ground, cities: int, asked: float) -> Figure:
    rounds, seconds = (3, 1) if ground.size.short else (7, 3)
    scripts = [PLAIN.replace("{record}", record) for record in ("", RECORD)]
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for script, rate in zip(scripts, rates, strict=True):
            rate.append(run_script(ground, script, clients=CLIENTS, seconds=seconds, cities=cities))
    plain, journal = map(median, rates)
    return Figure(
        what=f"writes with their journal record, {CLIENTS} clients, {cities} root{'s' if cities > 1 else ''}",
        asked=f"≥ {asked}×",
        measured=f"{journal:,.0f}/s ({journal / plain:.2f}×)",
        baseline=f"{plain:,.0f}/s",
        value=plain / journal,
        most=1 / asked,
        loose=1 / LOOSE,
    )
