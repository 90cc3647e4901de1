-- When stations are open: by the wall clock of their root.

-- The zone of a tree, as wuji.tenant_today has it: Python knows zones that PostgreSQL may not.
-- to:
create function plugin_station_watch.zone_of(root_id int) returns text language plpgsql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$
declare zone text := (select s.value #>> '{}' from setting_value s where s.tenant_id = zone_of.root_id and s.key = 'tenancy.time_zone');
begin
  perform now() at time zone zone;
  return coalesce(zone, 'Asia/Shanghai');
exception when invalid_parameter_value then
  return 'Asia/Shanghai';
end $$;

-- Since when the doors have been open at that moment; null: they are closed. What is open to the end of a day and from the beginning of the
-- next has been open since the day before, or whoever is open at night would be looked after anew every midnight.
-- to: wuji_app wuji_definer
create function plugin_station_watch.opened_at(hours jsonb, closed_on jsonb, at timestamptz, zone text) returns timestamptz language sql stable as
$$ select coalesce(b.since, l.day + (h.span ->> 0)::time) at time zone zone
     from (select (at at time zone zone)::date as day, (at at time zone zone)::time as clock, array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as named) l
    cross join jsonb_array_elements(hours -> l.named[extract(isodow from l.day)::int]) h(span)
    cross join lateral (select min(l.day - 1 + (p.span ->> 0)::time) as since
           from jsonb_array_elements(hours -> l.named[extract(isodow from l.day - 1)::int]) p(span)
          where (h.span ->> 0)::time = '00:00' and (p.span ->> 1)::time = '24:00'
            and not exists(select from jsonb_array_elements(closed_on) c where c ->> 'on' = (l.day - 1)::text)) b
    where l.clock >= (h.span ->> 0)::time and l.clock < (h.span ->> 1)::time
      and not exists(select from jsonb_array_elements(closed_on) c where c ->> 'on' = l.day::text)
    limit 1 $$;

-- When the doors close that are open at that moment, or open next, within a week; null: they do neither.
-- to: wuji_app
create function plugin_station_watch.turns_at(hours jsonb, closed_on jsonb, at timestamptz, zone text) returns timestamptz language sql stable as
$$ select min(case when s.starts > s.wall then s.starts else s.ends end) at time zone zone
     from (select l.wall, l.wall::date + n + (h.span ->> 0)::time as starts, l.wall::date + n + (h.span ->> 1)::interval as ends
             from (select at at time zone zone as wall) l cross join generate_series(0, 7) n
            cross join jsonb_array_elements(hours -> (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[extract(isodow from l.wall::date + n)::int]) h(span)
            where not exists(select from jsonb_array_elements(closed_on) c where c ->> 'on' = (l.wall::date + n)::text)) s
    where s.ends > s.wall $$;
