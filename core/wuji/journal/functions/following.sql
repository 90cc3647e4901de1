-- Consumers of the journal: what an upgrade declares, what the operator sees and asks for, what a job says of the records it was given.

-- The consumers that there are: of the core and of the plugins that are loaded. Those of plugins that are installed but could not be, stay
-- with their places. A new one begins with what is not committed yet, unless it begins with the first record.
-- to:
create function wuji.consumers_put(declared jsonb, loaded text[]) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  insert into bell(name) values ('relay') on conflict do nothing;
  insert into consumer as c (name, kinds, runs, xid)
  select d.name, d.kinds, d.runs, case when d.from_start then '0' else pg_snapshot_xmin(pg_current_snapshot()) end
    from jsonb_to_recordset(declared) d(name text, kinds text[], runs text, from_start boolean)
  on conflict (name) do update set kinds = excluded.kinds, runs = excluded.runs where (c.kinds, c.runs) is distinct from (excluded.kinds, excluded.runs);
  delete from consumer c where c.runs <> 'chore'
     and not exists(select from jsonb_to_recordset(declared) d(name text) where d.name = c.name)
     and not exists(select from plugin g where g.id = split_part(c.name, '.', 1) and g.id <> all(loaded));
end $$;

-- The command line comes with the system login, everybody else with the operator's permission.
-- to:
create function wuji.consumer_demand(permission text) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  if session_user <> 'wuji_system' then perform demand(permission, none); end if;
end $$;

-- Unread is what has been committed behind its place, of its kinds, and counted to 1,001; its age is that of the oldest. Behind it: what is left of
-- its window, and all transactions after that.
-- to:
create function wuji.consumer_behind(c consumer) returns table(unread bigint, lag_seconds float8) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
  with w as (select coalesce(c.until_xid, (c.xid::text::bigint + 1)::text::xid8) until)
  select least(count(*), 1001), extract(epoch from clock_timestamp() - min(x.at))::float8 from (
    (select r.at from w, journal_record r where w.until > c.xid and r.id > c.record_id and case when r.xid >= c.xid and r.xid < w.until then true end
        and (c.kinds = '{}' or r.kind = any(c.kinds)) order by r.id limit 1001)
    union all
    (select r.at from w, journal_record r where r.xid >= w.until and (c.kinds = '{}' or r.kind = any(c.kinds)) order by r.xid, r.id limit 1001)) x
$$;

