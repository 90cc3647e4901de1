-- Account recovery: two officials who may each reset the account's password, and the person, who can stop them.

-- The first one asks, for somebody whom a one-time link alone would not help. What waited too long makes room.
-- to: wuji_app
create function wuji.recovery_ask(acc uuid, reason text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; r uuid := new_id();
begin
  t := account_demand('identity.account.reset', acc);
  if t.id is null then raise exception 'by officials of the place' using errcode = 'insufficient_privilege', constraint = 'account_officials'; end if;
  perform from account a where a.id = acc for no key update;
  if not exists(select from factor f where f.account_id = acc and f.confirmed_at is not null) then
    raise exception 'a link is enough' using errcode = 'check_violation', constraint = 'recovery_needless';
  end if;
  update account_recovery o set ended_at = now(), ended_by = account_system() where o.account_id = acc and o.agreed_at is null and o.ended_at is null and o.expires_at <= now();
  if exists(select from account_recovery o where o.account_id = acc and o.agreed_at is null and o.ended_at is null) then
    raise exception 'one waits' using errcode = 'check_violation', constraint = 'recovery_waits';
  end if;
  insert into account_recovery(id, tenant_id, account_id, account_name, asked_by, reason, expires_at)
  select r, t.id, acc, a.name, scope_account(), recovery_ask.reason, now() + interval '3 days' from account a where a.id = acc;
  perform journal_add('identity.recovery.ask', 'account', acc::text, t.id, scope_account(), '{}', null, recovery_ask.reason);
  return r;
end $$;

-- One that still waits, locked. Absent, out of sight, over: one answer.
-- to:
create function wuji.recovery_hold(id uuid) returns account_recovery language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r account_recovery; t tenant;
begin
  select * into r from account_recovery o where o.id = recovery_hold.id and o.agreed_at is null and o.ended_at is null and o.expires_at > now() for update;
  select * into t from tenant n where n.id = r.tenant_id;
  if r.id is null or (r.account_id is not distinct from scope_account() or in_sight(t)) is not true then raise exception 'no such recovery' using errcode = 'no_data_found'; end if;
  return r;
end $$;

-- The second one agrees: second steps and sessions end, and a link that sets a new password comes to be. The first one must still be somebody
-- who may ask: a right that was taken meanwhile counts for nothing.
-- to: wuji_app
create function wuji.recovery_agree(id uuid, token_hash bytea, expires_at timestamptz, seal bytea) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r account_recovery; t tenant; place tenant;
begin
  perform seal_demand(format('recovery_agree|%s|%s', recovery_agree.id, encode(token_hash, 'hex')), seal);
  r := recovery_hold(recovery_agree.id);
  t := account_demand('identity.account.reset', r.account_id);
  select * into place from tenant n where n.id = r.tenant_id;
  if r.asked_by = scope_account() then raise exception 'another one' using errcode = 'check_violation', constraint = 'recovery_second'; end if;
  if not exists(select from grants_live(r.asked_by) l join account a on a.id = r.asked_by and a.state = 'active'
                 where l.tenant_id = any(place.ancestors) and 'identity.account.reset' = any(l.permissions)
                   and duty_counts('identity.account.reset', l.role, r.asked_by, place)) then
    raise exception 'the asker may no more' using errcode = 'check_violation', constraint = 'recovery_asker';
  end if;
  update account_recovery o set agreed_by = scope_account(), agreed_at = now() where o.id = r.id;
  delete from factor f where f.account_id = r.account_id;
  delete from recovery_code c where c.account_id = r.account_id;
  update account_session s set revoked_at = now() where s.account_id = r.account_id and s.revoked_at is null;
  update one_time_link l set expires_at = now() where l.account_id = r.account_id and l.used_at is null and l.expires_at > now();
  insert into one_time_link(token_hash, account_id, purpose, made_by, expires_at)
  values (recovery_agree.token_hash, r.account_id, 'lost_password', scope_account(), recovery_agree.expires_at);
  perform journal_add('identity.recovery.agree', 'account', r.account_id::text, t.id, scope_account(), '{}', null, r.reason);
end $$;

-- An official of the place ends it, or the person themselves, who knows that they lost nothing.
-- to: wuji_app
create function wuji.recovery_end(id uuid, reason text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r account_recovery;
begin
  r := recovery_hold(recovery_end.id);
  if r.account_id is distinct from scope_account() then perform account_demand('identity.account.reset', r.account_id); end if;
  update account_recovery o set ended_by = scope_account(), ended_at = now() where o.id = r.id;
  perform journal_add('identity.recovery.end', 'account', r.account_id::text, r.tenant_id, scope_account(), '{}', null, recovery_end.reason);
end $$;
