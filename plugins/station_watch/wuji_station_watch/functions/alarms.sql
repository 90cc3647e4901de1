-- Alarms: what is now as a rule says it must not be, since when, and who is told. Only the program's own account asks, at a root.

-- to:
create function plugin_station_watch.watch_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'only the program itself watches' using errcode = 'insufficient_privilege'; end if;
end $$;

-- Tenants of the range that have stations.
-- to: wuji_app
create function plugin_station_watch.watch_places() returns setof int language plpgsql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
begin
  perform watch_demand();
  return query select distinct s.tenant_id from station s where s.pos between (select scope_lo()) and (select scope_hi());
end $$;

-- Every rule that is on, at every device or station that it speaks of, at these tenants. `breach`: it is as it must not be; `over`: it is clearly
-- not so (between the two nothing changes, so that an alarm does not come and go with each reading: 5 percent of what a station holds, 2 percent
-- of a limit and at least 0.5). Numbers older than a quarter of an hour say neither; that a device is silent counts while its station is open.
-- to:
create function plugin_station_watch.watch_facts(tenants int[], at timestamptz)
returns table(rule_id uuid, kind text, measure text, subject_id uuid, station_id uuid, device_id uuid, tenant_id int, told_at_id int, bound numeric, value numeric, since timestamptz, minutes int, breach boolean, over boolean)
language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
with r as (
  select a.*, t.pos as lo, t.pos_hi as hi from alarm_rule a join tenant t on t.id = a.tenant_id where a.is_on and t.pos between (select scope_lo()) and (select scope_hi())),
s as (
  select x.*, opened_at(x.hours, x.closed_on, at, zone_of((scope_anc())[1])) as open_since from station x where x.tenant_id = any(tenants) and x.state = 'open' and x.pos between (select scope_lo()) and (select scope_hi()))
select r.id, r.kind, r.measure, d.id, s.id, d.id, s.tenant_id, r.tenant_id, r.minutes::numeric,
       least(extract(epoch from at - h.heard_at) / 60, 1000000)::numeric(9, 2), h.heard_at, 0,
       (greatest(h.heard_at, s.open_since) <= at - make_interval(mins => r.minutes) and s.open_since is not null), h.heard_at > at - make_interval(mins => r.minutes)
  from r join s on s.pos between r.lo and r.hi join device d on d.station_id = s.id and d.state = 'active'
  left join device_state v on v.device_id = d.id cross join lateral (select coalesce(v.last_received_at, d.registered_at) as heard_at) h
 where r.kind = 'silent'
union all
select r.id, r.kind, r.measure, s.id, s.id, null, s.tenant_id, r.tenant_id, r.share::numeric, round(100.0 * v.present / s.capacity, 2), at, r.minutes,
       v.present * 100.0 / s.capacity >= r.share and v.as_of > at - interval '15 minutes', v.present * 100.0 / s.capacity < r.share - 5 and v.as_of > at - interval '15 minutes'
  from r join s on s.pos between r.lo and r.hi join station_state v on v.station_id = s.id
 where r.kind = 'full'
union all
select r.id, r.kind, r.measure, d.id, s.id, d.id, s.tenant_id, r.tenant_id, case when n.value < r.low then r.low else coalesce(r.high, r.low) end, round(n.value, 2), at, r.minutes,
       (n.value < r.low or n.value > r.high) is true and v.last_at > at - interval '15 minutes',
       (r.low is null or n.value >= r.low + greatest(abs(r.low) * 0.02, 0.5)) and (r.high is null or n.value <= r.high - greatest(abs(r.high) * 0.02, 0.5)) and v.last_at > at - interval '15 minutes'
  from r join s on s.pos between r.lo and r.hi join device d on d.station_id = s.id and d.state = 'active' join device_state v on v.device_id = d.id
 cross join lateral (select (v.last_values ->> r.measure)::numeric as value) n
 where r.kind = 'reading' and n.value is not null $$;

