-- What people allow programs, and the codes and tokens that come of it.

-- Where a person can let a program act: where they hold something inside the program's subtree; the program's tenant itself where they hold
-- something above it that reaches down.
-- to: wuji_app
create function wuji.oauth_places(client uuid) returns table(tenant_id int, code text, name text) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select t.id, c.code, t.name from oauth_client o join tenant p on p.id = o.tenant_id join tenant t on t.pos between p.pos and p.pos_hi
     join tenant_code c on c.tenant_id = t.id and c.valid_to is null
    where scope_ok() and o.id = client and exists(select from grants_live(scope_account()) l
           where l.tenant_id = t.id or t.id = p.id and l.reach = 'subtree' and l.tenant_id = any(p.ancestors)) order by t.pos limit 50 $$;

-- The acting account allows a program what it asked for, at one of those places or without one.
-- to: wuji_app
create function wuji.oauth_consent_give(client uuid, tenant int, scopes text[], seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_consent_give|%s|%s|%s', scope_account(), client, tenant), seal);
  if scope_ok() is not true or tenant is not null and not exists(select from oauth_places(client) p where p.tenant_id = tenant) then
    raise exception 'not there' using errcode = 'insufficient_privilege';
  end if;
  insert into oauth_consent as s(account_id, client_id, tenant_id, scopes) values (scope_account(), client, tenant, oauth_consent_give.scopes)
  on conflict (account_id, client_id) do update set tenant_id = excluded.tenant_id, given_at = now(), withdrawn_at = null,
     scopes = case when s.withdrawn_at is null and s.tenant_id is not distinct from excluded.tenant_id
                   then array(select unnest(s.scopes) union select unnest(excluded.scopes)) else excluded.scopes end;
  perform journal_add('identity.oauth_consent.give', 'oauth_client', client::text, tenant, scope_account(), '{}', null, '');
end $$;

-- The acting account allows it nothing any more: every token that came of it ends. False: it allowed nothing.
-- to: wuji_app
create function wuji.oauth_consent_withdraw(client text, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare s oauth_consent;
begin
  perform seal_demand(format('oauth_consent_withdraw|%s|%s', scope_account(), client), seal);
  if scope_ok() is not true then return false; end if;
  update oauth_consent n set withdrawn_at = now() from oauth_client o
   where o.client_id = client and n.client_id = o.id and n.account_id = scope_account() and n.withdrawn_at is null returning n.* into s;
  if s.id is null then return false; end if;
  update oauth_family f set revoked_at = now() where f.client_id = s.client_id and f.account_id = s.account_id and f.revoked_at is null;
  perform journal_add('identity.oauth_consent.withdraw', 'oauth_client', s.client_id::text, s.tenant_id, scope_account(), '{}', null, '');
  return true;
end $$;

-- What the acting account allows programs now, and since when.
-- to: wuji_app
create function wuji.oauth_consents() returns table(client_id text, name text, metadata jsonb, owner_name text, tenant_code text, tenant_name text, scopes text[], given_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select o.client_id, o.name, o.metadata, w.name, c.code, t.name, s.scopes, s.given_at,
          (select max(f.used_at) from oauth_family f where f.client_id = o.id and f.account_id = s.account_id)
     from oauth_consent s join oauth_client o on o.id = s.client_id join tenant w on w.id = o.tenant_id
     left join tenant t on t.id = s.tenant_id left join tenant_code c on c.tenant_id = t.id and c.valid_to is null
    where scope_ok() and s.account_id = scope_account() and s.withdrawn_at is null and o.revoked_at is null order by s.given_at desc, o.client_id $$;

-- A code for what the acting account allowed. `session_id` is how it is logged in now; what is not for offline ends with it.
-- to: wuji_app
create function wuji.oauth_code_issue(client uuid, session_id uuid, code_hash bytea, seconds int, redirect_uri text, challenge text, scopes text[], offline boolean, asked jsonb, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare s account_session; c oauth_consent; f uuid := new_id();
begin
  perform seal_demand(format('oauth_code_issue|%s|%s|%s|%s', scope_account(), client, session_id, encode(code_hash, 'hex')), seal);
  if scope_ok() is not true then raise exception 'nobody' using errcode = 'insufficient_privilege'; end if;
  select * into strict s from account_session a where a.id = session_id and a.account_id = scope_account() and a.revoked_at is null;
  select * into strict c from oauth_consent n where n.client_id = client and n.account_id = scope_account() and n.withdrawn_at is null and oauth_code_issue.scopes <@ n.scopes;
  insert into oauth_family(id, client_id, account_id, tenant_id, session_id, scopes, offline, asked, auth_time, acr, amr, ends_at)
  values (f, client, scope_account(), c.tenant_id, s.id, scopes, offline, asked, s.auth_time, s.acr, s.amr, case when offline then now() + interval '90 days' else s.ends_at end);
  insert into oauth_code(code_hash, family_id, redirect_uri, challenge, expires_at) values (code_hash, f, redirect_uri, challenge, now() + make_interval(secs => seconds));
end $$;

-- Whether what came of one act of allowing still holds: nobody ended it, the program and the person are there, and the session it hangs on.
-- to:
create function wuji.oauth_family_live(f oauth_family) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select f.revoked_at is null and f.ends_at > now()
      and exists(select from account a where a.id = f.account_id and a.state = 'active')
      and exists(select from oauth_client o join tenant t on t.id = o.tenant_id where o.id = f.client_id and o.revoked_at is null
                    and not exists(select from tenant n where n.id = any(t.ancestors) and n.state <> 'active'))
      and (f.offline or f.session_id is null
           or exists(select from account_session s where s.id = f.session_id and s.revoked_at is null and s.ends_at > now())) $$;

-- What tokens of a family say: of whom, for which place, how and when they were proven.
-- to:
create function wuji.oauth_family_told(family uuid) returns table(family_id uuid, account_id uuid, account_type text, login text, name text, locale text, tenant_code text, tenant_name text, session_id uuid, scopes text[], offline boolean, asked jsonb, auth_time timestamptz, acr text, amr text[])
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select f.id, a.id, a.type, a.login, a.name, a.locale, c.code, t.name, f.session_id, f.scopes, f.offline, f.asked, f.auth_time, f.acr, f.amr
     from oauth_family f join account a on a.id = f.account_id left join tenant t on t.id = f.tenant_id
     left join tenant_code c on c.tenant_id = t.id and c.valid_to is null where f.id = family $$;

-- to:
create function wuji.oauth_tokens_put(family uuid, scopes text[], access_hash bytea, access_seconds int, refresh_hash bytea, refresh_seconds int) returns void
language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ insert into oauth_token(token_hash, family_id, kind, scopes, expires_at)
   select v.hash, f.id, v.kind, case v.kind when 'access' then oauth_tokens_put.scopes else f.scopes end, least(now() + make_interval(secs => v.seconds), f.ends_at)
     from oauth_family f, (values (access_hash, 'access', access_seconds), (refresh_hash, 'refresh', refresh_seconds)) v(hash, kind, seconds)
    where f.id = family and v.hash is not null;
   update oauth_family f set used_at = now() where f.id = family $$;

-- Redeems a code once. Of many at one moment one passes; the others find it used, which within ten seconds may be an impatient finger and
-- after that is theft: then everything that came of it ends. What is said in `outcome` commits either way.
-- to: wuji_app
create function wuji.oauth_code_redeem(code_hash bytea, client uuid, redirect_uri text, challenge text, access_hash bytea, access_seconds int, refresh_hash bytea, refresh_seconds int, seal bytea) returns table(outcome text, family_id uuid)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c oauth_code; f oauth_family;
begin
  perform seal_demand(format('oauth_code_redeem|%s|%s|%s', encode(code_hash, 'hex'), client, encode(access_hash, 'hex')), seal);
  select * into c from oauth_code o where o.code_hash = oauth_code_redeem.code_hash for update;
  select * into f from oauth_family n where n.id = c.family_id for update;
  if f.id is null or f.client_id <> client then return query select 'absent', null::uuid; return; end if;
  if c.used_at is not null then
    if c.used_at < now() - interval '10 seconds' then update oauth_family n set revoked_at = now() where n.id = f.id and n.revoked_at is null; end if;
    return query select 'used', f.id; return;
  end if;
  if c.expires_at <= now() or not oauth_family_live(f) then return query select 'over', f.id; return; end if;
  if c.redirect_uri <> oauth_code_redeem.redirect_uri then return query select 'redirect_uri', f.id; return; end if;
  if c.challenge <> oauth_code_redeem.challenge then return query select 'verifier', f.id; return; end if;
  update oauth_code o set used_at = now() where o.code_hash = c.code_hash;
  perform oauth_tokens_put(f.id, f.scopes, access_hash, access_seconds, refresh_hash, refresh_seconds);
  return query select 'ok', f.id;
end $$;

-- What the tokens of a family are about; for whoever was just told its id.
-- to: wuji_app
create function wuji.oauth_family_find(family uuid, seal bytea) returns table(family_id uuid, account_id uuid, account_type text, login text, name text, locale text, tenant_code text, tenant_name text, session_id uuid, scopes text[], offline boolean, asked jsonb, auth_time timestamptz, acr text, amr text[])
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_family_find|%s', family), seal);
  return query select * from oauth_family_told(family);
end $$;

-- Another pair of tokens for a refresh token, which works once (RFC 9700, 4.14); used again it is as with codes. `scopes`: fewer, or null.
-- to: wuji_app
create function wuji.oauth_refresh(token_hash bytea, client uuid, scopes text[], access_hash bytea, access_seconds int, refresh_hash bytea, refresh_seconds int, seal bytea) returns table(outcome text, family_id uuid)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare k oauth_token; f oauth_family;
begin
  perform seal_demand(format('oauth_refresh|%s|%s|%s', encode(token_hash, 'hex'), client, encode(access_hash, 'hex')), seal);
  select * into k from oauth_token o where o.token_hash = oauth_refresh.token_hash and o.kind = 'refresh' for update;
  select * into f from oauth_family n where n.id = k.family_id for update;
  if f.id is null or f.client_id <> client then return query select 'absent', null::uuid; return; end if;
  if k.used_at is not null then
    if k.used_at < now() - interval '10 seconds' then update oauth_family n set revoked_at = now() where n.id = f.id and n.revoked_at is null; end if;
    return query select 'used', f.id; return;
  end if;
  if k.expires_at <= now() or k.revoked_at is not null or not oauth_family_live(f) then return query select 'over', f.id; return; end if;
  if not coalesce(oauth_refresh.scopes, '{}') <@ f.scopes then return query select 'scope', f.id; return; end if;
  update oauth_token o set used_at = now() where o.token_hash = k.token_hash;
  perform oauth_tokens_put(f.id, coalesce(oauth_refresh.scopes, f.scopes), access_hash, access_seconds, refresh_hash, refresh_seconds);
  return query select 'ok', f.id;
end $$;

-- A program for itself, without a person.
-- to: wuji_app
create function wuji.oauth_own_token(client uuid, scopes text[], access_hash bytea, access_seconds int, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare f uuid := new_id();
begin
  perform seal_demand(format('oauth_own_token|%s|%s', client, encode(access_hash, 'hex')), seal);
  insert into oauth_family(id, client_id, account_id, tenant_id, scopes, ends_at)
  select f, o.id, o.account_id, o.tenant_id, oauth_own_token.scopes, now() + make_interval(secs => access_seconds) from oauth_client o where o.id = client and o.revoked_at is null;
  perform oauth_tokens_put(f, scopes, access_hash, access_seconds, null, null);
end $$;

-- When the acting account was proven in that session of its own.
-- to: wuji_app
create function wuji.session_proven_at(session_id uuid) returns timestamptz language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select s.auth_time from account_session s where scope_ok() and s.id = session_proven_at.session_id and s.account_id = scope_account() $$;
