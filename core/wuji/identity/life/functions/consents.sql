-- What people agreed to: written with what they agreed to it for, never changed but ended.

-- To another edition of the same purpose the older agreement ends.
-- to:
create function wuji.consent_put(acc uuid, purpose text, edition int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform from account a where a.id = acc for no key update;
  update consent c set withdrawn_at = now() where c.account_id = acc and c.purpose = consent_put.purpose and c.edition <> consent_put.edition and c.withdrawn_at is null;
  if exists(select from consent c where c.account_id = acc and c.purpose = consent_put.purpose and c.withdrawn_at is null) then return; end if;
  insert into consent(account_id, purpose, edition) values (acc, consent_put.purpose, consent_put.edition);
  perform journal_add('identity.consent.give', 'account', acc::text, null, acc, '{}', null, '');
end $$;

-- By the acting account.
-- to: wuji_app
create function wuji.consent_give(purpose text, edition int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_account() is not null) is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  perform consent_put(scope_account(), consent_give.purpose, consent_give.edition);
end $$;
