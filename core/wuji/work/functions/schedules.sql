-- Schedules: rows that the clock of the relay reads, once per root and time however many relays there are.

-- Each active root with its time zone; or none, for what stands at no tenant.
-- to:
create function wuji.schedule_zones(per_root boolean) returns table(tenant_id int, zone text) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
select t.id, coalesce(v.value #>> '{}', 'Asia/Shanghai') from tenant t left join setting_value v on v.tenant_id = t.id and v.key = 'tenancy.time_zone'
 where per_root and t.parent_id is null and t.state = 'active'
union all select null, 'Asia/Shanghai' where not per_root $$;

-- Where each schedule that is not paused runs, in whose time zone, and from which time on. Times after `until`, which is now by the caller's clock,
-- were taken while a clock was ahead: they do not count, or nothing would run until they come.
-- to: wuji_system
create function wuji.schedule_places(until timestamptz) returns table(schedule_id text, cron text, missed text, tenant_id int, zone text, last_at timestamptz) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
select s.id, s.cron, s.missed, r.tenant_id, r.zone,
       (select max(n.due_at) from schedule_run n where n.schedule_id = s.id and n.tenant_id is not distinct from r.tenant_id and n.due_at <= until)
  from schedule s cross join lateral schedule_zones(s.per_root) r where not s.paused $$;

-- False: somebody took that time before. Without a job it is only noted: skipped, or where counting begins.
-- to: wuji_system
create function wuji.schedule_take(schedule_id text, tenant_id int, due_at timestamptz, working boolean) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare run uuid := new_id(); s schedule;
begin
  select * into s from schedule where id = schedule_take.schedule_id for key share;
  if s.id is null then return false; end if;
  insert into schedule_run(id, schedule_id, tenant_id, due_at, job_id)
  values (run, schedule_take.schedule_id, schedule_take.tenant_id, schedule_take.due_at, case when working then new_id() end) on conflict do nothing;
  if not found then return false; end if;
  if working then
    insert into job(id, tenant_id, account_id, kind, args, due_at, key)
    select n.job_id, n.tenant_id, account_system(), s.task, s.args || jsonb_build_object('due_at', n.due_at), now(),
           concat_ws(':', s.id, coalesce(n.tenant_id::text, '-'), to_char(n.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      from schedule_run n where n.id = run;
    perform job_ring();
  end if;
  return true;
end $$;

-- The last time at each root stays: from it on times are counted.
-- to:
create function wuji.schedule_run_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare gone bigint;
begin
  delete from schedule_run r where r.due_at < before and exists(select from schedule_run n
   where n.schedule_id = r.schedule_id and n.tenant_id is not distinct from r.tenant_id and n.due_at > r.due_at);
  get diagnostics gone = row_count;
  return gone;
end $$;

-- For the operator: all of them, and when each ran last.
-- to: wuji_app
create function wuji.schedules() returns table(id text, owner text, cron text, task text, missed text, paused boolean, per_root boolean, last_at timestamptz, runs bigint, zones text[]) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  perform demand('work.health.read', none);
  return query select s.id, s.owner, s.cron, s.task, s.missed, s.paused, s.per_root, max(r.due_at) filter (where r.job_id is not null), count(r.job_id),
         (select array_agg(distinct p.zone) from schedule_zones(s.per_root) p)
    from schedule s left join schedule_run r on r.schedule_id = s.id group by s.id;
end $$;

-- What passes while it is paused is not missed: counting begins anew when it resumes. False: it is so already.
-- to: wuji_app
create function wuji.schedule_pause(schedule_id text, paused boolean) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare s schedule; none tenant;
begin
  perform demand('work.health.mend', none);
  select * into s from schedule where id = schedule_pause.schedule_id for update;
  if s.id is null then raise exception 'no such schedule' using errcode = 'no_data_found'; end if;
  if s.paused = schedule_pause.paused then return false; end if;
  update schedule o set paused = schedule_pause.paused where o.id = s.id;
  if not schedule_pause.paused then
    insert into schedule_run(schedule_id, tenant_id, due_at) select distinct s.id, r.tenant_id, now() from schedule_run r where r.schedule_id = s.id on conflict do nothing;
  end if;
  if schedule_pause.paused then perform journal_add('work.schedule.pause', 'schedule', s.id, null, scope_account(), null, null, null);
  else perform journal_add('work.schedule.resume', 'schedule', s.id, null, scope_account(), null, null, null); end if;
  return true;
end $$;
