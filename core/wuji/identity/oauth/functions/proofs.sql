-- What counts once: proofs of keys, assertions of programs, requests that were pushed.

-- Whether a proof comes for the first time. Of many at one moment one does.
-- to: wuji_app
create function wuji.oauth_proof_use(digest bytea, seconds int, seal bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_proof_use|%s', encode(oauth_proof_use.digest, 'hex')), seal);
  insert into oauth_proof(digest, expires_at) values (digest, now() + make_interval(secs => seconds)) on conflict do nothing;
  return found;
end $$;

-- to: wuji_app
create function wuji.oauth_push(request_hash bytea, client uuid, params jsonb, seconds int, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_push|%s|%s', encode(oauth_push.request_hash, 'hex'), client), seal);
  insert into oauth_pushed(request_hash, client_id, params, expires_at) values (request_hash, client, oauth_push.params, now() + make_interval(secs => seconds));
end $$;

-- The request that was pushed under that name, once. No row: used, over, or another program's.
-- to: wuji_app
create function wuji.oauth_pushed_take(request_hash bytea, client text, seal bytea) returns table(params jsonb)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('oauth_pushed_take|%s|%s', encode(oauth_pushed_take.request_hash, 'hex'), client), seal);
  return query delete from oauth_pushed p using oauth_client o
    where p.request_hash = oauth_pushed_take.request_hash and o.id = p.client_id and o.client_id = client and p.expires_at > now() returning p.params;
end $$;
