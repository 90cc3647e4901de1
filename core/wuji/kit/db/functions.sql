-- The signature and the four doors: the only ways to a scope. Definer functions, re-created by every upgrade.
-- "-- to:" names the logins that may call the function that follows; none means: other definer functions only.

-- HMAC-SHA-256 (RFC 2104) needs the key xored with two constants; SQL has no xor of bytea, so both pads are kept instead of the key.
-- to:
create function wuji.key_put(use text, key bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare i bytea := decode(repeat('36', 64), 'hex'); o bytea := decode(repeat('5c', 64), 'hex');
begin
  if key is null or length(key) not between 32 and 64 then raise exception 'a key has 32 to 64 bytes' using errcode = 'invalid_parameter_value'; end if;
  for n in 0..length(key) - 1 loop
    i := set_byte(i, n, get_byte(key, n) # 54); o := set_byte(o, n, get_byte(key, n) # 92);
  end loop;
  -- the scope key before this one stays valid: transactions in flight are signed with it. A seal has no such overlap.
  update signing_key s set retired_at = now() where s.use = key_put.use and retired_at is null
     and (key_put.use <> 'scope' or id < (select max(id) from signing_key m where m.use = 'scope'));
  insert into signing_key(use, inner_pad, outer_pad) values (key_put.use, i, o);
end $$;

-- to:
create function wuji.key_rotate() returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select key_put('scope', decode(replace(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), '-', ''), 'hex')) $$;

-- The program's seal: HMAC over the arguments with a key that only web and the command line hold, as a start-up option. SQL injected
-- into a request cannot read it, so it cannot open a session, read a password hash or spend a one-time link.
-- to:
create function wuji.seal_ok(message text, seal bytea) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from signing_key where use = 'seal' and retired_at is null
                    and sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8'))) = seal) $$;

-- to:
create function wuji.seal_demand(message text, seal bytea) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if seal_ok(message, seal) is not true then raise exception 'seal does not verify' using errcode = 'insufficient_privilege'; end if;
end $$;

-- What an account holds: its live grants at active tenants. A grant below a suspended tenant is worth nothing.
-- to:
create function wuji.grants_live(account_id uuid) returns table(tenant_id int, ancestors int[], expires_at timestamptz, reach text, class int, permissions text[], role text)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select o.id, o.ancestors, g.expires_at, r.reach, r.class, r.permissions, case when r.tenant_id is null then r.name end
     from role_grant g join role r on r.id = g.role_id join tenant o on o.id = g.tenant_id
    where g.account_id = grants_live.account_id and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      and not exists(select from tenant a where a.id = any(o.ancestors) and a.state <> 'active') $$;

-- The account of schedules, consumers and the command line: it acts through jobs that only wuji_system makes, with every permission there.
-- to:
create function wuji.account_is_system(id uuid) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from account a where a.id = account_is_system.id and a.type = 'system') $$;

-- Its id: the journal tells what it did from what people did.
-- to: wuji_app
create function wuji.account_system() returns uuid language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.id from account a where a.type = 'system' $$;

-- to:
create function wuji.scope_sign(lo bigint, hi bigint, tokens int[], anc int[], account uuid, tenant int, operator boolean, until timestamptz)
returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare k record;
begin
  perform set_config('wuji.until', floor(extract(epoch from until))::text, true),
    set_config('wuji.lo', lo::text, true), set_config('wuji.hi', hi::text, true),
    set_config('wuji.tokens', tokens::text, true), set_config('wuji.anc', anc::text, true),
    set_config('wuji.account', coalesce(account::text, ''), true), set_config('wuji.tenant', coalesce(tenant::text, ''), true),
    set_config('wuji.operator', case when operator then 'yes' else '' end, true);
  select inner_pad, outer_pad into strict k from signing_key where use = 'scope' order by id desc limit 1;
  perform set_config('wuji.sig', encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(scope_text(), 'UTF8'))), 'hex'), true);
end $$;

