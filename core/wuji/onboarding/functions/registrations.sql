-- Residents who bring themselves, where their place lets them: at once, or after somebody of the place has looked.

-- How a place takes them: off, review, open.
-- to:
create function wuji.registration_mode(t tenant) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(setting_word('onboarding.registration', t.ancestors, '{off,review,open}'), 'off') $$;

-- What somebody who wants to register at the acting place is told first. `standing`: what the acting account is there already.
-- to: wuji_app
create function wuji.registration_terms() returns table(mode text, strict boolean, standing text) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select registration_mode(t), policy_strict(t.ancestors),
          case when exists(select from grants_live(scope_account()) l where l.tenant_id = t.id) then 'held'
               when exists(select from registration r where r.account_id = scope_account() and r.tenant_id = t.id and r.state = 'open') then 'open' end
     from tenant t where scope_ok() and t.id = scope_tenant() $$;

-- To one place 200 a day that still wait, so that reviewers who answer make room. The place's row of counts is the lock.
-- to:
create function wuji.registration_wait(place int) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at_place bytea := sha256(convert_to(format('registration|%s', place), 'UTF8'));
begin
  insert into login_attempt(key, failures, until) values (at_place, 0, now()) on conflict do nothing;
  perform from login_attempt l where l.key = at_place for update;
  return coalesce((select ceil(extract(epoch from min(r.submitted_at) + interval '1 day' - now())) from registration r
                    where r.tenant_id = place and r.state = 'open' and r.submitted_at > now() - interval '1 day' having count(*) >= 200), 0);
end $$;

-- The account asks at the acting place. What it is then: accepted or open; or the seconds to wait.
-- to:
create function wuji.registration_take(acc uuid, note text) returns table(state text, seconds int) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; who account; mode text; g uuid := new_id(); r uuid := new_id();
begin
  select * into t from tenant n where n.id = scope_tenant();
  mode := registration_mode(t);
  if mode = 'off' then raise exception 'nobody new' using errcode = 'check_violation', constraint = 'registration_off'; end if;
  select * into strict who from account a where a.id = acc and a.type = 'person' and a.state = 'active' for no key update;
  if exists(select from role_grant o where o.account_id = acc and o.tenant_id = t.id and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())) then
    raise exception 'is there already' using errcode = 'check_violation', constraint = 'registration_held';
  end if;
  if exists(select from registration o where o.account_id = acc and o.tenant_id = t.id and o.state = 'open') then
    raise exception 'waits already' using errcode = 'check_violation', constraint = 'registration_waits';
  end if;
  state := case mode when 'open' then 'accepted' else 'open' end; seconds := 0;
  if mode = 'open' then
    insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by)
    select g, t.id, acc, who.name, o.id, account_system() from role o where o.tenant_id is null and o.name = 'resident';
    perform link_narrow(acc, t);
    perform journal_add('onboarding.registration.admit', 'role_grant', g::text, t.id, acc, '{}', null, '');
  else
    seconds := registration_wait(t.id);
    if seconds = 0 then
      insert into registration(id, tenant_id, account_id, account_name, note) values (r, t.id, acc, who.name, registration_take.note);
      perform journal_add('onboarding.registration.submit', 'registration', r::text, t.id, acc, '{}', null, '');
    end if;
  end if;
  return next;
end $$;

-- By the acting account.
-- to: wuji_app
create function wuji.registration_ask(note text, edition int, seal bytea) returns table(state text, seconds int) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('registration_ask|%s|%s|%s', scope_account(), scope_tenant(), edition), seal);
  if scope_ok() is not true then raise exception 'no scope' using errcode = 'insufficient_privilege'; end if;
  if edition is not null then perform consent_put(scope_account(), 'account', edition); end if;
  return query select * from registration_take(scope_account(), registration_ask.note);
end $$;

