-- What the night's work has found out, and what a demo is given for a past. Only the program's own account writes either.

-- Replaces what was known; stations that went meanwhile are left out.
-- to: wuji_app
create function plugin_station_watch.profile_put(profiles jsonb) returns void language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
begin
  perform watch_demand();
  insert into station_profile as p (tenant_id, station_id, since, until, week, open_hours, hours_over_80, hours_over_100, visits, mean_present, busy_present, peak, peak_at,
                                    error, copied_error, tries, spread, computed_at)
  select s.tenant_id, s.id, r.since, r.until, r.week, r.open_hours, r.hours_over_80, r.hours_over_100, r.visits, r.mean_present, r.busy_present, r.peak, r.peak_at,
         r.error, r.copied_error, r.tries, r.spread, now()
    from jsonb_to_recordset(profiles) r(station_id uuid, since date, until date, week jsonb, open_hours numeric, hours_over_80 numeric, hours_over_100 numeric, visits numeric,
                                        mean_present numeric, busy_present numeric, peak int, peak_at timestamptz, error numeric, copied_error numeric, tries int, spread numeric[])
    join station s on s.id = r.station_id and s.pos between (select scope_lo()) and (select scope_hi())
  on conflict on constraint pk_station_profile do update
     set tenant_id = excluded.tenant_id, since = excluded.since, until = excluded.until, week = excluded.week, open_hours = excluded.open_hours,
         hours_over_80 = excluded.hours_over_80, hours_over_100 = excluded.hours_over_100, visits = excluded.visits, mean_present = excluded.mean_present,
         busy_present = excluded.busy_present, peak = excluded.peak, peak_at = excluded.peak_at, error = excluded.error, copied_error = excluded.copied_error,
         tries = excluded.tries, spread = excluded.spread, computed_at = excluded.computed_at;
end $$;

-- Replaces what was known of the tenants of the range.
-- to: wuji_app
create function plugin_station_watch.places_put(places jsonb) returns void language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
begin
  perform watch_demand();
  delete from place_profile p using tenant t where t.id = p.place_id and t.pos between (select scope_lo()) and (select scope_hi());
  insert into place_profile(place_id, error, copied_error, tries, spread, computed_at)
  select t.id, r.error, r.copied_error, r.tries, r.spread, now()
    from jsonb_to_recordset(places) r(place_id int, error numeric, copied_error numeric, tries int, spread numeric[])
    join tenant t on t.id = r.place_id and t.pos between (select scope_lo()) and (select scope_hi());
end $$;

-- How far off forecasts of the acting tenant's stations together have been.
-- to: wuji_app
create function plugin_station_watch.place_tried() returns table(error numeric, copied_error numeric, tries int, spread numeric[])
language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select p.error, p.copied_error, p.tries, p.spread from place_profile p where p.place_id = scope_tenant() and scope_ok() and scope_hi() > 0 $$;

-- An imagined past, for a demo: quarter hours of a station that has none yet, from so many weeks ago up to now. Two or three busy times a day by kind
-- of station, weekdays and days that differ, and nothing of it by chance: the same station has the same past each time. Returns how many it made.
-- to: wuji_app
create function plugin_station_watch.past_imagine(of_station uuid, weeks int) returns bigint language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
declare made bigint; zone text := zone_of((scope_anc())[1]);
begin
  perform watch_demand();
  with s as (
    select x.*, (hashtext(x.name) & 1023) / 1023.0::float8 as luck,
           case x.kind when 'civic' then '{0.35,0.75,0.85}'::float8[] when 'courier' then '{0.80,0.50,0.45}' else '{0.70,0.65,0.30}' end as busy
      from station x where x.id = of_station and x.pos between (select scope_lo()) and (select scope_hi()) and x.state <> 'closed' and not exists(select from slot o where o.station_id = x.id)),
  q as (
    select s.*, d::date as day, (d::date + (h ->> 0)::time + m * interval '15 minutes') as wall
      from s cross join generate_series((now() at time zone zone)::date - 7 * weeks, (now() at time zone zone)::date, interval '1 day') d
     cross join jsonb_array_elements(s.hours -> (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[extract(isodow from d)::int]) h
     cross join generate_series(0, (extract(epoch from (h ->> 1)::time - (h ->> 0)::time) / 900)::int - 1) m
     where not exists(select from jsonb_array_elements(s.closed_on) c where c ->> 'on' = d::date::text)),
  p as materialized ( -- once, and not in decimals: this is most of the work
    select q.*, greatest(q.capacity * (0.45 + 0.55 * luck) * ('{1.0,0.92,0.95,0.97,1.04,1.16,1.1}'::float8[])[extract(isodow from day)::int]
             * (0.82 + 0.36 * ((hashtext(name || day) & 1023) / 1023.0::float8)) * (0.93 + 0.14 * ((hashtext(name || wall) & 1023) / 1023.0::float8))
             * (0.06 + busy[1] * exp(-power((clock - 9.4 - luck) / 1.2, 2)) + busy[2] * exp(-power((clock - 15.6 - luck) / 1.3, 2)) + busy[3] * exp(-power((clock - 18.9) / 1.1, 2))), 0) as people
      from q cross join lateral (select extract(epoch from wall::time)::float8 / 3600 as clock) c),
  i as (
    insert into slot(tenant_id, station_id, starts_at, day, present_avg, present_max, present_end, entered, left_count, base, covered_seconds)
    select tenant_id, id, wall at time zone zone, day, round(people::numeric, 2), ceil(people * 1.1), round(people), round(people * 0.32 + luck), round(people * 0.32), round(people),
           case when (hashtext(wall || name) & 127) = 0 then 0 else 900 end
      from p where wall at time zone zone <= now() - interval '15 minutes'
    on conflict do nothing returning station_id)
  select count(*) into made from i;
  insert into station_state as t (tenant_id, station_id, day, present, entered_today, left_today, as_of)
  select s.tenant_id, s.id, x.day, x.present_end, y.entered, y.left_count, x.starts_at + interval '15 minutes'
    from station s cross join lateral (select o.* from slot o where o.station_id = s.id order by o.starts_at desc limit 1) x
   cross join lateral (select sum(o.entered)::int as entered, sum(o.left_count)::int as left_count from slot o where o.station_id = s.id and o.starts_at >= x.day::timestamp at time zone zone) y
   where s.id = of_station and s.pos between (select scope_lo()) and (select scope_hi()) on conflict do nothing;
  return made;
end $$;