-- Classes flow up and, with reach subtree, down: token (X, c) = "holds class c somewhere in X". A village's resident is one of its city.
-- No range is 0..0, below every pos: null would be estimated at 0.5 % of the table and send lists down the wrong index.
-- Permissions are a set to whoever reads them, in no order and perhaps twice: sorting them took a quarter of this function's time.
-- to:
create function wuji.scope_bind(acc uuid, t tenant, is_operator boolean, until timestamptz) returns scope
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare s scope; tok int[]; ends timestamptz; every boolean := acc is not null and account_is_system(acc);
begin
  with live as (select l.*, l.tenant_id = any(t.ancestors) as covers from grants_live(acc) l)
  select coalesce(bool_or(covers and reach = 'subtree'), false), coalesce(bool_or(covers), false), min(expires_at),
         array(select p from live, unnest(permissions) p where covers),
         array(select 0 union select x * 8 from unnest(t.ancestors) x
               union select x.id * 8 + l.class from unnest(t.ancestors) with ordinality x(id, n), live l
                      where x.id = any(l.ancestors) or l.reach = 'subtree' and l.tenant_id = any(t.ancestors[:x.n]) order by 1)
    into s.ranged, s.held, ends, s.permissions, tok from live;
  if s.permissions <> '{}' and policy_strict(t.ancestors) then s.permissions := duties_left(acc, t); end if;
  if every then s.ranged := t.id is not null; s.held := true; s.permissions := '{*}'; end if;
  if is_operator and not every then
    s.held := true;
    s.permissions := array(select distinct p from role_grant g join role r on r.id = g.role_id, unnest(r.permissions) p
                            where g.account_id = acc and g.tenant_id is null and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) order by 1);
  end if;
  s.account_id := acc; s.tenant_id := t.id; s.root_id := t.root_id; s.level := t.level; s.operator := is_operator; s.tenant_name := t.name;
  select name, locale into s.account_name, s.locale from account where id = acc;
  -- nothing signed outlives a grant it rests on
  perform scope_sign(case when s.ranged then t.pos else 0 end, case when s.ranged then t.pos_hi else 0 end, tok, coalesce(t.ancestors, '{}'),
                     acc, t.id, is_operator, least(until, ends));
  return s;
end $$;

-- An acting tenant must be active with all its ancestors. Absent and suspended: one answer.
-- to:
create function wuji.tenant_open(code text) returns tenant language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select n.* into t from tenant_code c join tenant n on n.id = c.tenant_id
   where c.code = tenant_open.code and c.valid_to is null and not exists(select from tenant a where a.id = any(n.ancestors) and a.state <> 'active');
  if t.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  return t;
end $$;

-- to:
create function wuji.operator_is(acc uuid) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from role_grant g join role r on r.id = g.role_id where g.account_id = acc and g.tenant_id is null and g.revoked_at is null
                    and (g.expires_at is null or g.expires_at > now()) and r.tenant_id is null and r.name = 'operator') $$;

-- Doors plan generically, with all they call: their statements find a few rows by key, and planning would cost more than they do.

-- Door 1, anonymous: no range, public tokens. Without a code only token 0 (chooser, login, application of a root).
-- to: wuji_app
create function wuji.enter_public(code text) returns scope language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare s scope;
begin
  s := scope_bind(null, case when code is not null then tenant_open(code) end, false, now() + interval '10 minutes');
  s.tenant_code := code;
  return s;
end $$;

-- Door 2, proof: the sha256 of a cookie. It is never written into a setting, where SQL of the same transaction could read it.
-- Without a code: the account itself, and the operator if it holds a grant without tenant.
-- to: wuji_app
create function wuji.enter_session(token_hash bytea, code text) returns scope language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare acc uuid; sid uuid; ends timestamptz; t tenant; s scope; proven timestamptz; strength text;
begin
  select a.account_id, a.id, least(a.ends_at, a.idle_at, now() + interval '10 minutes'), a.auth_time, a.acr into acc, sid, ends, proven, strength
    from account_session a join account p on p.id = a.account_id
   where a.token_hash = enter_session.token_hash and a.revoked_at is null and a.ends_at > now() and a.idle_at > now() and p.state = 'active';
  if acc is null then raise exception 'no live session' using errcode = 'invalid_authorization_specification'; end if;
  if code is not null then t := tenant_open(code); end if;
  s := scope_bind(acc, t, code is null and operator_is(acc), ends);
  s.tenant_code := code; s.session_id := sid; s.auth_time := proven; s.acr := strength;
  if s.permissions <> '{}' then s.weak := session_weak(acc, strength, t.ancestors); end if;
  return s;
