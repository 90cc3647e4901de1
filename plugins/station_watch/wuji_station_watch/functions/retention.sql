-- How single readings end. The core's purge calls it once a day, again and again while there is much to do.

-- A month that is older than any tenant keeps is emptied whole, which gives its room back at once; the rest is taken away by device.
-- `before` is now: how long each tenant keeps them is its own setting.
-- to:
create function plugin_station_watch.readings_end(before timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, plugin_station_watch, wuji, pg_temp set lock_timeout = 5000 as
$$
declare n bigint; longest int; present timestamp := date_trunc('month', before at time zone 'UTC'); begun timestamptz;
begin
  select coalesce(max(raw_days(t.ancestors)), 90) into longest from tenant t where t.id in (select s.tenant_id from station s);
  for back in 1..13 loop
    begun := (present - make_interval(months => back)) at time zone 'UTC';
    if (present - make_interval(months => back - 1)) at time zone 'UTC' <= before - make_interval(days => longest)
       and exists(select from reading r where r.month = month_of(begun)) then
      begin
        execute format('truncate reading_%s', lpad(month_of(begun)::text, 2, '0'));
      exception when lock_not_available then null; -- somebody reads in it: what is left is taken away by device, or emptied tomorrow
      end;
    end if;
  end loop;
  with old as (
    select r.device_id, r.measure, r.at, r.month from device d join tenant t on t.id = d.tenant_id
      cross join lateral (select * from reading r where r.device_id = d.id and r.measure = any(d.measures)
                             and r.at < before - make_interval(days => raw_days(t.ancestors)) limit 20000) r limit 20000)
  delete from reading r using old o where r.device_id = o.device_id and r.measure = o.measure and r.at = o.at and r.month = o.month;
  get diagnostics n = row_count;
  return n;
end $$;