-- What follows from that: alarms open, are over, go a level up. However often it runs, there is one alarm of a rule and a subject at a time.
-- Two at once wait for each other: the root's row of the tree is no good for that, so an advisory lock of this root is.
-- to: wuji_app
create function plugin_station_watch.watch(tenants int[], at timestamptz) returns table(alarm_id uuid, tenant_id int, did text)
language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
#variable_conflict use_column
begin
  perform watch_demand();
  perform pg_advisory_xact_lock(hashtextextended('station_watch.watch', (scope_anc())[1]));
  delete from alarm_pending p using station s
   where s.id = p.station_id and s.pos between (select scope_lo()) and (select scope_hi())
     and not exists(select from watch_facts(tenants, at) f where f.breach and f.rule_id = p.rule_id and f.subject_id = p.subject_id);
  insert into alarm_pending(rule_id, subject_id, station_id, since) select f.rule_id, f.subject_id, f.station_id, f.since from watch_facts(tenants, at) f where f.breach on conflict do nothing;
  update alarm a set value = f.value from watch_facts(tenants, at) f
   where a.state <> 'closed' and f.breach and f.rule_id = a.rule_id and f.subject_id = a.subject_id and a.value is distinct from f.value;
  return query with o as (
    insert into alarm(tenant_id, rule_id, subject_id, station_id, device_id, kind, measure, bound, value, since, opened_at, told_at_id, told_at)
    select f.tenant_id, f.rule_id, f.subject_id, f.station_id, f.device_id, f.kind, f.measure, f.bound, f.value, p.since, at, f.told_at_id, at
      from watch_facts(tenants, at) f join alarm_pending p on p.rule_id = f.rule_id and p.subject_id = f.subject_id
     where f.breach and p.since <= at - make_interval(mins => f.minutes)
    on conflict (subject_id, rule_id) where state <> 'closed' do nothing returning id, tenant_id)
  select o.id, o.tenant_id, 'open' from o;
  return query update alarm a set state = 'closed', closed_at = at
   where a.state <> 'closed' and a.pos between (select scope_lo()) and (select scope_hi())
     and not exists(select from watch_facts(tenants, at) f where f.rule_id = a.rule_id and f.subject_id = a.subject_id and not coalesce(f.over, false))
  returning a.id, a.tenant_id, 'close';
  return query update alarm a set told_at_id = t.parent_id, told_at = at from alarm_rule r, tenant t
   where r.id = a.rule_id and t.id = a.told_at_id and a.state = 'open' and a.pos between (select scope_lo()) and (select scope_hi())
     and a.told_at <= at - make_interval(mins => r.escalate_minutes) and t.parent_id is not null
  returning a.id, a.tenant_id, 'escalate';
end $$;

-- Stations of which no device is heard while they are open, and those that are heard again: each is said once. A device has missed three
-- reports, and a quarter of an hour at least; one that was never heard has nothing to fall silent from.
-- to: wuji_app
create function plugin_station_watch.watch_silence(tenants int[], at timestamptz) returns table(station_id uuid, tenant_id int, did text)
language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
#variable_conflict use_column
declare zone text := zone_of((scope_anc())[1]);
begin
  perform watch_demand();
  perform pg_advisory_xact_lock(hashtextextended('station_watch.watch', (scope_anc())[1]));
  return query with d as (
    select x.id, v.last_received_at as heard_at, opened_at(x.hours, x.closed_on, at, zone) as open_since, greatest(make_interval(secs => 3 * y.interval_seconds), interval '15 minutes') as wait
      from station x join device y on y.station_id = x.id and y.state = 'active' left join device_state v on v.device_id = y.id
     where x.tenant_id = any(tenants) and x.state = 'open' and x.pos between (select scope_lo()) and (select scope_hi())),
  s as (
    select d.id, max(d.heard_at) as heard_at, coalesce(bool_or(d.heard_at > at - d.wait), false) as is_heard,
           coalesce(bool_and(d.open_since <= at - d.wait), false) as should_be
      from d group by d.id)
  update station_state o set silent_since = case when not s.is_heard then s.heard_at end
    from s where o.station_id = s.id and case when o.silent_since is null then s.should_be and not s.is_heard and s.heard_at is not null else s.is_heard end
  returning o.station_id, o.tenant_id, case when o.silent_since is null then 'back' else 'silent' end;
end $$;

-- As what whoever acts works here: the role that reaches lowest, as others may know it.
-- to: wuji_app
create function plugin_station_watch.own_role() returns table(name text, labels jsonb) language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select r.name, to_jsonb(r.labels) from role_grant g join role r on r.id = g.role_id
    where scope_ok() and g.account_id = scope_account() and g.tenant_id = any(scope_anc()) and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      and 'station_watch.alarm.handle' = any(r.permissions)
    order by array_position(scope_anc(), g.tenant_id) desc, g.given_at desc limit 1 $$;
