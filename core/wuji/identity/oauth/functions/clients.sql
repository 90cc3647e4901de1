-- Programs of others: registered by a tenant, found by the protocol before anybody's scope is known.

-- At the acting tenant, with a service account of its own: whom it is when it asks without a person. The secret's sha256 is null where it has none.
-- to: wuji_app
create function wuji.oauth_client_add(client_id text, name text, metadata jsonb, secret_hash bytea, reason text, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; c uuid := new_id();
begin
  perform seal_demand(format('oauth_client_add|%s|%s', client_id, encode(secret_hash, 'hex')), seal);
  select * into t from tenant n where n.id = scope_tenant();
  perform demand('identity.oauth_client.manage', t);
  perform oauth_client_put(c, t.id, scope_account(), client_id, name, metadata, secret_hash, null);
  perform journal_add('identity.oauth_client.add', 'oauth_client', c::text, t.id, scope_account(), '{}', null, reason);
  return c;
end $$;

-- A client of the range that the acting account may manage, locked. Absent and out of sight: one answer.
-- to:
create function wuji.oauth_client_hold(client text) returns oauth_client language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client; t tenant;
begin
  select * into c from oauth_client o where o.client_id = client for update;
  select * into t from tenant n where n.id = c.tenant_id;
  if c.id is null or not in_sight(t) then raise exception 'no such client' using errcode = 'no_data_found'; end if;
  perform demand('identity.oauth_client.manage', t);
  if c.revoked_at is not null then raise exception 'it was removed' using errcode = 'check_violation', constraint = 'oauth_client_removed'; end if;
  return c;
end $$;

-- Another secret. The one before it works until `old_until`; those before that end now.
-- to: wuji_app
create function wuji.oauth_client_rotate(client text, secret_hash bytea, old_until timestamptz, reason text, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client;
begin
  perform seal_demand(format('oauth_client_rotate|%s|%s', client, encode(secret_hash, 'hex')), seal);
  c := oauth_client_hold(client);
  if c.secret_hash is null then raise exception 'it has no secret' using errcode = 'check_violation', constraint = 'oauth_client_public'; end if;
  update oauth_client o set old_hash = c.secret_hash, old_until = oauth_client_rotate.old_until, secret_hash = oauth_client_rotate.secret_hash where o.id = c.id;
  perform journal_add('identity.oauth_client.rotate', 'oauth_client', c.id::text, c.tenant_id, scope_account(), '{}', null, reason);
end $$;

-- For good: its tokens, its service account and what people allowed it end with it.
-- to:
create function wuji.oauth_client_end(c oauth_client, by uuid) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update oauth_client o set revoked_at = now() where o.id = c.id;
   update oauth_family f set revoked_at = now() where f.client_id = c.id and f.revoked_at is null;
   update oauth_consent s set withdrawn_at = now() where s.client_id = c.id and s.withdrawn_at is null;
   update account a set state = 'suspended' where a.id = c.account_id;
   update role_grant g set revoked_at = now(), revoked_by = by where g.account_id = c.account_id and g.revoked_at is null $$;

-- to: wuji_app
create function wuji.oauth_client_remove(client text, reason text, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client;
begin
  perform seal_demand(format('oauth_client_remove|%s', client), seal);
  c := oauth_client_hold(client);
  perform oauth_client_end(c, scope_account());
  perform journal_add('identity.oauth_client.remove', 'oauth_client', c.id::text, c.tenant_id, scope_account(), '{}', null, reason);
end $$;

-- For the protocol alone, which knows no scope yet. No row: absent, removed, or its tenant or one above is not active.
-- to: wuji_app
create function wuji.oauth_client_find(client text, seal bytea) returns table(id uuid, client_id text, name text, metadata jsonb, secret_hash bytea, old_hash bytea, account_id uuid, tenant_id int, tenant_code text, tenant_name text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_client_find|%s', client), seal);
  return query select o.id, o.client_id, o.name, o.metadata, o.secret_hash, case when o.old_until > now() then o.old_hash end, o.account_id, t.id, c.code, t.name
    from oauth_client o join tenant t on t.id = o.tenant_id join tenant_code c on c.tenant_id = t.id and c.valid_to is null
   where o.client_id = client and o.revoked_at is null and not exists(select from tenant a where a.id = any(t.ancestors) and a.state <> 'active');
end $$;
