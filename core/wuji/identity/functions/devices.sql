-- Devices: service accounts of a tenant, with one narrow role and a token each. They log in nowhere, and nobody gives them more.

-- The tenant of a device that the acting account may manage, and the device locked. Absent and out of sight: one answer.
-- to:
create function wuji.device_hold(permission text, acc uuid) returns tenant language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; held account;
begin
  select * into held from account a where a.id = acc and a.type = 'service' for no key update;
  select n.* into t from role_grant g join role r on r.id = g.role_id join tenant n on n.id = g.tenant_id
   where g.account_id = held.id and r.tenant_id is null and r.name = 'device' order by g.given_at desc limit 1;
  if t.id is null or not in_sight(t) then raise exception 'no such device' using errcode = 'no_data_found'; end if;
  perform demand(permission, t);
  if held.state <> 'active' then raise exception 'its token was taken away' using errcode = 'check_violation', constraint = 'device_revoked'; end if;
  return t;
end $$;

-- A device of a tenant, with a token that the program has made. It holds the built-in role `device` there: what plugins let devices do, no
-- range, no class. `permission` is what whoever opens it must hold at that tenant.
-- to: wuji_app
create function wuji.device_open(permission text, tenant_id int, name text, token_hash bytea, ends_at timestamptz, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; acc uuid := new_id();
begin
  perform seal_demand(format('device_open|%s|%s|%s|%s', permission, tenant_id, encode(token_hash, 'hex'), floor(extract(epoch from ends_at))), seal);
  select * into t from tenant n where n.id = device_open.tenant_id;
  if t.id is null or not in_sight(t) then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform demand(permission, t);
  insert into account(id, type, login, name) values (acc, 'service', 'device-' || acc, device_open.name);
  insert into role_grant(tenant_id, account_id, account_name, role_id, given_by)
  select t.id, acc, device_open.name, r.id, scope_account() from role r where r.tenant_id is null and r.name = 'device';
  insert into account_session(token_hash, account_id, idle_at, ends_at, device, amr) values (token_hash, acc, ends_at, ends_at, device_open.name, '{device}');
  perform journal_add('identity.device.open', 'account', acc::text, t.id, scope_account(), '{}', null, '');
  return acc;
end $$;

-- Another token. The one before it works until `old_until`, so that a device out in the field can be given the new one; those before that end now.
-- to: wuji_app
create function wuji.device_rotate(permission text, acc uuid, token_hash bytea, ends_at timestamptz, old_until timestamptz, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  perform seal_demand(format('device_rotate|%s|%s|%s|%s|%s', permission, acc, encode(token_hash, 'hex'), floor(extract(epoch from ends_at)),
                             floor(extract(epoch from old_until))), seal);
  t := device_hold(permission, acc);
  update account_session s set ends_at = case when s.token_hash = newest.token_hash then least(s.ends_at, old_until) else least(s.ends_at, now()) end
    from (select n.token_hash from account_session n where n.account_id = acc and n.revoked_at is null order by n.auth_time desc, n.id desc limit 1) newest
   where s.account_id = acc and s.revoked_at is null;
  insert into account_session(token_hash, account_id, idle_at, ends_at, device, amr)
  select device_rotate.token_hash, a.id, device_rotate.ends_at, device_rotate.ends_at, a.name, '{device}' from account a where a.id = acc;
  perform journal_add('identity.device.rotate', 'account', acc::text, t.id, scope_account(), '{}', null, '');
end $$;

-- From now on it is nobody: its tokens, its role and the account itself end.
-- to: wuji_app
create function wuji.device_revoke(permission text, acc uuid, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  perform seal_demand(format('device_revoke|%s|%s', permission, acc), seal);
  t := device_hold(permission, acc);
  update account a set state = 'suspended' where a.id = acc;
  update account_session s set revoked_at = now(), ends_at = least(s.ends_at, now()) where s.account_id = acc and s.revoked_at is null;
  update role_grant g set revoked_at = now(), revoked_by = scope_account() where g.account_id = acc and g.revoked_at is null;
  perform journal_add('identity.device.revoke', 'account', acc::text, t.id, scope_account(), '{}', null, '');
end $$;

-- The live tokens of devices in the range, newest first. No hash leaves the table.
-- to: wuji_app
create function wuji.device_tokens(accounts uuid[]) returns table(account_id uuid, opened_at timestamptz, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select s.account_id, s.auth_time, s.ends_at from account_session s
    where scope_ok() and s.account_id = any(accounts) and s.revoked_at is null and s.ends_at > now()
      and exists(select from role_grant g join account a on a.id = g.account_id where g.account_id = s.account_id and a.type = 'service'
                    and g.revoked_at is null and g.pos between scope_lo() and scope_hi())
    order by s.account_id, s.auth_time desc $$;
