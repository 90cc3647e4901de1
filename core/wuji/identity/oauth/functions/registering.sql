-- Programs that register themselves, by an invitation of a tenant, and look after their registration (RFC 7591, RFC 7592).

-- For so many programs, until then, at the acting tenant.
-- to: wuji_app
create function wuji.oauth_invitation_add(token_hash bytea, uses int, expires_at timestamptz, reason text, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; i uuid := new_id();
begin
  perform seal_demand(format('oauth_invitation_add|%s', encode(oauth_invitation_add.token_hash, 'hex')), seal);
  select * into t from tenant n where n.id = scope_tenant();
  perform demand('identity.oauth_client.manage', t);
  insert into oauth_invitation(id, tenant_id, token_hash, uses, created_by, expires_at) values (i, t.id, token_hash, uses, scope_account(), expires_at);
  perform journal_add('identity.oauth_invitation.add', 'oauth_invitation', i::text, t.id, scope_account(), '{}', null, reason);
  return i;
end $$;

-- to:
create function wuji.oauth_client_put(c uuid, t int, by uuid, client_id text, name text, metadata jsonb, secret_hash bytea, registration_hash bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare acc uuid := new_id();
begin
  insert into account(id, type, login, name) values (acc, 'service', 'client-' || acc, oauth_client_put.name);
  insert into role_grant(tenant_id, account_id, account_name, role_id, given_by)
  select t, acc, oauth_client_put.name, r.id, by from role r where r.tenant_id is null and r.name = 'client';
  insert into oauth_client(id, tenant_id, client_id, name, metadata, secret_hash, registration_hash, account_id, created_by)
  values (c, t, client_id, name, metadata, secret_hash, registration_hash, acc, by);
  return acc;
end $$;

-- A program registers itself. `outcome`: ok; absent, where the invitation is none, over or used up, or its tenant or one above is not active; many,
-- where the tenant has as many programs as it may.
-- to: wuji_app
create function wuji.oauth_client_register(token_hash bytea, client_id text, name text, metadata jsonb, secret_hash bytea, registration_hash bytea, most int, seal bytea) returns text
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare i oauth_invitation; t tenant; c uuid := new_id(); acc uuid;
begin
  perform seal_demand(format('oauth_client_register|%s|%s|%s|%s', encode(oauth_client_register.token_hash, 'hex'), client_id, encode(secret_hash, 'hex'), encode(registration_hash, 'hex')), seal);
  select * into i from oauth_invitation n where n.token_hash = oauth_client_register.token_hash for update;
  select * into t from tenant n where n.id = i.tenant_id;
  if i.id is null or i.expires_at <= now() or i.uses = 0 or exists(select from tenant n where n.id = any(t.ancestors) and n.state <> 'active')
     or not exists(select from account a where a.id = i.created_by and a.state = 'active') then return 'absent'; end if;
  if (select count(*) from oauth_client o where o.tenant_id = t.id and o.revoked_at is null) >= most then return 'many'; end if;
  update oauth_invitation n set uses = n.uses - 1 where n.id = i.id;
  acc := oauth_client_put(c, t.id, i.created_by, client_id, name, metadata, secret_hash, registration_hash);
  perform journal_add('identity.oauth_client.register', 'oauth_client', c::text, t.id, acc, '{}', null, '');
  return 'ok';
end $$;

-- The program that this registration token belongs to, locked; null for any other.
-- to:
create function wuji.oauth_client_self(client text, registration_hash bytea) returns oauth_client language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select o from oauth_client o where o.client_id = client and o.registration_hash = oauth_client_self.registration_hash and o.revoked_at is null for update $$;

-- to: wuji_app
create function wuji.oauth_client_shown(client text, registration_hash bytea, seal bytea) returns table(metadata jsonb, created_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_client_shown|%s|%s', client, encode(registration_hash, 'hex')), seal);
  return query select o.metadata, o.created_at from oauth_client o where o.client_id = client and o.registration_hash = oauth_client_shown.registration_hash and o.revoked_at is null;
end $$;

-- It says something else of itself. Its secret: another one, or null where it has none any more; with `keep` the one that it has.
-- to: wuji_app
create function wuji.oauth_client_amend(client text, registration_hash bytea, name text, metadata jsonb, secret_hash bytea, keep boolean, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client;
begin
  perform seal_demand(format('oauth_client_amend|%s|%s|%s', client, encode(registration_hash, 'hex'), encode(secret_hash, 'hex')), seal);
  c := oauth_client_self(client, registration_hash);
  if c.id is null then return false; end if;
  update oauth_client o set name = oauth_client_amend.name, metadata = oauth_client_amend.metadata,
         secret_hash = case when keep then o.secret_hash else oauth_client_amend.secret_hash end, old_hash = case when keep then o.old_hash end where o.id = c.id;
  perform journal_add('identity.oauth_client.change', 'oauth_client', c.id::text, c.tenant_id, c.account_id, '{}', null, '');
  return true;
end $$;

-- It is used no more.
-- to: wuji_app
create function wuji.oauth_client_leave(client text, registration_hash bytea, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client;
begin
  perform seal_demand(format('oauth_client_leave|%s|%s', client, encode(registration_hash, 'hex')), seal);
  c := oauth_client_self(client, registration_hash);
  if c.id is null then return false; end if;
  perform oauth_client_end(c, c.account_id);
  perform journal_add('identity.oauth_client.remove', 'oauth_client', c.id::text, c.tenant_id, c.account_id, '{}', null, '');
  return true;
end $$;

-- Whoever manages it says something else of it, of the version that they read. Its secret as above.
-- to: wuji_app
create function wuji.oauth_client_change(client text, name text, metadata jsonb, secret_hash bytea, keep boolean, version int, reason text, seal bytea) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_client;
begin
  perform seal_demand(format('oauth_client_change|%s|%s', client, encode(secret_hash, 'hex')), seal);
  c := oauth_client_hold(client);
  if c.version <> oauth_client_change.version then raise exception 'changed meanwhile' using errcode = 'check_violation', constraint = 'oauth_client_version'; end if;
  update oauth_client o set name = oauth_client_change.name, metadata = oauth_client_change.metadata,
         secret_hash = case when keep then o.secret_hash else oauth_client_change.secret_hash end, old_hash = case when keep then o.old_hash end where o.id = c.id returning o.* into c;
  perform journal_add('identity.oauth_client.change', 'oauth_client', c.id::text, c.tenant_id, scope_account(), '{}', null, reason);
  return c.version;
end $$;

-- When a program was last used, for whoever sees it.
-- to: wuji_app
create function wuji.oauth_client_used(client uuid) returns timestamptz language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select max(f.used_at) from oauth_family f where f.client_id = client and scope_ok()
      and exists(select from oauth_client o where o.id = client and o.pos between scope_lo() and scope_hi()) $$;

-- A person's sessions that ended: each program that was told of one and wants to hear of its end is told, once for each. By the program itself.
-- to: wuji_app
create function wuji.oauth_leave(acc uuid) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n int;
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'not for people' using errcode = 'insufficient_privilege'; end if;
  with gone as (
    update oauth_family f set left_at = now() from oauth_client o, account_session s
     where f.account_id = acc and f.left_at is null and o.id = f.client_id and o.revoked_at is null and o.metadata->>'backchannel_logout_uri' is not null
       and s.id = f.session_id and s.revoked_at is not null returning o.client_id, f.session_id)
  select count(job_make('identity.oauth_logout', jsonb_build_object('client_id', g.client_id, 'account_id', acc, 'session_id', g.session_id, 'at', now()), null,
                        keep => false, most_attempts => 20)) into n from (select distinct client_id, session_id from gone) g;
  return n;
end $$;
