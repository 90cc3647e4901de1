-- Leases: who does a job now. The secret travels in the bell, the row keeps its hash; whoever holds it may enter, prolong and finish.

-- to:
create function wuji.job_lease() returns interval language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select interval '9 seconds' $$;

-- How long a bell is given to be heard: workers listen, and as many jobs are claimed as they can do at once. One that was lost with the
-- broker is soon rung again. The program's bell has the same (work/bell.py).
-- to:
create function wuji.job_bell() returns interval language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select interval '3 seconds' $$;

-- The lock that whoever does the job holds by a connection of its own from before it begins until it has said how it ended. With the
-- process, or the server, the connection ends, and with it the lock: the job need not wait until its lease runs out.
-- to: wuji_app
create function wuji.job_lock(job_id uuid) returns bigint language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select hashtextextended(job_id::text, 0) $$;

-- Five seconds, twice as long each time, at most an hour; spread out, so that what failed together does not come back together.
-- to:
create function wuji.job_backoff(attempts int) returns interval language sql volatile security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select least(interval '1 hour', interval '5 seconds' * 2.0 ^ least(greatest(attempts - 1, 0), 12)) * (0.5 + random()) $$;

-- The same after what is not the job's own fault, a worker that died or a database that was away: a few seconds.
-- to:
create function wuji.job_pause(attempts int) returns interval language sql volatile security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select least(interval '4 seconds', job_backoff(attempts) / 5) $$;

-- to:
create function wuji.job_secret() returns bytea language sql volatile security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) $$;

-- Whoever may claim can walk through enter_job, so only the system login may. Null: somebody else has it.
-- to: wuji_system
create function wuji.job_claim(job_id uuid, hold interval) returns bytea language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare secret bytea := job_secret();
begin
  update job set state = 'running', attempts = attempts + 1, lease_hash = sha256(secret), lease_until = now() + hold, run_until = now() + hold, begun_at = now()
   where id = job_id and (state = 'waiting' or state = 'running' and lease_until < now());
  return case when found then secret end;
end $$;

-- What is due, for workers: the bell must be rung for each. One relay at a time, because a lane is free for one job, and `at_once` counts
-- them all: whoever holds the row of account system claims, another one finds nothing to do.
-- to: wuji_system
create function wuji.job_claim_due(at_once int) returns table(job_id uuid, secret bytea) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform from account a where a.type = 'system' for no key update skip locked;
  if not found then return; end if;
  perform job_lapse();
  for job_id in select j.id from job j
     where j.state = 'waiting' and j.due_at <= clock_timestamp() and (j.lane is null or not exists(select from job o
           where o.lane = j.lane and o.id <> j.id and (o.state = 'running' or o.state = 'waiting' and o.id < j.id)))
       -- work for a tenant that is closed waits until it is open again
       and not exists(select from tenant t join tenant a on a.id = any(t.ancestors) where t.id = j.tenant_id and a.state <> 'active')
     order by j.due_at, j.id
     limit greatest(0, at_once - (select count(*) from job r where r.state = 'running' and r.due_at is not null)) for no key update skip locked
  loop
    secret := job_secret();
    update job w set state = 'running', lease_hash = sha256(secret), lease_until = clock_timestamp() + job_bell(),
           run_until = clock_timestamp() + job_bell(), begun_at = null where w.id = job_id;
    return next;
  end loop;
end $$;

-- How many workers may die, or fall silent, at one job: then it may be what kills them.
-- to:
create function wuji.job_deaths() returns int language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select 20 $$;

-- A bell that nobody heard is rung again. What somebody had begun who is gone, or has fallen silent for a lease, comes back soon: mostly it was
-- the worker that died, or the database, and that is no attempt of the job's. What took longer than it may is one, and so is the only one.
-- to:
create function wuji.job_lapse() returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with ended as (
update job j set lease_hash = null, lease_until = null, run_until = null,
       state = case when cancel_asked or spent then 'failed' else 'waiting' end,
       fault = case when cancel_asked then 'cancelled' when spent then 'lapsed' end,
       due_at = case when begun_at is null then due_at else clock_timestamp() + job_pause(attempts) end,
       deaths = deaths + died::int, finished_at = case when spent or cancel_asked then now() end
  from (select l.id as lapsed, d.died, l.due_at is null or l.begun_at is not null
               and case when d.died then l.deaths + 1 >= job_deaths() else l.attempts - l.deaths >= l.most_attempts end as spent
          from job l cross join lateral (select coalesce(l.begun_at is not null and l.run_until > clock_timestamp() and l.most_attempts > 1, false) as died) d
         where l.state = 'running'
           and (l.lease_until < clock_timestamp()
                or case when l.begun_at is not null and l.due_at is not null then pg_try_advisory_xact_lock(job_lock(l.id)) end)
           for no key update of l skip locked) gone
 where j.id = lapsed returning j)
