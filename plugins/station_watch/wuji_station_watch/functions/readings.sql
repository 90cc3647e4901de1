-- What devices push. A device holds no range: these functions write for it, for its own station alone.

-- The quarter of an hour that a time lies in.
-- to: wuji_definer
create function plugin_station_watch.quarter(at timestamptz) returns timestamptz language sql immutable parallel safe as
$$ select date_bin('15 minutes', at, timestamptz '2000-01-01 00:00+00') $$;

-- The partition that a time lies in (models: MONTH).
-- to: wuji_definer
create function plugin_station_watch.month_of(at timestamptz) returns smallint language sql immutable parallel safe as
$$ select ((extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::int % 15)::smallint $$;

-- How many days single readings of a tenant are kept; read as kit.setting reads any setting.
-- to:
create function plugin_station_watch.raw_days(ancestors int[]) returns int language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select coalesce((
     select (v.value #>> '{}')::int from setting_value v
      where v.key = 'station_watch.raw_days' and v.tenant_id = any(ancestors)
        and v.value #>> '{}' ~ '^[0-9]{1,3}$' and jsonb_typeof(v.value) = 'number' and (v.value #>> '{}')::int between 7 and 365
      order by case v.mode when 'lock' then array_position(ancestors, v.tenant_id) end nulls last, v.mode = 'set' desc, array_position(ancestors, v.tenant_id) desc
      limit 1), 90) $$;

-- Counts quarters of an hour of a station anew, from its readings. Of several devices that count heads each has its own rooms: they are added.
-- to:
create function plugin_station_watch.slots_count(station_id uuid, tenant_id int, zone text, starts timestamptz[]) returns void
language sql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ with said as (
     select q.starts_at, r.device_id, r.measure, r.at, r.value, d.interval_seconds
       from unnest(starts) q(starts_at) join device d on d.station_id = slots_count.station_id
       join reading r on r.device_id = d.id and r.measure = any('{in,out,present}') and r.at >= q.starts_at and r.at < q.starts_at + interval '15 minutes'
                     and r.month = month_of(q.starts_at)),
   rooms as (
     select starts_at, device_id, avg(value) as mean, max(value) as most, (array_agg(value order by at desc))[1] as last, max(at) as last_at
       from said where measure = 'present' group by starts_at, device_id),
   heads as (select starts_at, sum(last) as base, max(last_at) as last_at, sum(mean) as mean, sum(most) as most from rooms group by starts_at),
   covered as (
     select starts_at, max(seconds) as seconds from (
       select starts_at, least(900, count(distinct at) * max(interval_seconds)) as seconds from said group by starts_at, device_id) o group by starts_at),
   flow as (
     select s.starts_at, coalesce(sum(value) filter (where measure = 'in'), 0) as entered, coalesce(sum(value) filter (where measure = 'out'), 0) as gone,
            coalesce(sum(case measure when 'in' then value else -value end) filter (where measure <> 'present' and (h.last_at is null or s.at > h.last_at)), 0) as net
       from said s left join heads h using (starts_at) group by s.starts_at)
   insert into slot as o (station_id, tenant_id, starts_at, day, entered, left_count, base, net, counted_avg, counted_max, covered_seconds)
   select slots_count.station_id, slots_count.tenant_id, f.starts_at, (f.starts_at at time zone zone)::date, f.entered, f.gone, h.base, f.net, round(h.mean::numeric, 2), h.most, c.seconds
     from flow f join covered c using (starts_at) left join heads h using (starts_at)
   on conflict on constraint pk_slot do update set entered = excluded.entered, left_count = excluded.left_count, base = excluded.base, net = excluded.net,
     counted_avg = excluded.counted_avg, counted_max = excluded.counted_max, covered_seconds = excluded.covered_seconds, changed_at = now()
   where (o.entered, o.left_count, o.base, o.net, o.counted_avg, o.counted_max, o.covered_seconds)
         is distinct from (excluded.entered, excluded.left_count, excluded.base, excluded.net, excluded.counted_avg, excluded.counted_max, excluded.covered_seconds) $$;

-- Follows who is there through whole days of a station. Whoever came and went is added up; a head count begins anew with what it says, opening
-- with nobody, and fewer than nobody is nobody: with s the sum since then, that is s less the lowest that s has been below zero.
-- to:
create function plugin_station_watch.days_follow(station_id uuid, zone text, days date[]) returns void
language sql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ with opened as (
     select o.starts_at, o.day, o.base, o.net, o.counted_avg, o.counted_max, o.present_avg, o.present_max, o.present_end,
            quarter((o.day + (s.hours -> lower(to_char(o.day, 'Dy')) -> 0 ->> 0)::time) at time zone zone) as opens_at
       from slot o join station s on s.id = o.station_id where o.station_id = days_follow.station_id and o.day = any(days)
        and o.starts_at >= (select min(d) from unnest(days) d)::timestamp at time zone zone
        and o.starts_at < (select max(d) + 1 from unnest(days) d)::timestamp at time zone zone),
   begun as (
     select *, coalesce(base, case when starts_at >= opens_at and lag(starts_at) over days < opens_at then 0 end) as fresh from opened
     window days as (partition by day order by starts_at)),
   runs as (select *, count(fresh) over (partition by day order by starts_at) as run from begun),
   sums as (
     select *, coalesce(first_value(fresh) over each, 0) + sum(net) over each as sum from runs
     window each as (partition by day, run order by starts_at)),
   ends as (select *, sum - least(0, min(sum) over (partition by day, run order by starts_at)) as at_end from sums),
   told as (
     select *, case when fresh = 0 and base is null then 0 else coalesce(lag(at_end) over (partition by day order by starts_at), 0) end as at_start from ends),
   found as (
     select starts_at, at_end, coalesce(counted_avg, round((at_start + at_end) / 2.0, 2)) as mean,
            greatest(coalesce(counted_max, at_start), at_end) as most from told)
   update slot o set present_end = f.at_end, present_avg = f.mean, present_max = f.most, changed_at = now()
     from found f where o.station_id = days_follow.station_id and o.starts_at = f.starts_at
      and (o.present_end, o.present_avg, o.present_max) is distinct from (f.at_end::int, f.mean, f.most::int) $$;

-- How the station is: the last day that it has said anything of.
-- to:
create function plugin_station_watch.state_follow(station_id uuid, tenant_id int, newest timestamptz) returns void
language sql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ insert into station_state as v (station_id, tenant_id, day, present, entered_today, left_today, as_of)
   select state_follow.station_id, state_follow.tenant_id, o.day, (array_agg(o.present_end order by o.starts_at desc))[1], sum(o.entered), sum(o.left_count), newest
     from (select l.day, l.starts_at from slot l where l.station_id = state_follow.station_id order by l.starts_at desc limit 1) latest
     join slot o on o.station_id = state_follow.station_id and o.day = latest.day and o.starts_at > latest.starts_at - interval '26 hours' group by o.day
   on conflict on constraint pk_station_state do update set day = excluded.day, present = excluded.present, entered_today = excluded.entered_today,
     left_today = excluded.left_today, as_of = greatest(v.as_of, excluded.as_of) $$;

-- One batch of the device that acts, whose numbers the program has read and converted. `seconds` is how far its clock goes ahead of ours: beyond five
-- minutes its times are taken back by that, by the same as last time where it is nearly the same, so that what it sends again is known
-- again. The first that a device says of a time stays. One batch of a station at a time: the second counts what the first has written.
-- Answers, by the place in the batch: kept, repeated, conflict, undeclared, future, old.
-- to: wuji_app
create function plugin_station_watch.readings_push(received_at timestamptz, seconds int, refused int, places int[], measures text[], times timestamptz[], numbers float8[])
returns table(outcomes text[], ahead int)
language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare
  d device; known device_state; t tenant; oldest timestamptz; zone text; starts timestamptz[]; first_at timestamptz; last_at timestamptz;
  newest timestamptz; vals jsonb; whens jsonb; again int; conflicting int;
begin
  select x.* into d from device x where scope_ok() and x.account_id = scope_account() and x.tenant_id = scope_tenant() and x.state = 'active';
  if d.id is null then raise exception 'no device of this tenant' using errcode = 'no_data_found'; end if;
  select * into t from tenant n where n.id = d.tenant_id;
  perform pg_advisory_xact_lock(hashtextextended(d.station_id::text, 8640));
  select * into known from device_state v where v.device_id = d.id;
  ahead := case when abs(seconds) <= 300 then 0 when known.skew_seconds <> 0 and abs(seconds - known.skew_seconds) <= 60 then known.skew_seconds else seconds end;
  oldest := received_at - make_interval(days => raw_days(t.ancestors));
  with sent as (
    select u.place, u.measure, u.at - make_interval(secs => ahead) as at, u.number from unnest(places, measures, times, numbers) u(place, measure, at, number)),
  judged as (
    select s.*, row_number() over same as nth, coalesce(r.value, first_value(s.number) over same) as first_said, r.value is not null as known_already,
           case when not s.measure = any(d.measures) then 'undeclared' when s.at > received_at + interval '10 minutes' then 'future' when s.at < oldest then 'old' end as wrong
      from sent s left join reading r on r.device_id = d.id and r.measure = s.measure and r.at = s.at and r.month = month_of(s.at)
    window same as (partition by s.measure, s.at order by s.place)),
  decided as (
    select *, coalesce(wrong, case when number <> first_said then 'conflict' when known_already or nth > 1 then 'repeated' else 'kept' end) as outcome from judged),
  put as (
    insert into reading(device_id, tenant_id, measure, at, month, value)
    select d.id, d.tenant_id, measure, at, month_of(at), number from decided where outcome = 'kept'),
  latest as (
    select distinct on (measure) measure, at, number from decided
     where outcome = 'kept' and coalesce((known.last_times ->> measure)::timestamptz < at, true) order by measure, at desc)
  select array_agg(outcome order by place), array_agg(distinct quarter(at)) filter (where outcome = 'kept' and measure = any('{in,out,present}')),
         min(at) filter (where outcome = 'kept' and at > known.last_at), max(at) filter (where outcome = 'kept'),
         max(at) filter (where outcome = 'kept' and measure = any('{in,out,present}')),
         count(*) filter (where outcome = 'repeated'), count(*) filter (where outcome = 'conflict'), refused + count(*) filter (where wrong is not null),
         (select jsonb_object_agg(measure, number) from latest), (select jsonb_object_agg(measure, at) from latest)
    into outcomes, starts, first_at, last_at, newest, again, conflicting, refused, vals, whens from decided;
  insert into device_state as v (device_id, tenant_id, last_at, last_received_at, last_values, last_times, skew_seconds, repeated, conflicts, rejected)
  values (d.id, d.tenant_id, last_at, received_at, coalesce(vals, '{}'), coalesce(whens, '{}'), ahead, again, conflicting, refused)
  on conflict on constraint pk_device_state do update set
    last_at = greatest(v.last_at, excluded.last_at), last_received_at = greatest(v.last_received_at, excluded.last_received_at),
    last_values = v.last_values || excluded.last_values, last_times = v.last_times || excluded.last_times, skew_seconds = excluded.skew_seconds,
    gaps = v.gaps + coalesce((first_at - v.last_at > make_interval(secs => 2.5 * d.interval_seconds))::int, 0),
    repeated = v.repeated + excluded.repeated, conflicts = v.conflicts + excluded.conflicts, rejected = v.rejected + excluded.rejected;
  if starts is not null then
    zone := zone_of(t.root_id);
    perform slots_count(d.station_id, d.tenant_id, zone, starts);
    perform days_follow(d.station_id, zone, array(select distinct (s at time zone zone)::date from unnest(starts) s));
    perform state_follow(d.station_id, d.tenant_id, newest);
  end if;
  return next;
end $$;
