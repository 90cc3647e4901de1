-- Second factors. What is told about secrets, and what counts one, asks for the program's seal.

-- The acting account begins to use an app that shows codes; it counts for nothing until a code of it was seen. What was begun before and
-- never confirmed goes.
-- to: wuji_app
create function wuji.factor_begin(id uuid, kind text, name text, secret bytea, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('factor_begin|%s|%s|%s', scope_account(), factor_begin.id, kind), seal);
  if scope_ok() is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  perform from account a where a.id = scope_account() for no key update;
  delete from factor f where f.account_id = scope_account() and f.confirmed_at is null;
  if (select count(*) from factor f where f.account_id = scope_account()) >= 10 then
    raise exception 'enough' using errcode = 'check_violation', constraint = 'factor_enough';
  end if;
  insert into factor(id, account_id, kind, name, secret) values (factor_begin.id, scope_account(), factor_begin.kind, factor_begin.name, factor_begin.secret);
end $$;

-- The program has seen a code of it, of that period. False: the acting account began no such one, or confirmed it before.
-- to: wuji_app
create function wuji.factor_confirm(id uuid, step bigint, session_id uuid, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('factor_confirm|%s|%s|%s', scope_account(), factor_confirm.id, step), seal);
  update factor f set confirmed_at = now(), used_at = now(), last_step = step
   where scope_ok() and f.id = factor_confirm.id and f.account_id = scope_account() and f.confirmed_at is null;
  if not found then return false; end if;
  perform session_raise_put(session_id, scope_account(), '{otp,mfa}');
  perform journal_add('identity.factor.add', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
  return true;
end $$;

-- Of an account, for the program alone, which is about to ask for one. `begun`: those too that were never confirmed.
-- to: wuji_app
create function wuji.factors_of(acc uuid, begun boolean, seal bytea)
returns table(id uuid, kind text, name text, secret bytea, last_step bigint, confirmed_at timestamptz, used_at timestamptz, credential_id bytea, host text, transports text[])
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('factors_of|%s|%s', acc, begun::int), seal);
  return query select f.id, f.kind, f.name, f.secret, f.last_step, f.confirmed_at, f.used_at, f.credential_id, f.host, f.transports from factor f
    where f.account_id = acc and (begun or f.confirmed_at is not null) order by f.created_at, f.id;
end $$;

-- A code of that period counts, or a passkey that met the challenge of that moment: once. False: it, or a later one, was taken before.
-- to: wuji_app
create function wuji.factor_use(id uuid, step bigint, count bigint, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('factor_use|%s|%s|%s', factor_use.id, step, count), seal);
  update factor f set last_step = step, sign_count = greatest(sign_count, count), used_at = now()
   where f.id = factor_use.id and f.confirmed_at is not null and f.last_step < step;
  return found;
end $$;

-- The acting account gives one up; with the last one its codes on paper go too. False: it has no such one.
-- to: wuji_app
create function wuji.factor_remove(id uuid, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('factor_remove|%s|%s', scope_account(), factor_remove.id), seal);
  delete from factor f where scope_ok() and f.id = factor_remove.id and f.account_id = scope_account();
  if not found then return false; end if;
  delete from recovery_code r where r.account_id = scope_account() and not exists(select from factor f where f.account_id = scope_account() and f.confirmed_at is not null);
  perform journal_add('identity.factor.remove', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
  return true;
end $$;

-- Somebody has lost all of them, and whoever may help people log in has made sure who it is.
-- to: wuji_app
create function wuji.factors_forget(acc uuid, reason text, seal bytea) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n int;
begin
  perform seal_demand(format('factors_forget|%s', acc), seal);
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'not for people' using errcode = 'insufficient_privilege'; end if;
  delete from factor f where f.account_id = acc;
  get diagnostics n = row_count;
  delete from recovery_code r where r.account_id = acc;
  update account_session s set revoked_at = now() where s.account_id = acc and s.revoked_at is null;
  perform journal_add('identity.factor.forget', 'account', acc::text, null, scope_account(), '{}', null, reason);
  return n;
end $$;

-- New codes on paper for the acting account; those before work no more.
-- to: wuji_app
create function wuji.recovery_put(hashes bytea[], seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('recovery_put|%s|%s', scope_account(), hashes), seal);
  if scope_ok() is not true or not exists(select from factor f where f.account_id = scope_account() and f.confirmed_at is not null) then
    raise exception 'nothing to recover' using errcode = 'check_violation', constraint = 'recovery_none';
  end if;
  delete from recovery_code r where r.account_id = scope_account();
  insert into recovery_code(account_id, code_hash) select scope_account(), h from unnest(hashes) h;
  perform journal_add('identity.factor.make_codes', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
end $$;

-- How many of them the acting account has left.
-- to: wuji_app
create function wuji.recovery_left() returns int language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select count(*)::int from recovery_code r where scope_ok() and r.account_id = scope_account() and r.used_at is null $$;

-- One of them counts, once.
-- to: wuji_app
create function wuji.recovery_use(acc uuid, code_hash bytea, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('recovery_use|%s|%s', acc, encode(recovery_use.code_hash, 'hex')), seal);
  update recovery_code r set used_at = now() where r.account_id = acc and r.code_hash = recovery_use.code_hash and r.used_at is null;
  if not found then return false; end if;
  perform journal_add('identity.factor.use_code', 'account', acc::text, null, acc, '{}', null, '');
  return true;
end $$;

-- to:
create function wuji.session_raise_put(session_id uuid, acc uuid, amr text[]) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  update account_session s set amr = array(select distinct x from unnest(s.amr || session_raise_put.amr) x order by 1), acr = session_acr(s.amr || session_raise_put.amr), auth_time = now()
   where s.id = session_id and s.account_id = acc and s.revoked_at is null;
  return found;
end $$;

-- The acting account has proven itself by more in that session of its own.
-- to: wuji_app
create function wuji.session_raise(session_id uuid, amr text[], seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('session_raise|%s|%s', scope_account(), session_id), seal);
  return scope_ok() and session_raise_put(session_id, scope_account(), session_raise.amr);
end $$;

-- How strongly the acting account was proven in that session of its own.
-- to: wuji_app
create function wuji.session_strength(session_id uuid) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select s.acr from account_session s where scope_ok() and s.id = session_strength.session_id and s.account_id = scope_account() $$;