select count(tell_job(e.j)) from ended e $$;

-- The bell could not be rung: the job waits again as if nothing had been.
-- to: wuji_system
create function wuji.job_release(job_id uuid, secret bytea) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update job j set state = 'waiting', lease_hash = null, lease_until = null, run_until = null
    where j.id = job_id and lease_hash = sha256(secret) and state = 'running' and begun_at is null $$;

-- The bell was heard. No row: somebody else heard it, or it was heard too late.
-- to: wuji_app
create function wuji.job_begin(job_id uuid, secret bytea) returns table(kind text, args jsonb, trace text) language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update job j set attempts = attempts + 1, begun_at = clock_timestamp(), lease_until = clock_timestamp() + job_lease(), run_until = clock_timestamp() + job_lease(), progress = 0
    where j.id = job_id and lease_hash = sha256(secret) and state = 'running' and begun_at is null and lease_until > clock_timestamp()
   returning j.kind, j.args, j.trace $$;

-- Still at work, `seconds` from the beginning at most. True: it shall stop. Null: the lease is lost.
-- to: wuji_app
create function wuji.job_beat(job_id uuid, secret bytea, progress int, seconds int) returns boolean language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update job j set progress = job_beat.progress, run_until = begun_at + make_interval(secs => least(seconds, 86400)),
          lease_until = least(clock_timestamp() + job_lease(), begun_at + make_interval(secs => least(seconds, 86400)))
    where j.id = job_id and lease_hash = sha256(secret) and state = 'running' and lease_until > clock_timestamp() and begun_at is not null
   returning j.cancel_asked $$;

-- False: the lease is lost, or somebody asked it to stop, and with that the right to say that it is done is gone. By the clock, not by when the transaction began, which may
-- have lasted longer than the lease. That it failed may be said as long as nobody else has claimed it.
-- to: wuji_app wuji_system
create function wuji.job_finish(job_id uuid, secret bytea, state text, fault text, file_id uuid default null, outcome jsonb default null) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare kept boolean;
begin
  if file_id is not null then perform job_file_demand(file_id); end if;
  update job j set state = job_finish.state, fault = job_finish.fault, file_id = job_finish.file_id, outcome = job_finish.outcome, lease_hash = null, lease_until = null,
         run_until = null, finished_at = now(), progress = case when job_finish.state = 'done' then 100 else j.progress end
   where j.id = job_id and lease_hash = sha256(secret)
     and (lease_until > clock_timestamp() and not cancel_asked or job_finish.state = 'failed')
  returning keep or job_finish.state <> 'done' into kept;
  if kept is null then return false; end if;
  if not kept then delete from job j where j.id = job_id; end if;
  perform tell_job(j) from job j where j.id = job_id;
  perform job_ring();
  return true;
end $$;

-- The attempt came to nothing: `again` where another one may help, after that time or as attempts go. One that is not `counted` was no fault of
-- the job: the database was away, or its disk full, for however long that lasts. Returns the state in which it leaves the job, null where
-- somebody else has it.
-- to: wuji_app
create function wuji.job_fail(job_id uuid, secret bytea, fault text, problem jsonb, again boolean, after interval default null, counted boolean default true) returns text language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare how text; spared int := (not counted)::int;
begin
  update job j set fault = case when cancel_asked then 'cancelled' else job_fail.fault end, problem = job_fail.problem, lease_hash = null, lease_until = null, run_until = null,
         state = case when again and attempts - deaths - spared < most_attempts and not cancel_asked then 'waiting' else 'failed' end,
         due_at = clock_timestamp() + coalesce(job_fail.after, case when counted then job_backoff(attempts - deaths) else job_pause(attempts) end),
         attempts = attempts - spared, finished_at = case when cancel_asked or not again or attempts - deaths - spared >= most_attempts then now() end
   where j.id = job_id and lease_hash = sha256(secret) and j.state = 'running'
  returning j.state into how;
  perform tell_job(j) from job j where j.id = job_id;
  perform job_ring();
  return how;
end $$;
