-- Keys that tokens are signed with. The private ones are sealed by the program: the database cannot read them.

-- to: wuji_app
create function wuji.oauth_keys(seal bytea) returns table(kid text, alg text, generation int, public jsonb, private bytea, published_at timestamptz, signs_from timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand('oauth_keys', seal);
  return query select k.kid, k.alg, k.generation, k.public, k.private, k.published_at, k.signs_from from oauth_key k order by k.alg, k.generation;
end $$;

-- The key of that generation. False: another process was faster, and its key is the one.
-- to: wuji_app
create function wuji.oauth_key_add(kid text, alg text, generation int, public jsonb, private bytea, signs_from timestamptz, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_key_add|%s|%s|%s', kid, alg, generation), seal);
  insert into oauth_key(kid, alg, generation, public, private, signs_from) values (kid, alg, generation, public, private, signs_from) on conflict do nothing;
  if not found then return false; end if;
  perform journal_add('identity.oauth_key.add', 'oauth_key', kid, null, coalesce(scope_account(), account_system()), '{}', null, '');
  return true;
end $$;

-- What no copy of a token can need any more.
-- to: wuji_app
create function wuji.oauth_key_drop(kids text[], seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n int;
begin
  perform seal_demand(format('oauth_key_drop|%s', array_to_string(kids, ',')), seal);
  delete from oauth_key k where k.kid = any(kids);
  get diagnostics n = row_count;
  return n;
end $$;
