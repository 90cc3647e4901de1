"""What `wuji doctor` says of work that does not get done: jobs, what follows the journal, the clock."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text

from wuji.cli.finding import Finding
from wuji.cli.program import Program
from wuji.kit.clock import now
from wuji.kit.cron import next_time, zone_of
from wuji.kit.db.doors import by_system
from wuji.kit.db.engine import make_engine
from wuji.kit.supervisor import find_record

# Jobs that nothing but a worker keeps from being done: the first of their lane, of a tenant that is open.
JOBS = text("""
  with due as (
    select j.id, j.lane, j.due_at from wuji.job j
     where (j.state = 'waiting' or j.state = 'running' and j.begun_at is null) and j.due_at <= clock_timestamp()
       and not exists(select from wuji.tenant t join wuji.tenant a on a.id = any(t.ancestors)
                       where t.id = j.tenant_id and a.state <> 'active')
       and not exists(select from wuji.job o where o.lane = j.lane and o.id <> j.id
                       and (o.state = 'running' and o.begun_at is not null or o.state in ('waiting', 'running') and o.id < j.id)))
  select (select extract(epoch from clock_timestamp() - min(due_at)) from due) as waited,
         (select count(*) from wuji.job where state = 'running' and begun_at is not null and lease_until > now()) as doing,
         (select count(*) from wuji.job where state = 'failed' and due_at is not null and problem is null
             and fault <> 'cancelled') as dead""")
CONSUMERS = text("select name, lag_seconds, unread, paused, set_aside from wuji.consumer_list()")
SCHEDULES = text("select schedule_id, cron, zone, last_at from wuji.schedule_places(:until)")
PATIENCE = {"worker": 120, "jobs": 1800, "consumer": 120, "schedule": 600}  # seconds
HEALTH = "the console's page of what runs shows which, and does them again once the cause is mended"


def with_system(program: Program, check: Callable[[Connection], Iterator[Finding]]) -> Iterator[Finding]:
    """With the login that works for the whole deployment, where it is given."""
    if program.logins.system:
        with make_engine(program.logins.system, pooled=False).connect() as connection:
            by_system().open(connection)
            yield from check(connection)


def find_stopped(program: Program) -> Iterator[Finding]:
    """Of our own supervisor: programs that are down just now."""
    record = find_record(program.options.home)
    for role, one in (record.programs if record else {}).items():
        if one.pid is None:
            yield Finding(
                f"{role} is down and was started again {one.restarts} times", f"read {role}.log in logs/ of WUJI_HOME"
            )


def find_waiting(connection: Connection) -> Iterator[Finding]:
    waited, doing, dead = connection.execute(JOBS).one()
    minutes = (waited or 0) / 60
    if waited and not doing and waited > PATIENCE["worker"]:
        yield Finding(
            f"jobs are due since {minutes:.0f} minutes and no worker does any",
            "start `wuji worker` and `wuji relay`, with the same WUJI_BROKER_URL",
        )
    elif waited and waited > PATIENCE["jobs"]:
        yield Finding(
            f"the oldest job that could be done has waited for {minutes:.0f} minutes",
            "raise WUJI_JOBS_AT_ONCE on the relay, and WUJI_WORKER_PROCESSES or the number of workers",
        )
    if dead:
        yield Finding(f"{dead:,} jobs failed at every try", HEALTH)


def find_behind(connection: Connection) -> Iterator[Finding]:
    for name, lag, unread, paused, set_aside in connection.execute(CONSUMERS):
        if paused:
            yield Finding(f"{name} stands still, {unread:,} records behind", f"`wuji journal resume {name}`")
        elif lag and lag > PATIENCE["consumer"]:
            yield Finding(
                f"{name} is {lag / 60:.0f} minutes behind", "see whether `wuji relay` runs, and what its log says of it"
            )
        if set_aside:
            yield Finding(
                f"{name} has set {set_aside:,} records aside", f"mend the cause, then `wuji journal retry {name}`"
            )


def find_late(connection: Connection) -> Iterator[Finding]:
    """Times that no relay has noticed."""
    at = now()
    late: dict[str, float] = {}
    for schedule_id, cron, zone, last_at in connection.execute(SCHEDULES, {"until": at}):
        if last_at is not None:
            passed = (at - next_time(cron, zone_of(zone), last_at)).total_seconds()
            late[schedule_id] = max(passed, late.get(schedule_id, 0.0))
    for schedule_id, passed in sorted(late.items()):
        if passed > PATIENCE["schedule"]:
            yield Finding(
                f"{schedule_id} should have begun {passed / 60:.0f} minutes ago", "see whether `wuji relay` runs"
            )
