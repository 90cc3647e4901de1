-- Addresses: what makes one usable is written here and nowhere else, and only where the program itself asks.

-- A code goes to an address whose holder has not proven that they read it. A minute lies between two codes. Returns the seconds to wait, 0: done.
-- to:
create function wuji.address_send_code(address_id uuid) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at timestamptz; seconds int;
begin
  select ceil(extract(epoch from a.code_at + interval '1 minute' - now())) into seconds from address a where a.id = address_id for update;
  if seconds > 0 then return seconds; end if;
  update address a set code_at = now() where a.id = address_id returning code_at into at;
  perform job_make('inbox.verify', jsonb_build_object('address_id', address_id, 'code_at', at), null, keep => false);
  return 0;
end $$;

-- Of the acting account; ten at most. The code follows in a job.
-- to: wuji_app
create function wuji.address_add(channel text, address bytea, secret bytea, digest bytea, seal bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a uuid := new_id();
begin
  perform seal_demand(format('address_add|%s|%s|%s', scope_account(), channel, encode(digest, 'hex')), seal);
  if scope_ok() is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  perform from account o where o.id = scope_account() for no key update;
  if (select count(*) from address o where o.account_id = scope_account()) >= 10 then
    raise exception 'enough addresses' using errcode = 'check_violation', constraint = 'address_enough';
  end if;
  insert into address(id, account_id, channel, address, secret, digest) values (a, scope_account(), address_add.channel, address_add.address, address_add.secret, address_add.digest);
  perform address_send_code(a);
  perform journal_add('inbox.address.add', 'address', a::text, null, scope_account(), '{}', null, '');
  return a;
end $$;

-- One more code for an address of the acting account; null: it has no such one.
-- to: wuji_app
create function wuji.address_code(address_id uuid, seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('address_code|%s', address_id), seal);
  if (scope_ok() and exists(select from address a where a.id = address_id and a.account_id = scope_account())) is not true then return null; end if;
  return address_send_code(address_id);
end $$;

-- The program has seen the code that it sent at `code_at`. False: another one was sent since.
-- to: wuji_app
create function wuji.address_verify(address_id uuid, code_at timestamptz, seal bytea) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('address_verify|%s|%s', address_id, floor(extract(epoch from code_at))), seal);
  update address a set verified_at = now(), code_at = null, refused_at = null, fault = ''
   where scope_ok() and a.id = address_id and a.account_id = scope_account() and a.code_at = address_verify.code_at and a.code_at > now() - interval '30 minutes';
  if not found then return false; end if;
  perform journal_add('inbox.address.verify', 'address', address_id::text, null, scope_account(), '{verified_at}', null, '');
  return true;
end $$;

-- What a letter offers to whoever holds it: no more of this topic to this address; without a topic, no more digests there. The program has
-- seen that the letter is ours. False: the address is gone.
-- to: wuji_app
create function wuji.unsubscribe(address_id uuid, topic text, seal bytea) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a address; kept subscription; one text;
begin
  perform seal_demand(format('unsubscribe|%s|%s', address_id, topic), seal);
  select * into a from address o where o.id = address_id;
  if a.id is null then return false; end if;
  insert into subscription(account_id) values (a.account_id) on conflict do nothing;
  select * into kept from subscription s where s.account_id = a.account_id for update;
  for one in select t.name from topic t where t.name = unsubscribe.topic or unsubscribe.topic is null and timing_of(kept.choices, t.name, a.channel) = 'digest' loop
    kept.choices := kept.choices || jsonb_build_object(one, coalesce(kept.choices -> one, '{}') || jsonb_build_object(a.channel, 'off'));
  end loop;
  update subscription s set choices = kept.choices where s.account_id = a.account_id and s.choices <> kept.choices;
  return true;
end $$;

-- An address that nobody proved goes; one whose new code was not used stays as it was. Returns how many went.
-- to:
create function wuji.address_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare gone bigint;
begin
  delete from address a where a.code_at < before and a.verified_at is null;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- An address that somebody has proven to read by that channel, the first of several. No row: none.
-- to: wuji_app
create function wuji.address_proven(account_id uuid, channel text, seal bytea) returns table(address bytea)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('address_proven|%s|%s', address_proven.account_id, channel), seal);
  return query select a.address from address a where a.account_id = address_proven.account_id and a.channel = address_proven.channel
                  and a.verified_at is not null and a.refused_at is null order by a.verified_at, a.id limit 1;
end $$;
