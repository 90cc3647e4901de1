-- Passkeys: what the program has seen made, and finds again by what a browser shows.

-- The acting account has made one, as the program has seen; whoever did has proven themselves by it.
-- to: wuji_app
create function wuji.passkey_add(id uuid, name text, credential bytea, key bytea, at_host text, count bigint, ways text[], synced boolean, session_id uuid, amr text[], seal bytea)
returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('passkey_add|%s|%s|%s', scope_account(), passkey_add.id, encode(credential, 'hex')), seal);
  if scope_ok() is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  perform from account a where a.id = scope_account() for no key update;
  if (select count(*) from factor f where f.account_id = scope_account()) >= 10 then
    raise exception 'enough' using errcode = 'check_violation', constraint = 'factor_enough';
  end if;
  insert into factor(id, account_id, kind, name, credential_id, public_key, host, sign_count, transports, is_synced, confirmed_at)
  values (passkey_add.id, scope_account(), 'passkey', passkey_add.name, credential, key, at_host, passkey_add.count, ways, synced, now());
  perform session_raise_put(session_id, scope_account(), passkey_add.amr);
  perform journal_add('identity.factor.add', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
end $$;

-- Whose passkey a browser shows, for the program alone. No row: nobody's, or one of another host.
-- to: wuji_app
create function wuji.passkey_find(credential bytea, at_host text, seal bytea)
returns table(id uuid, account_id uuid, public_key bytea, sign_count bigint, last_step bigint, is_synced boolean)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('passkey_find|%s|%s', encode(credential, 'hex'), at_host), seal);
  return query select f.id, f.account_id, f.public_key, f.sign_count, f.last_step, f.is_synced from factor f
    where f.credential_id = credential and f.host = at_host and f.confirmed_at is not null;
end $$;
