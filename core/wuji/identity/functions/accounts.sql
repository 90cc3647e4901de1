-- Accounts and their one-time links: what a door reads of them is written here and nowhere else.

-- A person's account belongs to nobody; whoever may add people at the acting tenant (or the operator) may make one.
-- to: wuji_app
create function wuji.account_add(login text, name text, name_key text, locale text, reason text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; a uuid := new_id();
begin
  select * into t from tenant where id = scope_tenant();
  perform demand('identity.account.add', t);
  insert into account(id, login, name, name_key, locale) values (a, login, name, name_key, locale);
  perform journal_add('identity.account.add', 'account', a::text, t.id, scope_account(), '{}', null, reason);
  return a;
end $$;

-- Officials read a person's name in role_grant; it follows the account's own.
-- to: wuji_app
create function wuji.account_name_follow() returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update role_grant g set account_name = a.name from account a
    where scope_ok() and a.id = scope_account() and g.account_id = a.id and g.account_name <> a.name $$;

-- Whose login it is, for the operator alone. Null: nobody's.
-- to: wuji_app
create function wuji.account_find(login text) returns uuid language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  perform demand('identity.account.reset', none);
  return (select a.id from account a where a.login = account_find.login and a.type = 'person' and a.state <> 'closed');
end $$;

-- May the actor act upon this account? Only if everything it holds lies where the actor holds the permission: otherwise a village clerk
-- could take over a city official who also lives in the village. The operator helps heads of roots, operators, and people who hold nothing;
-- everybody else has officials of their own, and whoever could reset them could read as them.
-- to:
create function wuji.account_demand(permission text, acc uuid) returns tenant language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; none tenant;
begin
  if acc = scope_account() then raise exception 'not upon oneself' using errcode = 'insufficient_privilege', constraint = 'account_self'; end if;
  -- out of sight is out of the world: whoever holds nothing in the actor's range answers as if there were no such account
  if (scope_ok() and exists(select from account a where a.id = acc and a.type = 'person' and a.state <> 'closed') and (scope_operator() or exists(
        select from role_grant g join tenant n on n.id = g.tenant_id where g.account_id = acc and g.revoked_at is null
           and (g.expires_at is null or g.expires_at > now()) and n.pos between scope_lo() and scope_hi()))) is not true then
    raise exception 'no such account' using errcode = 'no_data_found';
  end if;
  if scope_operator() is true then
    perform demand(permission, none);
    if not account_is_system(scope_account()) and exists(select from role_grant g join tenant n on n.id = g.tenant_id join role r on r.id = g.role_id
         where g.account_id = acc and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
           and (n.parent_id is not null and (r.reach = 'subtree' or cardinality(r.permissions) > 0)
                or not exists(select from role_grant o left join tenant m on m.id = o.tenant_id where o.account_id = acc and o.revoked_at is null
                                 and (o.expires_at is null or o.expires_at > now()) and m.parent_id is null))) then
      raise exception 'has officials of their own' using errcode = 'insufficient_privilege', constraint = 'account_officials';
    end if;
    return none;
  end if;
  select * into t from tenant where id = scope_tenant();
  perform demand(permission, t);
  if (select bool_and(coalesce(may(permission, n), false)) from role_grant g left join tenant n on n.id = g.tenant_id
       where g.account_id = acc and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())) is not true then
    raise exception 'holds roles elsewhere' using errcode = 'insufficient_privilege', constraint = 'account_elsewhere';
  end if;
  return t;
end $$;

