-- Invitations: whoever has the token takes a role, in the name of whoever gave it, for as long as the giver could give it now.

-- Until when an account that is not acting may give a role at t ('infinity': no end); null: it may not. What role_give asks of whoever acts.
-- Locked as in giver_of: a right that is taken at this moment is either seen as taken, or its holder's gifts are seen by whoever takes it.
-- to:
create function wuji.inviter_until(acc uuid, wanted role, t tenant) returns timestamptz language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare held text[]; ranged boolean; highest int; until timestamptz := 'infinity'; carries boolean := wanted.reach = 'subtree' or cardinality(wanted.permissions) > 0;
begin
  perform from role_grant g where g.account_id = acc and g.revoked_at is null order by g.id for share;
  if account_is_system(acc) then return until; end if;
  if not exists(select from account a where a.id = acc and a.state = 'active') then return null; end if;
  select array(select distinct p from grants_live(acc) l, unnest(l.permissions) p where l.tenant_id = any(t.ancestors) and duty_counts(p, l.role, acc, t)),
         bool_or(l.reach = 'subtree'), max(l.class) into held, ranged, highest from grants_live(acc) l where l.tenant_id = any(t.ancestors);
  if (ranged and array['onboarding.invitation.make', case when carries then 'identity.grant.give' else 'identity.account.add' end]
      || case when policy_strict(t.ancestors) then '{}' else wanted.permissions end <@ held) is not true then
    return null;
  end if;
  if carries then
    select max(coalesce(l.expires_at, 'infinity')), max(l.class) into until, highest from grants_live(acc) l
     where l.tenant_id = any(t.ancestors) and 'identity.grant.give' = any(l.permissions);
  end if;
  return case when wanted.class <= highest then until end;
end $$;

