-- Jobs: made by the account that asks or by the relay, and what their owners and the operator may do with them.

-- to:
create function wuji.job_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_account() is not null and (scope_tenant() is not null or scope_operator())) is not true then
    raise exception 'no account to work for' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Told at commit to the relay, wherever it waits. Jobs are rare beside what is written; a journal record does not do this.
-- to:
create function wuji.job_ring() returns void language sql volatile security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select pg_notify('wuji', 'job') $$;

-- Asked for by the acting account at the acting tenant (without one: by the operator). With a key it is made once; the id is that of
-- the one that is there.
-- to: wuji_app
create function wuji.job_add(kind text, args jsonb, lane text default null, key text default null, most_attempts int default 5) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j uuid := new_id();
begin
  perform job_demand();
  insert into job(id, tenant_id, account_id, kind, args, due_at, lane, key, most_attempts)
  values (j, scope_tenant(), scope_account(), kind, args, now(), lane, key, most_attempts) on conflict do nothing;
  if not found then
    select o.id into j from job o where o.account_id = scope_account() and o.key = job_add.key;
  end if;
  perform job_ring();
  return j;
end $$;

-- Inline: the work was done in this very transaction, so its row is written finished. The id comes from the caller, whose file names it.
-- to: wuji_app
create function wuji.job_done(job_id uuid, kind text, args jsonb, file_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform job_demand();
  perform job_file_demand(file_id);
  insert into job(id, tenant_id, account_id, kind, args, state, progress, attempts, finished_at, file_id)
  values (job_id, scope_tenant(), scope_account(), kind, args, 'done', 100, 1, now(), file_id);
end $$;

-- The foreign key looks past the wall.
-- to:
create function wuji.job_file_demand(file_id uuid) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if file_id is not null and not exists(select from file f where f.id = job_file_demand.file_id and f.pos between scope_lo() and scope_hi()) then
    raise exception 'no such file' using errcode = 'no_data_found';
  end if;
end $$;

-- A job of account system that whoever makes it will claim and do itself (job_claim): no worker does.
-- to: wuji_system
create function wuji.job_add_system(kind text, args jsonb, tenant_id int) returns uuid language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
insert into job(tenant_id, account_id, kind, args, most_attempts)
select job_add_system.tenant_id, a.id, kind, args, 1 from account a where a.type = 'system' returning id $$;

-- A job of account system for a worker: it will act with every permission at its tenant, or as the operator without one. Null: one with
-- this key was made before. What is not kept goes when it is done.
-- to: wuji_system
create function wuji.job_make(kind text, args jsonb, tenant_id int, lane text default null, key text default null, keep boolean default true, most_attempts int default 5, due_at timestamptz default null) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j uuid;
begin
  insert into job(tenant_id, account_id, kind, args, due_at, lane, key, keep, most_attempts)
  select job_make.tenant_id, account_system(), kind, args, coalesce(job_make.due_at, now()), lane, key, keep, most_attempts on conflict do nothing returning id into j;
  perform job_ring();
  return j;
end $$;

-- The last job of a lane takes more, if it waits and nobody has tried it yet: `list` is that of its arguments which grows, to `most` at most.
-- So what a worker cannot keep up with becomes few large jobs, not many small ones. False: it takes no more.
-- to: wuji_system
create function wuji.job_extend(lane text, list text, more jsonb, most int) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  update job j set args = jsonb_set(j.args, array[list], j.args -> list || more)
   where j.id = (select l.id from job l where l.lane = job_extend.lane and l.state in ('waiting', 'running') order by l.id desc limit 1)
     and j.state = 'waiting' and j.attempts = 0 and jsonb_array_length(j.args -> list) + jsonb_array_length(more) <= most;
  return found;
end $$;

-- A job of the acting account, wherever it acts, locked; or, for the operator, any that failed for good. Others are absent.
-- to:
create function wuji.job_own(job_id uuid) returns job language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j job;
begin
  select * into j from job w where w.id = job_own.job_id and scope_ok()
     and (w.account_id = scope_account() or scope_operator() and job_is_dead(w)) for no key update;
  if j.id is null then raise exception 'no such job' using errcode = 'no_data_found'; end if;
  return j;
end $$;

-- Files that jobs of the acting account have made: what they are called, wherever it acts. Reading one asks for the range where it lies.
-- to: wuji_app
create function wuji.job_files() returns table(id uuid, name text, size bigint, expires_at timestamptz) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select f.id, f.name, f.size, f.expires_at from job j join file f on f.id = j.file_id where scope_ok() and j.account_id = scope_account() $$;

-- What failed for good and not by a rule that whoever asked was told of: somebody who runs the deployment must look.
-- to:
create function wuji.job_is_dead(j job) returns boolean language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select j.state = 'failed' and j.due_at is not null and j.problem is null and j.fault <> 'cancelled' $$;

-- One that waits is cancelled at once; one that runs is asked to stop. False: it has ended already.
-- to: wuji_app
create function wuji.job_cancel(job_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j job := job_own(job_id);
begin
  if j.due_at is null or j.state not in ('waiting', 'running') then return false; end if;
  update job w set cancel_asked = true, state = case when j.state = 'waiting' then 'failed' else j.state end,
         fault = case when j.state = 'waiting' then 'cancelled' end, finished_at = case when j.state = 'waiting' then now() end where w.id = j.id;
  perform journal_add('work.job.cancel', 'job', j.id::text, j.tenant_id, scope_account(), null, null, null);
  perform job_ring();
  return true;
end $$;

-- Once more, from the beginning. False: it has not ended, or has done what it was for.
-- to: wuji_app
create function wuji.job_retry(job_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j job := job_own(job_id); none tenant;
begin
  if j.account_id <> scope_account() then perform demand('work.health.mend', none); end if;
  if j.due_at is null or j.state <> 'failed' then return false; end if;
  update job w set state = 'waiting', due_at = now(), attempts = 0, deaths = 0, progress = 0, fault = null, problem = null, cancel_asked = false, finished_at = null
   where w.id = j.id;
  perform journal_add('work.job.retry', 'job', j.id::text, j.tenant_id, scope_account(), null, null, null);
  perform job_ring();
  return true;
end $$;

-- For the operator, who sees that something failed and where, not what about.
-- to: wuji_app
create function wuji.jobs_dead() returns table(id uuid, kind text, tenant_code text, tenant_name text, attempts int, fault text, created_at timestamptz, finished_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  perform demand('work.health.read', none);
  return query select j.id, j.kind, c.code, t.name, j.attempts, j.fault, j.created_at, j.finished_at
    from job j left join tenant t on t.id = j.tenant_id left join tenant_code c on c.tenant_id = t.id and c.valid_to is null
   where job_is_dead(j);
end $$;
