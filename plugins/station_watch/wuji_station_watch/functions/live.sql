-- What open pages are told each second, the same to all who may listen. Officials get numbers, the public gets words.

-- Five steps of what a station holds: 1 few … 5 full.
-- to: wuji_definer
create function plugin_station_watch.step_of(present int, capacity int) returns int language sql immutable as
$$ select 1 + (present >= 0.2 * capacity)::int + (present >= 0.5 * capacity)::int + (present >= 0.8 * capacity)::int + (present >= capacity)::int $$;

-- What the public is told of a station: a number only from ten people on, below that no more than that there are few. `step` null: its devices
-- have said nothing for a quarter of an hour, or it is closed.
-- to: wuji_definer
create function plugin_station_watch.told_public(id uuid, at timestamptz, zone text) returns table(open_now boolean, step int, present int, as_of timestamptz)
language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select o.open_now, case when not o.open_now or v.as_of is null or v.as_of <= at - interval '15 minutes' then null when v.present < 10 then 1 else step_of(v.present, s.capacity) end,
          case when o.open_now and v.present >= 10 and v.as_of > at - interval '15 minutes' then v.present end,
          case when o.open_now and v.as_of > at - interval '15 minutes' then v.as_of end
     from station s cross join lateral (select s.state = 'open' and opened_at(s.hours, s.closed_on, at, zone) is not null as open_now) o
     left join station_state v on v.station_id = s.id and v.day = (at at time zone zone)::date where s.id = told_public.id $$;

-- The same for lists and pages: of a station that whoever asks may read.
-- to: wuji_app
create function plugin_station_watch.busy(id uuid) returns table(open_now boolean, step int, present int, as_of timestamptz)
language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select b.* from station s cross join told_public(s.id, now(), zone_of((scope_anc())[1])) b
    where s.id = busy.id and scope_ok() and (s.audience && scope_tokens() or s.pos between scope_lo() and scope_hi()) $$;

-- What a weekday and hour is usually like, as steps: `[[null, 1, …], …]`, Monday first. Hours with fewer than ten people on average are all the same.
-- to: wuji_app
create function plugin_station_watch.usual_steps(id uuid) returns jsonb language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select jsonb_agg((select jsonb_agg(case when h.people = 'null' then null when h.people::numeric < 10 then 1 else step_of(h.people::numeric::int, s.capacity) end order by h.n)
                       from jsonb_array_elements(d.hours) with ordinality h(people, n)) order by d.n)
     from station s join station_profile p on p.station_id = s.id cross join jsonb_array_elements(p.week) with ordinality d(hours, n)
    where s.id = usual_steps.id and scope_ok() and (s.audience && scope_tokens() or s.pos between scope_lo() and scope_hi()) $$;

-- to:
create function plugin_station_watch.asked_stations(keys text[]) returns table(key text, tenant_id int, station_id uuid, zone text, tokens int[])
language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select k, t.id, s.id, zone_of(t.root_id), array[0] || array(select x * 8 from unnest(t.ancestors) x)
     from unnest(keys) k join tenant t on t.id = split_part(k, '/', 1)::int join station s on s.id = as_uuid(split_part(k, '/', 2))
    where s.pos between t.pos and t.pos_hi or s.audience && (array[0] || array(select x * 8 from unnest(t.ancestors) x)) $$;

-- For officials of a place at or above the station's.
-- to:
create function plugin_station_watch.live_of_station(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select a.key, jsonb_build_object('present', v.present, 'capacity', s.capacity, 'share', round(100.0 * v.present / s.capacity), 'entered_today', v.entered_today,
            'left_today', v.left_today, 'as_of', v.as_of, 'state', s.state, 'open_now', s.state = 'open' and opened_at(s.hours, s.closed_on, now(), a.zone) is not null,
            'alarms', (select count(*) from alarm m where m.station_id = s.id and m.state <> 'closed'))
     from asked_stations(keys) a join station s on s.id = a.station_id join tenant t on t.id = a.tenant_id and s.pos between t.pos and t.pos_hi
     left join station_state v on v.station_id = s.id and v.day = (now() at time zone a.zone)::date $$;

-- For everybody: of a station that is shown at that place.
-- to:
create function plugin_station_watch.live_of_busy(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select a.key, to_jsonb(b) from asked_stations(keys) a join station s on s.id = a.station_id and s.audience && a.tokens cross join told_public(s.id, now(), a.zone) b $$;

-- Of a whole subtree: sums of the stations that are in use. `silent`: devices that missed three reports, and three minutes at least.
-- to:
create function plugin_station_watch.sums(lo bigint, hi bigint, zone text, at timestamptz) returns jsonb language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select jsonb_build_object('stations', count(*), 'open', count(*) filter (where n.open_now), 'present', coalesce(sum(v.present) filter (where n.open_now), 0),
            'capacity', coalesce(sum(s.capacity) filter (where n.open_now), 0),
            'share', round(100.0 * sum(v.present) filter (where n.open_now) / nullif(sum(s.capacity) filter (where n.open_now), 0)),
            'entered_today', coalesce(sum(v.entered_today), 0), 'over', count(*) filter (where n.open_now and v.present >= 0.9 * s.capacity),
            'silent', (select count(*) from device d join station x on x.id = d.station_id left join device_state h on h.device_id = d.id
                        where x.pos between lo and hi and x.state = 'open' and d.state = 'active'
                          and coalesce(h.last_received_at, d.registered_at) < at - greatest(make_interval(secs => 3 * d.interval_seconds), interval '3 minutes')),
            'alarms', (select count(*) from alarm m where m.pos between lo and hi and m.state <> 'closed'), 'as_of', max(v.as_of))
     from station s cross join lateral (select opened_at(s.hours, s.closed_on, at, zone) is not null as open_now) n
     left join station_state v on v.station_id = s.id and v.day = (at at time zone zone)::date
    where s.pos between lo and hi and s.state = 'open' $$;

-- to:
create function plugin_station_watch.live_of_stations(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select k, sums(t.pos, t.pos_hi, zone_of(t.root_id), now()) from unnest(keys) k join tenant t on t.id = k::int $$;

-- For officials where they act.
-- to: wuji_app
create function plugin_station_watch.overview() returns jsonb language sql stable security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp as
$$ select sums(scope_lo(), scope_hi(), zone_of((scope_anc())[1]), now()) where scope_ok() and scope_hi() > 0 $$;
