"""Stations: what a thousand devices that push each minute cost the server and its database."""

import http.client
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import psutil
from tests.scale.ground import HEADS, Ground
from tests.scale.live import environment, workers
from tests.scale.measure import Figure

from wuji.testing import STAGE
from wuji.testing.web import Web, serving

DEVICES, MOST, LOOSE = 1000, 25.0, 50.0  # each once a minute; percent of one core
CODE = HEADS[3].code
PATH = f"/api/v1/tenants/{CODE}/station_watch/readings"
OK = 200
# Two doors to a station, and readings of the day so far: what a push finds when it comes.
DEVICE = """
with place as (select t.id, t.pos from wuji.tenant t join wuji.tenant_code c on c.tenant_id = t.id where c.code = %(code)s),
station as (
  insert into plugin_station_watch.station(tenant_id, name, kind, capacity, hours)
  select id, 'station ' || n, 'courier', 60, (
           select jsonb_object_agg(d, '[["08:00", "21:00"]]'::jsonb) from unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) d)
    from place, generate_series(1, %(devices)s / 2) n returning id, name),
account as (
  insert into wuji.account(type, login, name)
  select 'service', 'bench-device-' || n, 'door' from generate_series(1, %(devices)s) n returning id, login),
held as (
  insert into wuji.role_grant(tenant_id, account_id, account_name, role_id, given_by)
  select p.id, a.id, 'door', r.id, s.id
    from account a, place p, wuji.role r, wuji.account s where r.tenant_id is null and r.name = 'device' and s.type = 'system'),
token as (
  insert into wuji.account_session(token_hash, account_id, idle_at, ends_at)
  select sha256(('wuji_device_' || substr(login, 14))::bytea), id, now() + interval '9 h', now() + interval '9 h' from account)
insert into plugin_station_watch.device(tenant_id, station_id, account_id, name, kind, measures)
select p.id, s.id, a.id, 'door', 'counter', '{in,out,battery}'
  from account a join station s on s.name = 'station ' || (substr(a.login, 14)::int + 1) / 2, place p"""
PAST = """
insert into plugin_station_watch.reading(device_id, tenant_id, measure, at, month, value)
select d.id, d.tenant_id, m, t, plugin_station_watch.month_of(t), 1
  from plugin_station_watch.device d, unnest('{in,out}'::text[]) m, generate_series(
         date_trunc('minute', now()) - %(minutes)s * interval '1 minute', date_trunc('minute', now()),
         '1 minute') t"""
ACTIVE = """
insert into wuji.plugin_rule(tenant_id, plugin_id, by_tenant_id, rule)
select id, 'station_watch', id, 'require' from wuji.tenant where parent_id is null on conflict do nothing"""


def stations(ground: Ground) -> Iterator[Figure]:
    """Pushes at their even pace, each over a connection of its own; CPU of the web server's processes and of PostgreSQL's."""
    seconds = 10 if ground.size.short else 40
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(ACTIVE)
        stage.execute(DEVICE, {"code": CODE, "devices": DEVICES})
        stage.execute(PAST, {"minutes": 60 if ground.size.short else 240})
        stage.execute("analyze")
    with serving("wuji.app:serve", environment(ground)) as web:
        run(web, range(1, 101), seconds=5)  # plans, caches and slots are made
        before = used(ground, web)
        took = run(web, range(101, DEVICES + 1), seconds=seconds)
        percent = (used(ground, web) - before) / took * 100
    yield Figure(
        f"{DEVICES:,} devices, each a minute: of one core, web and PostgreSQL",
        f"≤ {MOST:g} %",
        f"{percent:.0f} %",
        "–",
        percent,
        MOST,
        LOOSE,
    )


def run(web: Web, devices: range, *, seconds: float) -> float:
    """One device after the other, as many as a minute's pace allows; the seconds it took."""
    chance, begun = Random(7), time.monotonic()  # noqa: S311 - the same pushes in every run
    for number in range(int(seconds * DEVICES / 60)):
        push(web, devices[number % len(devices)], chance)
        time.sleep(max(0.0, (number + 1) * 60 / DEVICES - (time.monotonic() - begun)))
    return time.monotonic() - begun


def push(web: Web, device: int, chance: Random) -> None:
    """Raises RuntimeError unless everything was new."""
    now = datetime.now(UTC)
    said = [("in", chance.randrange(5)), ("out", chance.randrange(5)), ("battery", 90)]
    readings = [
        {"measure": measure, "at": (now - timedelta(seconds=1)).isoformat(), "value": value} for measure, value in said
    ]
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    headers = {"Authorization": f"Bearer wuji_device_{device}", "Content-Type": "application/json"}
    connection.request("POST", PATH, json.dumps({"sent_at": now.isoformat(), "readings": readings}), headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status != OK or json.loads(told)["accepted"] != len(said):
        raise RuntimeError(f"{PATH}: {answer.status} {told[:300]!r}")


def used(ground: Ground, web: Web) -> float:
    """CPU seconds of both so far."""
    lines = (ground.server.postgres.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    postmaster = psutil.Process(int(lines[0]))
    both = [*workers(web), postmaster, *postmaster.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in both)
