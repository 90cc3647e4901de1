-- Jobs: made by the account that asks, claimed by the relay alone, finished by whoever holds the lease secret.

-- to:
create function wuji.job_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_account() is not null and (scope_tenant() is not null or scope_operator())) is not true then
    raise exception 'no account to work for' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Asked for by the acting account at the acting tenant (without one: by the operator).
-- to: wuji_app
create function wuji.job_add(kind text, args jsonb) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j uuid := new_id();
begin
  perform job_demand();
  insert into job(id, tenant_id, account_id, kind, args) values (j, scope_tenant(), scope_account(), kind, args);
  return j;
end $$;

-- Inline: the work was done in this very transaction, so its row is written finished. The id comes from the caller, whose file names it.
-- to: wuji_app
create function wuji.job_done(job_id uuid, kind text, args jsonb, file_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform job_demand();
  if file_id is not null and not exists(select from file f where f.id = job_done.file_id and f.pos between scope_lo() and scope_hi()) then
    raise exception 'no such file' using errcode = 'no_data_found';      -- the foreign key looks past the wall
  end if;
  insert into job(id, tenant_id, account_id, kind, args, state, progress, attempts, finished_at, file_id)
  values (job_id, scope_tenant(), scope_account(), kind, args, 'done', 100, 1, now(), file_id);
end $$;

-- A job of account system: it will act with every permission at its tenant, or as the operator without one.
-- to: wuji_system
create function wuji.job_add_system(kind text, args jsonb, tenant_id int) returns uuid language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
insert into job(tenant_id, account_id, kind, args) select job_add_system.tenant_id, a.id, kind, args from account a where a.type = 'system' returning id $$;

-- Whoever may claim can walk through enter_job, so only the relay may. The secret travels in the bell; the row keeps its hash. Null: somebody else has it.
-- to: wuji_system
create function wuji.job_claim(job_id uuid, hold interval) returns bytea language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare secret bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
begin
  update job set state = 'running', attempts = attempts + 1, lease_hash = sha256(secret), lease_until = now() + hold
   where id = job_id and (state = 'waiting' or state = 'running' and lease_until < now());
  return case when found then secret end;
end $$;

-- False: the lease is lost, and so is the right to say that it is done. By the clock, not by when the transaction began, which may
-- have lasted longer than the lease. That it failed may be said as long as nobody else has claimed it.
-- to: wuji_app wuji_system
create function wuji.job_finish(job_id uuid, secret bytea, state text, fault text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  update job j set state = job_finish.state, fault = job_finish.fault, lease_hash = null, lease_until = null, finished_at = now(),
         progress = case when job_finish.state = 'done' then 100 else j.progress end
   where j.id = job_id and lease_hash = sha256(secret) and (lease_until > clock_timestamp() or job_finish.state = 'failed');
  return found;
end $$;
