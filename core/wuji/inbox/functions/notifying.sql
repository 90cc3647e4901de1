-- Telling people: one row a person, topic and cause, and what goes out by the channels that they chose.

-- What acts for nobody in particular may tell anybody: handlers, schedules, the command line. At a place of its own range, or as the operator.
-- to:
create function wuji.tell_demand(place_id int) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account()) and (scope_operator() or exists(
        select from tenant t where t.id = tell_demand.place_id and t.pos between scope_lo() and scope_hi()))) is not true then
    raise exception 'nobody can be told from there' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The moment itself, or where it lies in quiet hours their end, by the clock on the wall of that time zone.
-- to:
create function wuji.after_quiet(at timestamptz, zone text, quiet_from time, quiet_until time) returns timestamptz language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when l::time >= quiet_from and (l::time < quiet_until or quiet_from > quiet_until)
                 then greatest(at, (l::date + case when quiet_from > quiet_until then 1 else 0 end + quiet_until) at time zone zone)
               when quiet_from > quiet_until and l::time < quiet_until then greatest(at, (l::date + quiet_until) at time zone zone)
               else at end
     from (select at at time zone zone) x(l) $$;

-- When the next digest goes: always later than the moment, so that what has gone out is never added to.
-- to:
create function wuji.next_digest(at timestamptz, zone text, digest_at time) returns timestamptz language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select min(d) from (select ((at at time zone zone)::date + n + digest_at) at time zone zone from generate_series(0, 2) n) x(d) where d > at $$;

-- What a person chose of a topic and channel, or what holds until they do.
-- to:
create function wuji.timing_of(choices jsonb, topic text, channel text) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(choices -> topic ->> channel, case channel when 'inbox' then 'now' when 'email' then (select t.email from topic t where t.name = timing_of.topic) else 'off' end) $$;

-- Who is told already of this topic and cause is not told again. Returns how many were told.
-- to:
create function wuji.tell(topic text, recipients uuid[], cause text, told jsonb, path text, place_id int) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare d record; n int; here text := coalesce((select s.value #>> '{}' from tenant t join setting_value s on s.tenant_id = t.root_id and s.key = 'tenancy.time_zone'
                                                  where t.id = tell.place_id), 'Asia/Shanghai');
begin
  if not exists(select from topic t where t.name = tell.topic) then raise exception 'nobody declares topic %', topic using errcode = 'invalid_parameter_value'; end if;
  with person as (
    select a.id, timing_of(s.choices, tell.topic, 'inbox') = 'now' as shown
      from account a left join subscription s on s.account_id = a.id where a.id = any(recipients) and a.type = 'person' and a.state = 'active'
  ), made as (
    insert into notification(account_id, topic, cause, told, path, place_id, shown)
    select p.id, tell.topic, tell.cause, tell.told, tell.path, tell.place_id, p.shown from person p
     where p.shown or exists(select from address_out(p.id, tell.topic)) order by p.id
    on conflict on constraint uq_notification_account_id_topic_cause do nothing returning id, account_id
  ), leaving as (
    insert into delivery as o(address_id, notification_ids, is_digest, due_at)
    select ad.address_id, array[m.id], ad.timing = 'digest',
           after_quiet(case ad.timing when 'digest' then next_digest(now(), z.zone, coalesce(s.digest_at, '08:00')) else now() end, z.zone, s.quiet_from, s.quiet_until)
      from made m cross join lateral address_out(m.account_id, tell.topic) ad left join subscription s on s.account_id = m.account_id
     cross join lateral (select coalesce(s.zone, here)) z(zone) order by ad.address_id
    on conflict (address_id, due_at) where is_digest and state = 'waiting' do update set notification_ids = o.notification_ids || excluded.notification_ids
    returning o.id, o.due_at, o.xmax = 0 as fresh
  )
  select count(*), coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'due_at', o.due_at)) from leaving o where o.fresh), '[]') as fresh into d from made;
  perform job_make('inbox.deliver', jsonb_build_object('delivery_id', f.id), null, keep => false, most_attempts => 20, due_at => f.due_at)
     from jsonb_to_recordset(d.fresh) f(id uuid, due_at timestamptz);
  return d.count;