end $$;

-- Door 3, proof: the lease secret that job_claim hands out once. Rights are those of the account now, not when the job was made.
-- to: wuji_app
create function wuji.enter_job(job_id uuid, secret bytea) returns scope language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare j job; t tenant; s scope;
begin
  select w.* into j from job w join account a on a.id = w.account_id
   where w.id = job_id and w.lease_hash = sha256(secret) and w.lease_until > now() and w.state = 'running' and a.state = 'active';
  if j.id is null then raise exception 'no live lease' using errcode = 'invalid_authorization_specification'; end if;
  if j.tenant_id is not null then
    select n.* into t from tenant n where n.id = j.tenant_id and not exists(select from tenant a where a.id = any(n.ancestors) and a.state <> 'active');
    if t.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  end if;
  -- the lease is prolonged while it works; what is signed holds as long as it may work at most, and job_finish asks for a live lease
  s := scope_bind(j.account_id, t, t.id is null and (account_is_system(j.account_id) or operator_is(j.account_id)), coalesce(j.run_until, j.lease_until));
  s.tenant_code := (select c.code from tenant_code c where c.tenant_id = t.id and c.valid_to is null limit 1);
  return s;
end $$;

-- Door 4, proof: the login itself. The relay reads by its own policies; the door gives its writes an account for the journal.
-- to: wuji_system
create function wuji.enter_system() returns scope language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare none tenant;
begin
  if session_user <> 'wuji_system' then raise exception 'not the system login' using errcode = 'insufficient_privilege'; end if;
  return scope_bind((select id from account where type = 'system'), none, false, now() + interval '10 minutes');
end $$;

-- Rights inside definer functions. No scope: false.
-- to:
create function wuji.may(permission text, t tenant) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select scope_ok() and t.pos between scope_lo() and scope_hi() and (account_is_system(scope_account()) or exists(
     select from grants_live(scope_account()) l where l.tenant_id = any(t.ancestors) and may.permission = any(l.permissions)
        and duty_counts(may.permission, l.role, scope_account(), t))) $$;

-- Whether t lies in the range; without an id it is the deployment itself, in the operator's sight. What is out of sight answers as absent.
-- to:
create function wuji.in_sight(t tenant) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select (scope_ok() and (t.pos between scope_lo() and scope_hi() or t.id is null and scope_operator())) is true $$;

-- t without an id is the deployment itself, where the operator's permissions count.
-- to:
create function wuji.demand(permission text, t tenant) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if t.id is null then
    if (scope_ok() and scope_operator() and (account_is_system(scope_account()) or exists(
        select from role_grant g join role r on r.id = g.role_id where g.account_id = scope_account() and g.tenant_id is null
           and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and demand.permission = any(r.permissions)))) is true then return; end if;
  elsif may(permission, t) is true then return;
  end if;
  raise exception 'permission % is missing', permission using errcode = 'insufficient_privilege';
end $$;

-- One table of retention rules, one purge. Names come from revisions, never from a request. Where ending is more than deleting, a rule
-- names a function of the time before which things end, and counts what it says. At most so many rows of each table: whoever follows the
-- journal waits for transactions that write, so one that clears up a year must not be a long one.
-- to: wuji_system
create function wuji.purge(most int default null) returns table(table_name text, purged bigint) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r retention;
begin
  for r in select * from retention order by retention.table_name loop
    if to_regprocedure(r.table_name || '(timestamptz)') is null then
      execute format('delete from %1$s where ctid = any(array(select ctid from %1$s where %2$I < now() - $1 limit $2))', r.table_name::regclass, r.counted_from)
        using r.keep_for, most;
      get diagnostics purged = row_count;
    else
      execute format('select %s($1)', r.table_name::regproc) into purged using now() - r.keep_for;
    end if;
    table_name := r.table_name;
    return next;
  end loop;
end $$;