-- to: wuji_app wuji_system
create function wuji.consumer_list() returns table(name text, runs text, kinds text[], paused boolean, fault text, fault_at timestamptz, moved_at timestamptz, unread bigint, lag_seconds float8, set_aside bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform consumer_demand('journal.consumer.read');
  return query
    select c.name, c.runs, c.kinds, c.paused, c.fault, c.fault_at, c.moved_at, b.unread, b.lag_seconds,
           (select count(*) from poison p where p.consumer = c.name)
      from consumer c cross join lateral consumer_behind(c) b
     order by c.name;
end $$;

-- False: there is none of that name that can be paused.
-- to: wuji_app wuji_system
create function wuji.consumer_pause(consumer text, paused boolean) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform consumer_demand('journal.consumer.write');
  update consumer c set paused = consumer_pause.paused, fault = null, fault_at = null where c.name = consumer_pause.consumer and c.runs <> 'chore';
  if not found then return false; end if;
  perform bell_ring();
  return true;
end $$;

-- Sets a consumer back, or forward: it reads on with the record of that id, or with the first that is as young as that time; with neither from
-- the very first. Whoever reads just now is waited for. False: there is no such consumer, or no such record.
-- to: wuji_app wuji_system
create function wuji.consumer_replay(consumer text, since timestamptz, record_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare first journal_record; before uuid;
begin
  perform consumer_demand('journal.consumer.write');
  perform from consumer c where c.name = consumer_replay.consumer and c.runs <> 'chore' for update;
  if not found then return false; end if;
  if record_id is not null then
    select * into first from journal_record r where r.id = consumer_replay.record_id;
    if first.id is null then return false; end if;
  elsif since is not null then
    select * into first from journal_record r where r.at >= since order by r.xid, r.id limit 1;
    first.xid := coalesce(first.xid, pg_snapshot_xmin(pg_current_snapshot()));
  end if;
  select r.id into before from journal_record r where r.id < first.id order by r.id desc limit 1;
  update consumer c set xid = coalesce(first.xid, '0'), until_xid = null, record_id = coalesce(before, '00000000-0000-0000-0000-000000000000'),
         fault = null, fault_at = null
   where c.name = consumer_replay.consumer;
  perform bell_ring();
  return true;
end $$;

-- Records that were set aside, with what they were about.
-- to: wuji_app
create function wuji.poison_list() returns table(id uuid, consumer text, record_id uuid, verb text, kind text, recorded_at timestamptz, at timestamptz, reason text, attempts int, state text, tenant_id int)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform consumer_demand('journal.consumer.read');
  return query select p.id, p.consumer, p.record_id, r.verb, r.kind, r.at, p.at, p.reason, p.attempts, p.state, r.tenant_id
                 from poison p join journal_record r on r.id = p.record_id;
end $$;

-- Has one told again, or all of a consumer; returns how many there are.
-- to: wuji_app wuji_system
create function wuji.poison_ask(poison_id uuid, consumer text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare asked int;
begin
  perform consumer_demand('journal.consumer.write');
  update poison p set state = 'asked' where p.id = poison_ask.poison_id or poison_ask.poison_id is null and p.consumer = poison_ask.consumer;
  get diagnostics asked = row_count;
  if asked > 0 then perform bell_ring(); end if;
  return asked;
end $$;

-- What somebody may say something about who was told of it: the relay, or a job of the system, of records of its own place.
-- to:
create function wuji.records_told(records uuid[]) returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare relay boolean := session_user = 'wuji_system';
begin
  if not relay and (scope_ok() and account_is_system(scope_account())) is not true then
    raise exception 'no job of the system' using errcode = 'insufficient_privilege';
  end if;
  return query select r.id from journal_record r
    where r.id = any(records) and (relay or r.pos between scope_lo() and scope_hi() or r.tenant_id is null and scope_operator());
end $$;

-- Sets a record aside with the reason; once more of the same record counts. The first one of a consumer is itself recorded: somebody must look.
-- to: wuji_app wuji_system
create function wuji.poison_put(consumer text, record_id uuid, reason text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare first boolean := not exists(select from poison p where p.consumer = poison_put.consumer);
begin
  insert into poison as p (consumer, record_id, reason)
  select c.name, r, poison_put.reason from records_told(array[poison_put.record_id]) r join consumer c on c.name = poison_put.consumer
  on conflict on constraint uq_poison_consumer_record_id
  do update set reason = excluded.reason, attempts = p.attempts + 1, state = 'aside', at = now();
  if found and first then perform journal_add('journal.consumer.set_aside', 'consumer', poison_put.consumer, null, scope_account(), null, null, null); end if;
end $$;

-- Records of a job that lie in another tree by now, because theirs was let go or taken in meanwhile: they are told again, there. Returns which.
-- to: wuji_app
create function wuji.records_moved(consumer text, records uuid[]) returns setof uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'no job of the system' using errcode = 'insufficient_privilege'; end if;
  return query
  insert into poison as p (consumer, record_id, reason, state)
  select c.name, r.id, 'its tree is another one now', 'asked' from journal_record r join tenant t on t.id = r.tenant_id join consumer c on c.name = records_moved.consumer
   where r.id = any(records) and t.root_id <> scope_tenant()
  on conflict on constraint uq_poison_consumer_record_id do update set state = 'asked', at = now() returning p.record_id;
  perform bell_ring();
end $$;

-- What was set aside has been told after all.
-- to: wuji_app wuji_system
create function wuji.poison_drop(consumer text, records uuid[]) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare told uuid[] := array(select records_told(poison_drop.records));
begin
  delete from poison p where p.consumer = poison_drop.consumer and p.record_id = any(told);
end $$;
