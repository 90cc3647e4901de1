-- Login providers: set by a tenant for itself and those below, found by the login before anybody's scope is known.

-- At the acting tenant. `secret` is sealed by the program; null where it has none.
-- to: wuji_app
create function wuji.login_provider_add(id uuid, kind text, name text, issuer text, client_id text, options jsonb, admits text, is_on boolean, secret bytea, reason text, seal bytea) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  perform seal_demand(format('login_provider_add|%s|%s|%s|%s', login_provider_add.id, issuer, client_id, encode(secret, 'hex')), seal);
  select * into t from tenant n where n.id = scope_tenant();
  perform demand('identity.login_provider.manage', t);
  if (select count(*) from login_provider p where p.tenant_id = t.id) >= 20 then
    raise exception 'enough' using errcode = 'check_violation', constraint = 'login_provider_enough';
  end if;
  insert into login_provider(id, tenant_id, kind, name, issuer, client_id, options, admits, is_on, created_by)
  values (login_provider_add.id, t.id, login_provider_add.kind, login_provider_add.name, login_provider_add.issuer, login_provider_add.client_id,
          login_provider_add.options, login_provider_add.admits, login_provider_add.is_on, scope_account());
  if secret is not null then insert into login_provider_secret(provider_id, secret) values (login_provider_add.id, login_provider_add.secret); end if;
  perform journal_add('identity.login_provider.add', 'login_provider', login_provider_add.id::text, t.id, scope_account(), '{}', null, reason);
  return 1;
end $$;

-- One of the range that the acting account may manage, locked. Absent and out of sight: one answer.
-- to:
create function wuji.login_provider_hold(wanted uuid) returns login_provider language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p login_provider; t tenant;
begin
  select * into p from login_provider o where o.id = wanted for update;
  select * into t from tenant n where n.id = p.tenant_id;
  if p.id is null or not in_sight(t) then raise exception 'no such provider' using errcode = 'no_data_found'; end if;
  perform demand('identity.login_provider.manage', t);
  return p;
end $$;

-- Null as secret keeps the one of before; an empty one takes it away. Its issuer stays: it is what linked accounts hang on.
-- to: wuji_app
create function wuji.login_provider_change(id uuid, name text, client_id text, options jsonb, admits text, is_on boolean, secret bytea, version int, reason text, seal bytea) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p login_provider;
begin
  perform seal_demand(format('login_provider_change|%s|%s|%s', login_provider_change.id, client_id, encode(secret, 'hex')), seal);
  p := login_provider_hold(login_provider_change.id);
  if p.version <> login_provider_change.version then raise exception 'changed meanwhile' using errcode = 'check_violation', constraint = 'login_provider_version'; end if;
  update login_provider o set name = login_provider_change.name, client_id = login_provider_change.client_id, options = login_provider_change.options,
         admits = login_provider_change.admits, is_on = login_provider_change.is_on where o.id = p.id returning o.* into p;
  if secret is not null then
    delete from login_provider_secret s where s.provider_id = p.id;
    if length(secret) > 0 then insert into login_provider_secret(provider_id, secret) values (p.id, login_provider_change.secret); end if;
  end if;
  perform journal_add('identity.login_provider.change', 'login_provider', p.id::text, p.tenant_id, scope_account(), '{}', null, reason);
  return p.version;
end $$;

-- Nobody logs in with it any more. Who had linked it keeps the link: the same system may be set up anew.
-- to: wuji_app
create function wuji.login_provider_remove(id uuid, reason text, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p login_provider;
begin
  perform seal_demand(format('login_provider_remove|%s', login_provider_remove.id), seal);
  p := login_provider_hold(login_provider_remove.id);
  delete from login_provider o where o.id = p.id;
  perform journal_add('identity.login_provider.remove', 'login_provider', p.id::text, p.tenant_id, scope_account(), '{}', null, reason);
end $$;

-- For the login alone. No row: absent, off, or its tenant or one above is not active.
-- to: wuji_app
create function wuji.login_provider_find(wanted uuid, seal bytea) returns table(id uuid, kind text, name text, issuer text, client_id text, options jsonb, admits text, secret bytea, tenant_code text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('login_provider_find|%s', wanted), seal);
  return query select p.id, p.kind, p.name, p.issuer, p.client_id, p.options, p.admits, s.secret, c.code
    from login_provider p join tenant t on t.id = p.tenant_id join tenant_code c on c.tenant_id = t.id and c.valid_to is null
    left join login_provider_secret s on s.provider_id = p.id
   where p.id = wanted and p.is_on and not exists(select from tenant a where a.id = any(t.ancestors) and a.state <> 'active');
end $$;
