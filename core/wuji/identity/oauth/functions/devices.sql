-- Devices that show a code, and whoever allows them (RFC 8628).

-- False: that code is shown by another device now.
-- to: wuji_app
create function wuji.oauth_device_add(client uuid, device_hash bytea, user_hash bytea, scopes text[], seconds int, pause int, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_device_add|%s|%s|%s', client, encode(device_hash, 'hex'), encode(user_hash, 'hex')), seal);
  delete from oauth_device d where d.user_hash = oauth_device_add.user_hash and d.expires_at < now();
  insert into oauth_device(client_id, device_hash, user_hash, scopes, pause, expires_at)
  values (client, device_hash, user_hash, scopes, pause, now() + make_interval(secs => seconds)) on conflict do nothing;
  return found;
end $$;

-- Which program a code that is shown now belongs to, and what it asks for; to somebody with an account alone.
-- to: wuji_app
create function wuji.oauth_device_find(user_hash bytea, seal bytea) returns table(client_id text, scopes text[])
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_device_find|%s|%s', scope_account(), encode(user_hash, 'hex')), seal);
  return query select o.client_id, d.scopes from oauth_device d join oauth_client o on o.id = d.client_id
    where scope_ok() and d.user_hash = oauth_device_find.user_hash and d.state = 'waiting' and d.expires_at > now() and o.revoked_at is null;
end $$;

-- The acting account allows the device what it asks for, at one of its places and by a name of its own, or does not. What is allowed outlives the session on the phone.
-- False: nobody waits with that code.
-- to: wuji_app
create function wuji.oauth_device_decide(user_hash bytea, allow boolean, tenant int, device_name text, session_id uuid, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare d oauth_device; s account_session; f uuid := new_id();
begin
  perform seal_demand(format('oauth_device_decide|%s|%s|%s|%s', scope_account(), encode(user_hash, 'hex'), allow::int, tenant), seal);
  if scope_ok() is not true then return false; end if;
  select * into d from oauth_device n where n.user_hash = oauth_device_decide.user_hash and n.state = 'waiting' and n.expires_at > now() for update;
  if d.device_hash is null then return false; end if;
  if not allow then
    update oauth_device n set state = 'denied' where n.device_hash = d.device_hash;
    perform journal_add('identity.oauth_device.deny', 'oauth_client', d.client_id::text, null, scope_account(), '{}', null, '');
    return true;
  end if;
  if tenant is not null and not exists(select from oauth_places(d.client_id) p where p.tenant_id = tenant) then
    raise exception 'not there' using errcode = 'insufficient_privilege';
  end if;
  select * into strict s from account_session a where a.id = session_id and a.account_id = scope_account() and a.revoked_at is null;
  insert into oauth_consent as c(account_id, client_id, tenant_id, scopes) values (scope_account(), d.client_id, tenant, d.scopes)
  on conflict (account_id, client_id) do update set tenant_id = excluded.tenant_id, scopes = excluded.scopes, given_at = now(), withdrawn_at = null;
  insert into oauth_family(id, client_id, account_id, tenant_id, scopes, offline, device, auth_time, acr, amr, ends_at)
  values (f, d.client_id, scope_account(), tenant, d.scopes, true, device_name, s.auth_time, s.acr, s.amr, now() + interval '90 days');
  update oauth_device n set state = 'allowed', family_id = f where n.device_hash = d.device_hash;
  perform journal_add('identity.oauth_device.allow', 'oauth_client', d.client_id::text, tenant, scope_account(), '{}', null, '');
  return true;
end $$;

-- The devices that the acting account allowed and that may still do something.
-- to: wuji_app
create function wuji.oauth_devices_mine() returns table(id uuid, client_id text, name text, place text, began_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select f.id, o.client_id, f.device, t.name, f.began_at, f.used_at from oauth_family f join oauth_client o on o.id = f.client_id left join tenant t on t.id = f.tenant_id
    where scope_ok() and f.account_id = scope_account() and f.device <> '' and oauth_family_live(f)
    order by f.began_at desc, f.id $$;

-- One of them is over, at once; what the program may do elsewhere stays. False: it is none of the acting account's.
-- to: wuji_app
create function wuji.oauth_device_end(id uuid, seal bytea) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare f oauth_family;
begin
  perform seal_demand(format('oauth_device_end|%s|%s', scope_account(), oauth_device_end.id), seal);
  update oauth_family n set revoked_at = now()
   where scope_ok() and n.id = oauth_device_end.id and n.account_id = scope_account() and n.device <> '' and n.revoked_at is null returning * into f;
  if f.id is null then return false; end if;
  perform journal_add('identity.oauth_device.end', 'oauth_client', f.client_id::text, f.tenant_id, scope_account(), '{}', null, '');
  return true;
end $$;

-- The device asks whether it was allowed: once, for its own program, and no more often than it was told.
-- to: wuji_app
create function wuji.oauth_device_redeem(device_hash bytea, client uuid, access_hash bytea, access_seconds int, refresh_hash bytea, refresh_seconds int, seal bytea) returns table(outcome text, family_id uuid)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare d oauth_device; f oauth_family; early boolean;
begin
  perform seal_demand(format('oauth_device_redeem|%s|%s|%s', encode(device_hash, 'hex'), client, encode(access_hash, 'hex')), seal);
  select * into d from oauth_device n where n.device_hash = oauth_device_redeem.device_hash for update;
  if d.device_hash is null or d.client_id <> client or d.state = 'used' then return query select 'absent', null::uuid; return; end if;
  if d.expires_at <= now() then return query select 'expired', null::uuid; return; end if;
  if d.state = 'denied' then return query select 'denied', null::uuid; return; end if;
  if d.state = 'waiting' then
    early := d.polled_at > now() - make_interval(secs => d.pause);
    update oauth_device n set polled_at = now(), pause = case when early then n.pause + 5 else n.pause end where n.device_hash = d.device_hash;
    return query select case when early then 'slow' else 'waiting' end, null::uuid; return;
  end if;
  select * into f from oauth_family n where n.id = d.family_id for update;
  update oauth_device n set state = 'used' where n.device_hash = d.device_hash;
  if f.id is null or not oauth_family_live(f) then return query select 'absent', null::uuid; return; end if;
  perform oauth_tokens_put(f.id, f.scopes, access_hash, access_seconds, refresh_hash, refresh_seconds);
  return query select 'ok', f.id;
end $$;
