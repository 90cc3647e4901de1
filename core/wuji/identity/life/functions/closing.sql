-- The end of an account: asked for by its person, carried out after a time of reflection, taken back until then (PIPL 15, 47).

-- Every table of people's own rows, of plugins too: kind account, with the account in `account_id`. What was agreed to stays as evidence.
-- to:
create function wuji.account_tables() returns setof regclass language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and obj_description(c.oid, 'pg_class') = 'kind=account' and c.oid <> 'wuji.consent'::regclass order by c.oid $$;

-- Whoever holds a role that carries rights, or answers for the deployment, hands that over first.
-- to:
create function wuji.account_official(acc uuid) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from role_grant g join role r on r.id = g.role_id where g.account_id = acc and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
     and (r.reach = 'subtree' or cardinality(r.permissions) > 0)) $$;

-- Nobody can be the account any more, and nothing of its own is left. Its login is free again, or for a while leads to another account.
-- to:
create function wuji.account_end(acc uuid, into_account uuid) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n regclass; g role_grant;
begin
  perform from account a where a.id = acc for update;
  for g in update role_grant r set revoked_at = now(), revoked_by = coalesce(scope_account(), account_system()) where r.account_id = acc and r.revoked_at is null returning * loop
    perform journal_add('identity.grant.take', 'role_grant', g.id::text, g.tenant_id, coalesce(scope_account(), account_system()), '{revoked_at}', null, '');
  end loop;
  update account_recovery o set ended_by = account_system(), ended_at = now() where o.account_id = acc and o.agreed_at is null and o.ended_at is null;
  update account_session s set revoked_at = now() where s.account_id = acc and s.revoked_at is null;
  update oauth_family f set revoked_at = now() where f.account_id = acc and f.revoked_at is null;
  update consent c set withdrawn_at = now() where c.account_id = acc and c.withdrawn_at is null;
  delete from registration r where r.account_id = acc;
  delete from one_time_link l where l.account_id = acc;
  delete from merge_code m where m.account_id = acc;
  delete from login_state s where s.account_id = acc;
  delete from recovery_code c where c.account_id = acc;
  delete from factor f where f.account_id = acc;
  delete from credential c where c.account_id = acc;
  for n in select account_tables() loop execute format('delete from %s where account_id = $1', n) using acc; end loop;
  update account a set state = 'closed', closed_at = now(), merged_into = into_account, name = '—', name_key = '', login = case when into_account is null then 'closed-' || acc else a.login end
   where a.id = acc;
end $$;

-- By the acting account, which says its own login: every other session ends. Asked again, the time does not begin anew.
-- to: wuji_app
create function wuji.closure_ask(login text, present uuid, seal bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare who account;
begin
  perform seal_demand(format('closure_ask|%s|%s', scope_account(), present), seal);
  select * into who from account a where scope_ok() and a.id = scope_account() and a.type = 'person' for no key update;
  if who.id is null then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  if who.login <> closure_ask.login then raise exception 'another login' using errcode = 'check_violation', constraint = 'closure_login'; end if;
  if account_official(who.id) then raise exception 'hand over first' using errcode = 'check_violation', constraint = 'closure_official'; end if;
  if exists(select from account_closure c where c.account_id = who.id) then return; end if;
  insert into account_closure(account_id) values (who.id);
  update account_session s set revoked_at = now() where s.account_id = who.id and s.revoked_at is null and s.id is distinct from present;
  perform journal_add('identity.closure.ask', 'account', who.id::text, null, who.id, '{}', null, '');
end $$;

-- False: there was nothing to take back.
-- to: wuji_app
create function wuji.closure_end() returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  delete from account_closure c where scope_ok() and c.account_id = scope_account();
  if not found then return false; end if;
  perform journal_add('identity.closure.end', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
  return true;
end $$;

-- What was asked for before that time is carried out, by the rule of retention. Whoever was given an office meanwhile keeps the account. Of the
-- person's name nothing is left but where others wrote it: the journal knows the account by its id alone. Returns how many.
-- to:
create function wuji.account_erase(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare acc uuid; ended bigint := 0;
begin
  for acc in delete from account_closure c where c.asked_at < before returning c.account_id loop
    if account_official(acc) then
      perform journal_add('identity.closure.end', 'account', acc::text, null, account_system(), '{}', null, '');
      continue;
    end if;
    perform account_end(acc, null);
    update role_grant g set account_name = '—' where g.account_id = acc;
    update account_recovery r set account_name = '—' where r.account_id = acc;
    perform journal_add('identity.account.close', 'account', acc::text, null, account_system(), '{}', null, '');
    ended := ended + 1;
  end loop;
  return ended;
end $$;