-- By somebody who has no account yet: it is made together with the question, or not at all. From one address 60 an hour.
-- to: wuji_app
create function wuji.registration_join(login text, name text, name_key text, locale text, secret text, note text, edition int, address bytea, seal bytea) returns table(state text, seconds int)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a uuid := new_id();
begin
  perform seal_demand(format('registration_join|%s|%s|%s|%s|%s', scope_tenant(), login, secret, edition, encode(address, 'hex')), seal);
  if (scope_ok() and scope_account() is null) is not true then raise exception 'no scope' using errcode = 'insufficient_privilege'; end if;
  seconds := hourly_wait(address, 60);
  if seconds > 0 then return next; return; end if;
  insert into account(id, login, name, name_key, locale) values (a, registration_join.login, registration_join.name, registration_join.name_key, registration_join.locale);
  perform password_put(a, secret);
  perform journal_add('identity.account.add', 'account', a::text, scope_tenant(), a, '{}', null, '');
  perform consent_put(a, 'account', edition);
  return query select * from registration_take(a, registration_join.note);
end $$;

-- Those of the acting account, whatever became of them.
-- to: wuji_app
create function wuji.registrations_mine() returns table(id uuid, tenant_code text, tenant_name text, note text, state text, submitted_at timestamptz, decided_at timestamptz, reason text)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select r.id, c.code, t.name, r.note, r.state, r.submitted_at, r.decided_at, r.reason
     from registration r join tenant t on t.id = r.tenant_id left join tenant_code c on c.tenant_id = t.id and c.valid_to is null
    where scope_ok() and r.account_id = scope_account() order by r.submitted_at desc, r.id desc limit 50 $$;

-- False: nothing of the acting account's waits there.
-- to: wuji_app
create function wuji.registration_withdraw(id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r registration;
begin
  update registration o set state = 'withdrawn', decided_at = now()
   where scope_ok() and o.id = registration_withdraw.id and o.account_id = scope_account() and o.state = 'open' returning * into r;
  if r.id is null then return false; end if;
  perform journal_add('onboarding.registration.withdraw', 'registration', r.id::text, r.tenant_id, scope_account(), '{state}', null, '');
  return true;
end $$;

-- Accepting is giving the role of a resident, so the reviewer needs what role_give asks. False: it was decided already.
-- to: wuji_app
create function wuji.registration_review(id uuid, accept boolean, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r registration; t tenant; who account;
begin
  select * into r from registration o where o.id = registration_review.id for update;
  select * into t from tenant n where n.id = r.tenant_id;
  if r.id is null or not in_sight(t) then raise exception 'no such registration' using errcode = 'no_data_found'; end if;
  perform demand('onboarding.registration.review', t);
  if r.account_id = scope_account() then raise exception 'not the own one' using errcode = 'insufficient_privilege', constraint = 'registration_own'; end if;
  if r.state <> 'open' then return false; end if;
  select * into who from account a where a.id = r.account_id;
  if accept and not exists(select from role_grant g join role o on o.id = g.role_id and o.tenant_id is null and o.name = 'resident' where g.account_id = r.account_id
                              and g.tenant_id = t.id and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())) then
    perform from role_give(who.login, (select o.id from role o where o.tenant_id is null and o.name = 'resident'), t.id, null, '');
  end if;
  update registration o set state = case when accept then 'accepted' else 'rejected' end, decided_at = now(), reviewed_by = scope_account(), reason = registration_review.reason
   where o.id = r.id;
  perform journal_add('onboarding.registration.' || case when accept then 'accept' else 'reject' end, 'registration', r.id::text, t.id, scope_account(), '{state}', null, reason);
  return true;
end $$;

-- What nobody has answered ends by the rule of retention. Returns how many.
-- to:
create function wuji.registration_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r registration; ended bigint := 0;
begin
  for r in update registration o set state = 'withdrawn', decided_at = now() where o.state = 'open' and o.submitted_at < before returning * loop
    perform journal_add('onboarding.registration.lapse', 'registration', r.id::text, r.tenant_id, account_system(), '{state}', null, '');
    ended := ended + 1;
  end loop;
  return ended;
end $$;