end $$;

-- Addresses of a person to which this topic goes: verified, not refused, and wanted.
-- to:
create function wuji.address_out(account_id uuid, topic text) returns table(address_id uuid, timing text) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.id, w.timing from address a left join subscription s on s.account_id = a.account_id
     cross join lateral (select timing_of(s.choices, address_out.topic, a.channel)) w(timing)
    where a.account_id = address_out.account_id and a.verified_at is not null and a.refused_at is null and w.timing <> 'off' $$;

-- The same for a job of account system.
-- to: wuji_app
create function wuji.notify(topic text, recipients uuid[], cause text, told jsonb, path text, place_id int) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform tell_demand(place_id);
  return tell(topic, recipients, cause, told, path, place_id);
end $$;

-- Who answers for something at a place: whoever holds the permission at the nearest tenant upwards where anybody does; without a place, operators.
-- to: wuji_app
create function wuji.holders(permission text, place_id int) returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform tell_demand(place_id);
  return query select distinct h.account_id from (
    select g.account_id, rank() over (order by array_position(t.ancestors, g.tenant_id) desc nulls last) as place
      from role_grant g join role r on r.id = g.role_id left join tenant t on t.id = holders.place_id
     where g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and holders.permission = any(r.permissions)
       and (g.tenant_id = any(t.ancestors) or holders.place_id is null and g.tenant_id is null)) h where h.place = 1;
end $$;

-- Something needs the operator: said once for each cause.
-- to: wuji_system
create function wuji.tell_operators(topic text, cause text, told jsonb, path text) returns int language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select tell(tell_operators.topic, array(select g.account_id from role_grant g join role r on r.id = g.role_id
     where g.tenant_id is null and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and r.name = 'operator'),
     tell_operators.cause, tell_operators.told, tell_operators.path, null) $$;

-- Whether the account's password was set with a link that somebody else had made for a lost one, at that moment.
-- to: wuji_app
create function wuji.password_was_reset(account_id uuid, at timestamptz) returns boolean language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform tell_demand(null);
  return exists(select from one_time_link l where l.account_id = password_was_reset.account_id and l.purpose = 'lost_password' and l.used_at = at);
end $$;

-- A job that a worker did has ended: whoever asked for it is told; of what nobody asked for and nobody will do any more, operators are, once a day.
-- to:
create function wuji.tell_job(j job) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare
  list text := coalesce(j.args ->> 'list', '');
  words jsonb := jsonb_build_object('text', jsonb_build_array(split_part(list, '.', 1) || '.lists.' || substr(list, strpos(list, '.') + 1),
                                    'work.task.' || j.kind, split_part(j.kind, '.', 1) || '.task.' || substr(j.kind, strpos(j.kind, '.') + 1)));
  code text := (select c.code from tenant_code c where c.tenant_id = j.tenant_id and c.valid_to is null);
begin
  if j.due_at is null or j.fault = 'cancelled' or j.state not in ('done', 'failed') then return; end if;
  if not account_is_system(j.account_id) then
    perform tell('inbox.job_' || j.state, array[j.account_id], format('%s %s', j.id, extract(epoch from j.finished_at)), jsonb_build_object('kind', words),
                 coalesce('/console/' || code, '/console') || '/me/jobs', j.tenant_id);
  elsif j.state = 'failed' and j.problem is null then
    perform tell_operators('inbox.trouble', format('job %s %s', j.kind, j.finished_at::date), jsonb_build_object('what', '{"text": "inbox.what.dead_job"}'::jsonb, 'name', words), '/console/health/failed');
  end if;
end $$;
