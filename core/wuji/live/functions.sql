-- What the hub of web may ask, with a login that reads no table: what happened, who may be told of it, and what is told to all alike.

-- What has been committed since a snapshot: whatever began after it, and whatever was under way then. Exact, however late something commits;
-- ids and transaction numbers alone lose what commits out of order. `about` is the account that a record is about.
-- to: wuji_live
create function wuji.live_since(seen pg_snapshot, most int) returns table(xid bigint, verb text, kind text, tenant_id int, ancestors int[], about uuid, subject_id text)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ with news as (
     select r.* from journal_record r where r.xid >= pg_snapshot_xmax(seen)
     union all
     select r.* from pg_snapshot_xip(seen) late(xid) join journal_record r on r.xid = late.xid
     limit most + 1)
   select n.xid::text::bigint, n.verb, n.kind, n.tenant_id, t.ancestors,
          case n.kind when 'account' then as_uuid(n.subject_id)
                      when 'account_session' then (select s.account_id from account_session s where s.id = as_uuid(n.subject_id))
                      when 'role_grant' then (select g.account_id from role_grant g where g.id = as_uuid(n.subject_id))
                      else n.account_id end,
          n.subject_id
     from news n left join tenant t on t.id = n.tenant_id $$;

-- Subjects are text that a request may have written; one that is no id must not keep the others from being told.
-- to:
create function wuji.as_uuid(given text) returns uuid language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when given ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then given::uuid end $$;

-- A snapshot before which nothing is looked at any more: that of the oldest among the last `most` records. Who was told something since then
-- can be told what they missed.
-- to: wuji_live
create function wuji.live_floor(most int) returns pg_snapshot language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select format('%1$s:%1$s:', coalesce(min(x.xid), pg_snapshot_xmin(pg_current_snapshot())))::pg_snapshot
     from (select r.xid from journal_record r order by r.xid desc limit most) x $$;

-- Who may listen: one row for each asking that holds. Sessions are told by their hash, places by their code; permission is the name of one,
-- `account` (whoever is signed in) or `public`. Absent, suspended and forbidden: no row.
-- to: wuji_live
create function wuji.live_may(hashes bytea[], codes text[], permissions text[]) returns table(n int, account_id uuid, ancestors int[])
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.n::int, s.account_id, t.ancestors
     from unnest(hashes, codes, permissions) with ordinality a(hash, code, permission, n)
     left join lateral (
       select o.account_id from account_session o join account p on p.id = o.account_id
        where o.token_hash = a.hash and o.revoked_at is null and o.ends_at > now() and o.idle_at > now() and p.state = 'active') s on true
     left join lateral (
       select x.ancestors from tenant_code c join tenant x on x.id = c.tenant_id
        where c.code = a.code and c.valid_to is null and not exists(select from tenant u where u.id = any(x.ancestors) and u.state <> 'active')) t on true
    where (a.permission = 'public' or s.account_id is not null) and (a.code is null or t.ancestors is not null)
      and (a.permission in ('public', 'account') or (
        select coalesce(bool_or(l.reach = 'subtree'), false) and coalesce(bool_or(a.permission = any(l.permissions)), false)
          from grants_live(s.account_id) l where l.tenant_id = any(t.ancestors))) $$;

-- What is told to everybody alike who may listen: read once, by a function that a topic names (`live_…` of the core or of a plugin), for those
-- keys that somebody listens to. The name comes from a declaration; anything else is refused.
-- to: wuji_live
create function wuji.live_bodies(reader text, keys text[]) returns table(key text, body jsonb) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if reader !~ '^(wuji|plugin_[a-z0-9_]+)\.live_of_[a-z0-9_]+$' then raise exception 'no reader of live bodies' using errcode = 'insufficient_privilege'; end if;
  return query execute format('select r.key, r.body from %s($1) r', reader) using keys;
end $$;

-- By account: what its bell shows.
-- to:
create function wuji.live_of_inbox(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select k, jsonb_build_object('unread', (select count(*) from notification n where n.account_id = k::uuid and n.read_at is null and n.shown)) from unnest(keys) k $$;

-- By account: its jobs that are under way or have just ended, by id.
-- to:
create function wuji.live_of_jobs(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select k, coalesce((select jsonb_object_agg(j.id, jsonb_build_object('state', j.state, 'progress', j.progress)) from job j
                        where j.account_id = k::uuid and (j.state in ('waiting', 'running') or j.finished_at > now() - interval '1 minute')), '{}') from unnest(keys) k $$;
