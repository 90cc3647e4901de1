-- Who is on the way to a provider and back, and whom they are there.

-- `linking`: the acting account wants to link it.
-- to: wuji_app
create function wuji.login_state_put(state_hash bytea, browser_hash bytea, provider uuid, linking boolean, kept bytea, target text, seconds int, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('login_state_put|%s|%s|%s|%s', encode(state_hash, 'hex'), encode(browser_hash, 'hex'), provider, linking::int), seal);
  if linking and (scope_ok() and scope_account() is not null) is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  insert into login_state(state_hash, browser_hash, provider_id, account_id, kept, target, expires_at)
  values (login_state_put.state_hash, login_state_put.browser_hash, provider, case when linking then scope_account() end, login_state_put.kept, login_state_put.target,
          now() + make_interval(secs => seconds));
end $$;

-- Whoever comes back with it in the same browser takes it, once. `fresh` is false where it took too long: then only the target counts.
-- to: wuji_app
create function wuji.login_state_take(state_hash bytea, browser_hash bytea, provider uuid, seal bytea) returns table(account_id uuid, kept bytea, target text, fresh boolean)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('login_state_take|%s|%s|%s', encode(state_hash, 'hex'), encode(browser_hash, 'hex'), provider), seal);
  return query delete from login_state s
    where s.state_hash = login_state_take.state_hash and s.browser_hash = login_state_take.browser_hash and s.provider_id = provider
    returning s.account_id, s.kept, s.target, s.expires_at > now();
end $$;

-- Who this is here; null: nobody, or somebody who may not come in.
-- to: wuji_app
create function wuji.external_use(iss text, sub text, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare acc uuid;
begin
  perform seal_demand(format('external_use|%s|%s', iss, sub), seal);
  update external_identity e set used_at = now() from account a
   where e.iss = external_use.iss and e.sub = external_use.sub and a.id = e.account_id and a.state = 'active' and a.type = 'person' returning a.id into acc;
  return acc;
end $$;

-- Whether a provider's word that somebody showed two factors there counts: for whoever holds something at its place and below alone. Otherwise a
-- village could say of a city official what the city has not agreed to.
-- to: wuji_app
create function wuji.external_vouched(acc uuid, provider uuid, seal bytea) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('external_vouched|%s|%s', acc, provider), seal);
  return not operator_is(acc) and exists(select from login_provider p where p.id = provider and p.is_on
    and not exists(select from grants_live(acc) l where l.ancestors is null or not p.tenant_id = any(l.ancestors)));
end $$;

-- Whether somebody is known by it, be they allowed in or not: then no second account is made.
-- to: wuji_app
create function wuji.external_known(iss text, sub text, seal bytea) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('external_known|%s|%s', iss, sub), seal);
  return exists(select from external_identity e where e.iss = external_known.iss and e.sub = external_known.sub);
end $$;

-- to:
create function wuji.external_put(acc uuid, iss text, sub text, name text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare e uuid := new_id();
begin
  if exists(select from external_identity x where x.account_id = acc and x.iss = external_put.iss) then
    raise exception 'has one there' using errcode = 'unique_violation', constraint = 'external_one';
  end if;
  insert into external_identity(id, account_id, iss, sub, name) values (e, acc, external_put.iss, external_put.sub, external_put.name) on conflict do nothing;
  if not found then raise exception 'somebody else is known by it' using errcode = 'unique_violation', constraint = 'external_taken'; end if;
  return e;
end $$;

-- By the person's own act alone, while they are logged in.
-- to: wuji_app
create function wuji.external_link(acc uuid, provider uuid, iss text, sub text, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p login_provider; e uuid;
begin
  perform seal_demand(format('external_link|%s|%s|%s|%s|%s', scope_account(), acc, provider, iss, sub), seal);
  if (scope_ok() and scope_account() = acc) is not true then raise exception 'not the own account' using errcode = 'insufficient_privilege'; end if;
  select * into strict p from login_provider o where o.id = provider;
  perform from account a where a.id = acc for no key update;
  e := external_put(acc, iss, sub, p.name);
  perform journal_add('identity.external.link', 'account', acc::text, null, acc, '{}', null, '');
  return e;
end $$;

-- The last way in stays. False: the acting account has no such one.
-- to: wuji_app
create function wuji.external_unlink(id uuid, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('external_unlink|%s|%s', scope_account(), external_unlink.id), seal);
  perform from account a where a.id = scope_account() for no key update;
  if not exists(select from external_identity e where scope_ok() and e.id = external_unlink.id and e.account_id = scope_account()) then return false; end if;
  if not exists(select from credential c where c.account_id = scope_account() and c.kind = 'password')
     and (select count(*) from external_identity e where e.account_id = scope_account()) = 1 then
    raise exception 'the last way in' using errcode = 'check_violation', constraint = 'external_last';
  end if;
  delete from external_identity e where e.id = external_unlink.id;
  perform journal_add('identity.external.unlink', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
  return true;
end $$;

-- Somebody who comes for the first time, where the provider lets residents in: an account without a password, and the role of a resident at its
-- place. Never another role: what an identity system elsewhere says of a person is no authority here.
-- to: wuji_app
create function wuji.external_admit(provider uuid, iss text, sub text, login text, name text, name_key text, locale text, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p login_provider; t tenant; resident role; a uuid := new_id(); g uuid := new_id(); system uuid;
begin
  perform seal_demand(format('external_admit|%s|%s|%s|%s', provider, iss, sub, login), seal);
  select * into p from login_provider o where o.id = provider and o.is_on and o.admits = 'residents' for share;
  select * into t from tenant n where n.id = p.tenant_id;
  if p.id is null or (p.kind = 'oidc' and p.issuer <> iss) or (p.kind <> 'oidc' and not starts_with(iss, p.kind || ':')) or exists(select from tenant u where u.id = any(t.ancestors) and u.state <> 'active') then
    raise exception 'nobody new' using errcode = 'no_data_found';
  end if;
  select * into strict resident from role r where r.tenant_id is null and r.name = 'resident';
  select u.id into strict system from account u where u.type = 'system';
  insert into account(id, login, name, name_key, locale) values (a, login, external_admit.name, name_key, locale);
  perform external_put(a, iss, sub, p.name);
  insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by) values (g, t.id, a, external_admit.name, resident.id, system);
  perform journal_add('identity.account.add', 'account', a::text, t.id, a, '{}', null, '');
  perform journal_add('identity.external.admit', 'role_grant', g::text, t.id, a, '{}', null, '');
  return a;
end $$;