-- A link that sets a password once. The token is made by the program and shown once; the row keeps its sha256. Whoever may add people
-- makes the link of an account that this very transaction made; for every other one the right to reset is asked.
-- to: wuji_app
create function wuji.link_make(acc uuid, token_hash bytea, expires_at timestamptz, reason text, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; lost boolean := exists(select from credential c where c.account_id = acc);
begin
  perform seal_demand(format('link_make|%s|%s', acc, encode(token_hash, 'hex')), seal);
  t := account_demand(case when exists(select from account a where a.id = acc and a.created_at = now()) then 'identity.account.add' else 'identity.account.reset' end, acc);
  perform from account a where a.id = acc for no key update;
  -- only the newest link works; used_at stays null, or the person would be told of a reset that never was
  update one_time_link l set expires_at = now() where l.account_id = acc and used_at is null and l.expires_at > now();
  insert into one_time_link(token_hash, account_id, purpose, made_by, expires_at)
  values (token_hash, acc, case when lost then 'lost_password' else 'first_password' end, scope_account(), expires_at);
  perform journal_add('identity.link.make', 'account', acc::text, t.id, scope_account(), '{}', null, reason);
end $$;

-- The account comes to hold something at t: links of those who could not reset that would lead into it, so they end.
-- to:
create function wuji.link_narrow(acc uuid, t tenant) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update one_time_link l set expires_at = now()
    where l.account_id = acc and l.used_at is null and l.expires_at > now() and not account_is_system(l.made_by) and not operator_is(l.made_by)
      and not exists(select from grants_live(l.made_by) m where m.tenant_id = any(t.ancestors) and 'identity.account.reset' = any(m.permissions)) $$;

-- Whom a live link is for. No row: absent, used or over.
-- to: wuji_app
create function wuji.link_find(token_hash bytea) returns table(login text, name text, purpose text, strict boolean)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.login, a.name, l.purpose, account_strict(a.id) from one_time_link l join account a on a.id = l.account_id
    where l.token_hash = link_find.token_hash and used_at is null and expires_at > now() and a.state = 'active' $$;

-- Spends the link: sets the password, ends every session of the account. Null: absent, used or over.
-- to: wuji_app
create function wuji.link_redeem(token_hash bytea, secret text, seal bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare acc uuid;
begin
  perform seal_demand(format('link_redeem|%s|%s', encode(token_hash, 'hex'), secret), seal);
  update one_time_link l set used_at = now() from account a
   where l.token_hash = link_redeem.token_hash and used_at is null and expires_at > now() and a.id = l.account_id and a.state = 'active' returning l.account_id into acc;
  if acc is null then return null; end if;
  perform password_put(acc, secret);
  update account_session s set revoked_at = now() where s.account_id = acc and revoked_at is null;
  perform journal_add('identity.link.redeem', 'account', acc::text, null, acc, '{}', null, '');
  return acc;
end $$;

-- Who had the acting account's password reset, and when, since the login before this one and for 30 days at least: whoever misused a link
-- would have logged in first, and must not have the only notice.
-- to: wuji_app
create function wuji.link_notices(present uuid) returns table(at timestamptz, made_by_name text)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select l.used_at, m.name from one_time_link l join account m on m.id = l.made_by
    where scope_ok() and l.account_id = scope_account() and l.purpose = 'lost_password'
      and l.used_at > least(now() - interval '30 days', (select max(s.auth_time) from account_session s where s.account_id = scope_account() and s.id <> present))
    order by 1 desc limit 10 $$;

-- The state of somebody whom the actor may suspend, and the version to name in If-Match.
-- to: wuji_app
create function wuji.account_state(acc uuid) returns table(state text, version int) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform account_demand('identity.account.suspend', acc);
  return query select a.state, a.version from account a where a.id = acc;
end $$;

-- What a list of grants says of a holder: their account's state; null of whoever holds nothing in the asker's range (or among the operators) now.
-- to: wuji_app
create function wuji.account_standing(acc uuid) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.state from account a
    where scope_ok() and a.id = acc and exists(select from role_grant g where g.account_id = acc and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
       and (g.pos between scope_lo() and scope_hi() or scope_operator() and g.tenant_id is null)) $$;

-- The suspended ones among them: few, so that a list can look for them first.
-- to: wuji_app
create function wuji.accounts_suspended() returns setof uuid language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.id from account a where a.state = 'suspended' and account_standing(a.id) = 'suspended' $$;

-- Suspending an account ends its sessions in the same transaction. Returns the version after; null: `version` is not the present one (null = any).
-- to: wuji_app
create function wuji.account_state_set(acc uuid, state text, version int, reason text, seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; was account;
begin
  perform seal_demand(format('account_state_set|%s|%s', acc, state), seal);
  t := account_demand('identity.account.suspend', acc);
  select * into was from account a where a.id = acc for no key update;
  if was.version <> account_state_set.version then return null; end if;
  if was.state = account_state_set.state then return was.version; end if;
  update account a set state = account_state_set.state where a.id = acc;
  if state = 'suspended' then update account_session s set revoked_at = now() where s.account_id = acc and revoked_at is null; end if;
  perform journal_add('identity.account.' || case state when 'active' then 'restore' else 'suspend' end, 'account', acc::text, t.id, scope_account(), '{state}', null, reason);
  return was.version + 1;
end $$;