-- At the acting tenant. Checked now, so that nobody hands out what will be refused, and again whenever it is redeemed.
-- to: wuji_app
create function wuji.invitation_make(role_id int, uses int, expires_at timestamptz, token_hash bytea, seal bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; wanted role; p text; i uuid := new_id();
begin
  perform seal_demand(format('invitation_make|%s|%s', role_id, encode(token_hash, 'hex')), seal);
  select * into t from tenant n where n.id = scope_tenant();
  perform demand('onboarding.invitation.make', t);
  select * into wanted from role r where r.id = invitation_make.role_id and (r.tenant_id is null and r.name not in ('operator', 'device', 'client') or r.tenant_id = any(t.ancestors));
  if wanted.id is null then raise exception 'no such role here' using errcode = 'no_data_found', constraint = 'role'; end if;
  perform demand(case when wanted.reach = 'subtree' or cardinality(wanted.permissions) > 0 then 'identity.grant.give' else 'identity.account.add' end, t);
  if not policy_strict(t.ancestors) then
    foreach p in array wanted.permissions loop perform demand(p, t); end loop;
  end if;
  if inviter_until(scope_account(), wanted, t) is null then raise exception 'class above own' using errcode = 'insufficient_privilege', constraint = 'role_class'; end if;
  if expires_at <= now() then raise exception 'over already' using errcode = 'check_violation', constraint = 'expires_past'; end if;
  if expires_at > now() + interval '90 days' then raise exception 'too long' using errcode = 'check_violation', constraint = 'expires_long'; end if;
  insert into invitation(id, tenant_id, token_hash, role_id, given_by, uses, uses_left, expires_at)
  values (i, t.id, invitation_make.token_hash, wanted.id, scope_account(), uses, uses, invitation_make.expires_at);
  perform journal_add('onboarding.invitation.make', 'invitation', i::text, t.id, scope_account(), '{role_id,uses,expires_at}', null, '');
  return i;
end $$;

-- False: it was revoked before.
-- to: wuji_app
create function wuji.invitation_revoke(invitation_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare i invitation; t tenant;
begin
  select * into i from invitation n where n.id = invitation_id for update;
  select * into t from tenant n where n.id = i.tenant_id;
  if i.id is null or not in_sight(t) then raise exception 'no such invitation' using errcode = 'no_data_found'; end if;
  perform demand('onboarding.invitation.make', t);
  if i.revoked_at is not null then return false; end if;
  update invitation n set revoked_at = now() where n.id = i.id;
  perform journal_add('onboarding.invitation.revoke', 'invitation', i.id::text, t.id, scope_account(), '{revoked_at}', null, '');
  return true;
end $$;

-- What an invitation that can be redeemed is for. No row: absent, used up, over, revoked, or its giver may not give it any more.
-- to: wuji_app
create function wuji.invitation_find(token_hash bytea) returns table(tenant_code text, tenant_name text, role text, label text, labels jsonb, expires_at timestamptz, strict boolean)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  return query select c.code, t.name, r.name, r.label, r.labels, i.expires_at, policy_strict(t.ancestors)
    from invitation i join tenant t on t.id = i.tenant_id join role r on r.id = i.role_id join tenant_code c on c.tenant_id = t.id and c.valid_to is null
   where i.token_hash = invitation_find.token_hash and i.uses_left > 0 and i.expires_at > now() and i.revoked_at is null
     and not exists(select from tenant a where a.id = any(t.ancestors) and a.state <> 'active') and inviter_until(i.given_by, r, t) is not null;
end $$;

-- One use, for an account. The row's lock counts: of many at one moment exactly as many pass as uses are left.
-- to:
create function wuji.invitation_use(token_hash bytea, acc uuid) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare i invitation; t tenant; wanted role; who account; until timestamptz; g uuid := new_id();
begin
  update invitation n set uses_left = n.uses_left - 1
   where n.token_hash = invitation_use.token_hash and n.uses_left > 0 and n.expires_at > now() and n.revoked_at is null returning * into i;
  select * into t from tenant n where n.id = i.tenant_id;
  select * into wanted from role r where r.id = i.role_id;
  until := inviter_until(i.given_by, wanted, t);
  if i.id is null or until is null or exists(select from tenant a where a.id = any(t.ancestors) and a.state <> 'active') then
    raise exception 'invitation is over' using errcode = 'no_data_found', constraint = 'invitation_over';
  end if;
  select * into who from account a where a.id = acc and a.type = 'person' and a.state = 'active' for no key update;
  if who.id is null then raise exception 'no live account' using errcode = 'invalid_authorization_specification'; end if;
  if who.id = i.given_by then raise exception 'not the own one' using errcode = 'check_violation', constraint = 'invitation_own'; end if;
  if exists(select from role_grant o where o.account_id = who.id and o.role_id = wanted.id and o.tenant_id = t.id
              and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())) then
    raise exception 'holds this role here already' using errcode = 'unique_violation', constraint = 'invitation_held';
  end if;
  perform duties_demand(who.id, wanted, t);
  insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by, expires_at)
  values (g, t.id, who.id, who.name, wanted.id, i.given_by, nullif(until, 'infinity'));
  perform link_narrow(who.id, t);
  perform journal_add('onboarding.invitation.redeem', 'role_grant', g::text, t.id, who.id, '{}', null, '');
  return g;
end $$;

-- By the acting account.
-- to: wuji_app
create function wuji.invitation_redeem(token_hash bytea, seal bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('invitation_redeem|%s|%s', encode(token_hash, 'hex'), scope_account()), seal);
  if scope_ok() is not true then raise exception 'no scope' using errcode = 'insufficient_privilege'; end if;
  return invitation_use(token_hash, scope_account());
end $$;

-- By somebody who has no account yet: it is made together with the role, or not at all.
-- to: wuji_app
create function wuji.invitation_join(token_hash bytea, login text, name text, name_key text, locale text, secret text, seal bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a uuid := new_id(); g uuid;
begin
  perform seal_demand(format('invitation_join|%s|%s|%s', encode(token_hash, 'hex'), login, secret), seal);
  insert into account(id, login, name, name_key, locale) values (a, login, name, name_key, locale);
  perform password_put(a, secret);
  g := invitation_use(token_hash, a);
  perform journal_add('identity.account.add', 'account', a::text, (select o.tenant_id from role_grant o where o.id = g), a, '{}', null, '');
  return g;
end $$;
