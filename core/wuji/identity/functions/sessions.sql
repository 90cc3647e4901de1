-- Sessions, passwords, and slowing guesses down. What opens a session or touches a secret asks for the program's seal.

-- After how many minutes without use a session ends: the strictest of the places where the account holds something.
-- to:
create function wuji.session_idle(acc uuid) returns interval language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select make_interval(mins => least(
     coalesce((select min(coalesce(setting_whole('identity.session_idle_minutes', l.ancestors, 5, 480), 30)) from grants_live(acc) l), 30),
     case when account_strict(acc) then 15 end)) $$;

-- How strongly somebody was proven, of the ways in which they were (RFC 8176).
-- to:
create function wuji.session_acr(amr text[]) returns text language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when 'mfa' = any(amr) then 'urn:wuji:acr:2' else 'urn:wuji:acr:1' end $$;

-- The share lock makes a suspension that happens at the same moment wait, and then end this session too. `proven_at`: when the person was, where
-- that was before now (at a login provider).
-- to: wuji_app
create function wuji.session_open(acc uuid, token_hash bytea, at timestamptz, ends_at timestamptz, device text, amr text[], proven_at timestamptz, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare s uuid := new_id();
begin
  perform seal_demand(format('session_open|%s|%s|%s', acc, encode(token_hash, 'hex'), floor(extract(epoch from ends_at))), seal);
  perform from account a where a.id = acc and a.state = 'active' and a.type <> 'system' for share;
  if not found then raise exception 'no live account' using errcode = 'invalid_authorization_specification'; end if;
  insert into account_session(token_hash, id, account_id, idle_at, ends_at, device, amr, acr, auth_time)
  values (token_hash, s, acc, least(at + session_idle(acc), ends_at), ends_at, device, amr, session_acr(amr), least(proven_at, now()));
  perform journal_add('identity.session.open', 'account_session', s::text, null, acc, '{}', null, '');
  return s;
end $$;

-- A live session was used at that moment: its idle time begins anew; what a read leaves behind, in a transaction of its own.
-- to: wuji_app
create function wuji.session_touch(token_hash bytea, at timestamptz, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('session_touch|%s|%s', encode(token_hash, 'hex'), floor(extract(epoch from at))), seal);
  update account_session s set used_at = now(), idle_at = least(at + session_idle(s.account_id), ends_at)
   where s.token_hash = session_touch.token_hash and revoked_at is null and s.idle_at > now();
end $$;

-- One session of the acting account, or with null all but the present one. Returns how many ended.
-- to: wuji_app
create function wuji.session_end(session_id uuid, present uuid, seal bytea) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n int;
begin
  perform seal_demand(format('session_end|%s|%s|%s', scope_account(), session_id, present), seal);
  if scope_ok() is not true then return 0; end if;
  with ended as (
    update account_session s set revoked_at = now()
     where s.account_id = scope_account() and revoked_at is null and s.idle_at > now() and s.ends_at > now()
       and (s.id = session_id or session_id is null and s.id <> present) returning s.id)
  select count(journal_add('identity.session.end', 'account_session', id::text, null, scope_account(), '{}', null, '')) into n from ended;
  return n;
end $$;

-- The acting account's live sessions. No hash leaves the table.
-- to: wuji_app
create function wuji.session_list() returns table(id uuid, device text, auth_time timestamptz, used_at timestamptz, ends_at timestamptz, amr text[])
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select s.id, s.device, s.auth_time, s.used_at, s.ends_at, s.amr from account_session s
    where scope_ok() and s.account_id = scope_account() and revoked_at is null and s.idle_at > now() and s.ends_at > now() order by s.used_at desc, s.id $$;

-- The argon2id hash of a login, for the program alone. No row: no such login, or no password yet. The login of an account that was merged into
-- another one leads there for a while.
-- to: wuji_app
create function wuji.password_find(login text, seal bytea) returns table(account_id uuid, secret text, state text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('password_find|%s', login), seal);
  return query select a.id, c.secret, a.state from account f join account a on a.id = coalesce(f.merged_into, f.id)
                 join credential c on c.account_id = a.id and c.kind = 'password'
                where f.login = password_find.login and a.type = 'person';
end $$;

-- Whether the acting account has one: whoever comes by a login provider alone has none.
-- to: wuji_app
create function wuji.password_had() returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select scope_ok() and exists(select from credential c where c.account_id = scope_account() and c.kind = 'password') $$;

-- to:
create function wuji.password_put(acc uuid, secret text) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ insert into credential(account_id, kind, secret) values (acc, 'password', secret)
   on conflict (account_id, kind) do update set secret = excluded.secret, changed_at = now() $$;

-- A new hash of a password that was just proven: a stronger parameter set (same = true), or a new password, which ends all other sessions.
-- `proven` is the hash that was proven; false where somebody else changed it meanwhile, so that a stale proof never overwrites a newer password.
-- to: wuji_app
create function wuji.password_set(acc uuid, proven text, secret text, present uuid, same boolean, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('password_set|%s|%s|%s|%s|%s', acc, proven, secret, present, same::int), seal);
  perform from credential c where c.account_id = acc and c.kind = 'password' and c.secret = proven for update;
  if not found then return false; end if;
  perform password_put(acc, secret);
  if not same then
    update account_session s set revoked_at = now() where s.account_id = acc and revoked_at is null and s.id is distinct from present;
    perform journal_add('identity.password.set', 'account', acc::text, null, acc, '{}', null, '');
  end if;
  return true;
end $$;

-- Counts a try against each key before the proof is looked at, or answers how many seconds to wait first (0 = go on). Counted afterwards, a
-- hundred guesses sent at once would all pass for the first. By key: `free` tries without a delay, then 1, 2, 4 … seconds, never more than
-- `most`; every `leak` seconds one try is forgiven.
-- to: wuji_app
create function wuji.attempt_begin(keys bytea[], free int[], most int[], leak int[], seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare seconds int;
begin
  perform seal_demand(format('attempt_begin|%s', keys), seal);
  insert into login_attempt(key, failures, until) select k, 0, now() from unnest(keys) k order by k on conflict do nothing;
  perform from login_attempt where key = any(keys) order by key for update;
  select ceil(extract(epoch from max(until) - clock_timestamp())) into seconds from login_attempt where key = any(keys);
  if seconds > 0 then return seconds; end if;
  update login_attempt a set failed_at = clock_timestamp(), failures = 1 + greatest(0, a.failures - extract(epoch from clock_timestamp() - a.failed_at) / k.leak)
    from unnest(keys, leak) k(key, leak) where a.key = k.key;
  update login_attempt a set until = clock_timestamp() + make_interval(secs => least(k.most, power(2, least(ceil(a.failures) - k.free - 1, 20))))
    from unnest(keys, free, most) k(key, free, most) where a.key = k.key and a.failures > k.free;
  return 0;
end $$;

-- The proof was right: `forgotten` keys start anew, of `shared` ones (an address) only this one try is taken back. Otherwise somebody with
-- one account of their own could wipe out the count of their guesses at others.
-- to: wuji_app
create function wuji.attempt_pass(forgotten bytea[], shared bytea[], seal bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('attempt_pass|%s|%s', forgotten, shared), seal);
  perform from login_attempt where key = any(forgotten || shared) order by key for update;
  delete from login_attempt where key = any(forgotten);
  update login_attempt set failures = greatest(0, failures - 1), until = now() where key = any(shared);
end $$;
