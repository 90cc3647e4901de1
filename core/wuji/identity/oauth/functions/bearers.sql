-- Tokens in use: the door for whoever brings one, what it says, and its end.

-- to:
create function wuji.oauth_token_live(token_hash bytea) returns oauth_token language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select k from oauth_token k join oauth_family f on f.id = k.family_id
    where k.token_hash = oauth_token_live.token_hash and k.revoked_at is null and k.used_at is null and k.expires_at > now() and oauth_family_live(f) $$;

-- Door 2 for programs, proof: the sha256 of an access token. What the person may do, at places of the program's subtree and nowhere else, never
-- as the operator; of classes only those held inside that subtree count. The token's own scopes stand beside the permissions: the edge asks for
-- the one that reads or the one that writes. `jkt`: the thumbprint of the key that the caller was seen to hold; a token that is bound to one is
-- worth nothing without it (RFC 9449, 7), and one that is not is no token of whoever shows a key.
-- to:
create function wuji.token_enter(token_hash bytea, code text, jkt text) returns table(account_id uuid, account_name text, locale text, session_id uuid, tenant_id int, tenant_code text, tenant_name text, root_id int, level int, ranged boolean, held boolean, operator boolean, permissions text[], scopes text[], weak text, auth_time timestamptz, acr text)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_generic_plan as
$$
declare k oauth_token; f oauth_family; p tenant; t tenant; s scope;
begin
  k := oauth_token_live(token_enter.token_hash);
  if k.token_hash is null or k.kind <> 'access' or k.jkt is distinct from token_enter.jkt then raise exception 'no live token' using errcode = 'invalid_authorization_specification'; end if;
  select n.* into f from oauth_family n where n.id = k.family_id;
  select n.* into p from oauth_client o join tenant n on n.id = o.tenant_id where o.id = f.client_id;
  if code is not null then
    t := tenant_open(code);
    if t.pos not between p.pos and p.pos_hi then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  end if;
  s := scope_bind(f.account_id, t, false, least(k.expires_at, now() + interval '10 minutes'));
  perform scope_sign(scope_lo(), scope_hi(), array(select x from unnest(scope_tokens()) x where x % 8 = 0 or exists(select from tenant n where n.id = x / 8 and n.pos between p.pos and p.pos_hi) order by 1),
                     coalesce(t.ancestors, '{}'), f.account_id, t.id, false, to_timestamp(current_setting('wuji.until')::bigint));
  return query select s.account_id, s.account_name, s.locale, null::uuid, s.tenant_id, code, s.tenant_name, s.root_id, s.level::int, s.ranged, s.held, s.operator, s.permissions, k.scopes,
    case when s.permissions <> '{}' then session_weak(f.account_id, f.acr, t.ancestors) end, f.auth_time, f.acr;
end $$;

-- to: wuji_app
create function wuji.enter_bearer(token_hash bytea, code text) returns table(account_id uuid, account_name text, locale text, session_id uuid, tenant_id int, tenant_code text, tenant_name text, root_id int, level int, ranged boolean, held boolean, operator boolean, permissions text[], scopes text[], weak text, auth_time timestamptz, acr text)
language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select * from token_enter(token_hash, code, null) $$;

-- to: wuji_app
create function wuji.enter_bound(token_hash bytea, code text, jkt text) returns table(account_id uuid, account_name text, locale text, session_id uuid, tenant_id int, tenant_code text, tenant_name text, root_id int, level int, ranged boolean, held boolean, operator boolean, permissions text[], scopes text[], weak text, auth_time timestamptz, acr text)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if enter_bound.jkt is null then raise exception 'no key' using errcode = 'invalid_authorization_specification'; end if;
  return query select * from token_enter(token_hash, code, jkt);
end $$;

-- What a live token says, to the program that asks about it. No row: absent, over, used or taken back.
-- to: wuji_app
create function wuji.oauth_token_find(token_hash bytea, seal bytea) returns table(kind text, token_scopes text[], issued_at timestamptz, expires_at timestamptz, client_id text, client_uuid uuid, client_tenant int, metadata jsonb, family_id uuid, account_id uuid, account_type text, login text, name text, locale text, tenant_code text, tenant_name text, session_id uuid, scopes text[], offline boolean, asked jsonb, auth_time timestamptz, acr text, amr text[], jkt text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare k oauth_token;
begin
  perform seal_demand(format('oauth_token_find|%s', encode(oauth_token_find.token_hash, 'hex')), seal);
  k := oauth_token_live(oauth_token_find.token_hash);
  return query select k.kind, k.scopes, k.issued_at, k.expires_at, o.client_id, o.id, o.tenant_id, o.metadata, g.*, k.jkt
    from oauth_family f join oauth_client o on o.id = f.client_id cross join lateral oauth_family_told(f.id) g where f.id = k.family_id;
end $$;

-- Its program wants it no more (RFC 7009): a refresh token ends with all that came of it. One of another program's, or none at all, is no error.
-- to: wuji_app
create function wuji.oauth_token_end(token_hash bytea, client uuid, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare k oauth_token;
begin
  perform seal_demand(format('oauth_token_end|%s|%s', encode(oauth_token_end.token_hash, 'hex'), client), seal);
  select o.* into k from oauth_token o join oauth_family f on f.id = o.family_id where o.token_hash = oauth_token_end.token_hash and f.client_id = client;
  if k.kind = 'refresh' then update oauth_family f set revoked_at = now() where f.id = k.family_id and f.revoked_at is null; end if;
  update oauth_token o set revoked_at = now() where o.token_hash = k.token_hash and o.revoked_at is null;
end $$;

-- A new token is bound to a key, and with `whole` all that comes of it; or stays unbound. Null: its family is bound to another key.
-- to: wuji_app
create function wuji.oauth_token_bind(token_hash bytea, jkt text, whole boolean, seal bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare f oauth_family;
begin
  perform seal_demand(format('oauth_token_bind|%s|%s', encode(oauth_token_bind.token_hash, 'hex'), jkt), seal);
  select n.* into strict f from oauth_token k join oauth_family n on n.id = k.family_id where k.token_hash = oauth_token_bind.token_hash;
  if f.jkt is not null and f.jkt is distinct from oauth_token_bind.jkt then return null; end if;
  update oauth_token k set jkt = oauth_token_bind.jkt where k.token_hash = oauth_token_bind.token_hash and oauth_token_bind.jkt is not null;
  update oauth_family n set jkt = oauth_token_bind.jkt where n.id = f.id and whole and n.jkt is null and oauth_token_bind.jkt is not null;
  return f.id;
end $$;

-- What was made as one token is given out as another, which says more (RFC 9068).
-- to: wuji_app
create function wuji.oauth_token_become(token_hash bytea, becomes bytea, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_token_become|%s|%s', encode(oauth_token_become.token_hash, 'hex'), encode(becomes, 'hex')), seal);
  update oauth_token k set token_hash = becomes where k.token_hash = oauth_token_become.token_hash and k.issued_at = now();
end $$;
