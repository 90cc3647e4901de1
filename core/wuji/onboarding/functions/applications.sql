-- Organisations that want to join: anybody asks, with a token to come back with; the tenant that was asked answers.

-- How many seconds until this may happen again, `most` times an hour; 0: go on, it is counted. The counted row is the lock: of many at one
-- moment no more pass than of many in a row.
-- to:
create function wuji.hourly_wait(counted bytea, most int) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare seconds int;
begin
  insert into login_attempt(key, failures, until) values (counted, 0, now()) on conflict do nothing;
  perform from login_attempt l where l.key = counted for update;
  select ceil(extract(epoch from l.until - now())) into seconds from login_attempt l where l.key = counted and l.failures >= most and l.until > now();
  if seconds > 0 then return seconds; end if;
  update login_attempt l set failed_at = now(), failures = case when l.until > now() then l.failures + 1 else 1 end,
         until = case when l.until > now() then l.until else now() + interval '1 hour' end where l.key = counted;
  return 0;
end $$;

-- How many seconds whoever applies has to wait; 0: go on. `most` an hour of what is counted: an address that applies, an application that
-- is changed. To one parent 20 a day that still wait for their answer, so that reviewers who answer make room.
-- to:
create function wuji.application_wait(counted bytea, most int, parent int, own uuid) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at_parent bytea := sha256(convert_to(format('application|%s', parent), 'UTF8')); seconds int;
begin
  insert into login_attempt(key, failures, until) select k, 0, now() from unnest(array[counted, at_parent]) k order by k on conflict do nothing;
  perform from login_attempt where key in (counted, at_parent) order by key for update;
  select ceil(extract(epoch from min(a.submitted_at) + interval '1 day' - now())) into seconds from application a
   where a.tenant_id is not distinct from parent and a.state = 'open' and a.submitted_at > now() - interval '1 day' and a.id is distinct from own
  having count(*) >= 20;
  if seconds > 0 then return seconds; end if;
  return hourly_wait(counted, most);
end $$;

-- Without a parent it is the operator who answers. Returns the seconds to wait; 0: the application stands.
-- to: wuji_app
create function wuji.application_add(parent int, wish jsonb, token_hash bytea, address bytea, seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare seconds int; a uuid := new_id();
begin
  perform seal_demand(format('application_add|%s|%s|%s', parent, encode(token_hash, 'hex'), encode(address, 'hex')), seal);
  seconds := application_wait(address, 12, parent, null);
  if seconds > 0 then return seconds; end if;
  insert into application(id, tenant_id, name, code, level, category, wish, contact_name, contact_phone, contact_email, token_hash, submitted_at, submitted_by)
  select a, parent, w.name, w.code, w.level, w.category, w.wish, w.contact_name, w.contact_phone, w.contact_email, application_add.token_hash, now(), scope_account()
    from jsonb_to_record(application_add.wish) w(name text, code text, level int, category text, wish text, contact_name text, contact_phone text, contact_email text);
  perform journal_add('onboarding.application.submit', 'application', a::text, parent, scope_account(), '{}', null, '');
  return 0;
end $$;

-- What the holder of a token is told. link_due: the head who was named may still fetch the link that sets their password.
-- to: wuji_app
create function wuji.application_find(token_hash bytea) returns table(state text, reason text, submitted_at timestamptz, decided_at timestamptz, parent_code text, parent_name text, name text, code text, level smallint, category text, wish text, contact_name text, contact_phone text, contact_email text, tenant_code text, login text, link_due boolean)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select a.state, a.reason, a.submitted_at, a.decided_at, p.code, t.name, a.name, a.code, a.level, a.category, a.wish, a.contact_name, a.contact_phone,
            a.contact_email, m.code, h.login, h.id is not null and a.link_at is null and not exists(select from credential c where c.account_id = h.id)
       from application a left join tenant t on t.id = a.tenant_id left join tenant_code p on p.tenant_id = t.id and p.valid_to is null
       left join tenant_code m on m.tenant_id = a.made_id and m.valid_to is null
       left join account h on h.id = a.head_id and h.id is distinct from a.submitted_by
      where a.token_hash = application_find.token_hash $$;

-- An open application is changed, a rejected one asks again, ten times an hour: whoever holds its token is no stranger, so nobody else at the
-- same address waits for that. Returns the seconds to wait, 0: done; null: there is nothing to change.
-- to: wuji_app
create function wuji.application_amend(token_hash bytea, wish jsonb, seal bytea) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application; seconds int;
begin
  perform seal_demand(format('application_amend|%s', encode(token_hash, 'hex')), seal);
  select * into a from application n where n.token_hash = application_amend.token_hash and n.state in ('open', 'rejected') for update;
  if a.id is null then return null; end if;
  seconds := application_wait(sha256(convert_to(format('application|amend|%s', a.id), 'UTF8')), 10, a.tenant_id, a.id);
  if seconds > 0 then return seconds; end if;
  update application n set (name, code, level, category, wish, contact_name, contact_phone, contact_email) =
         (select w.name, w.code, w.level, w.category, w.wish, w.contact_name, w.contact_phone, w.contact_email
            from jsonb_to_record(application_amend.wish) w(name text, code text, level int, category text, wish text, contact_name text, contact_phone text, contact_email text)),
         state = 'open', submitted_at = now(), submitted_by = coalesce(scope_account(), n.submitted_by), decided_at = null, reviewed_by = null, reason = ''
   where n.id = a.id;
  perform journal_add('onboarding.application.amend', 'application', a.id::text, a.tenant_id, scope_account(), '{}', null, '');
  return 0;
end $$;

-- Whoever withdraws need not be reached any more, so how to reach them goes at once. False: there is nothing to withdraw.
-- to: wuji_app
create function wuji.application_withdraw(token_hash bytea, seal bytea) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application;
begin
  perform seal_demand(format('application_withdraw|%s', encode(token_hash, 'hex')), seal);
  update application n set state = 'withdrawn', decided_at = now(), contact_name = '', contact_phone = '', contact_email = ''
   where n.token_hash = application_withdraw.token_hash and n.state in ('open', 'rejected') returning * into a;
  if a.id is null then return false; end if;
  perform journal_add('onboarding.application.withdraw', 'application', a.id::text, a.tenant_id, scope_account(), '{state}', null, '');
  return true;
end $$;

-- What nobody has answered, and whose applicant has not come back: withdrawn by the rule of retention, as if they had done it themselves.
-- Returns how many.
-- to:
create function wuji.application_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application; ended bigint := 0;
begin
  for a in update application n set state = 'withdrawn', decided_at = now(), contact_name = '', contact_phone = '', contact_email = ''
            where n.state = 'open' and n.submitted_at < before returning * loop
    perform journal_add('onboarding.application.lapse', 'application', a.id::text, a.tenant_id, account_system(), '{state}', null, '');
    ended := ended + 1;
  end loop;
  return ended;
end $$;

-- The application, locked until it is decided: of two reviewers one waits here, and then finds that the other has decided.
-- `version` is the one that the reviewer read (null = any).
-- to:
create function wuji.application_hold(application_id uuid, version int) returns application language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application; p tenant;
begin
  select * into a from application n where n.id = application_id for update;
  select * into p from tenant t where t.id = a.tenant_id;
  if a.id is null or not in_sight(p) then raise exception 'no such application' using errcode = 'no_data_found'; end if;
  perform demand('onboarding.application.review', p);
  if a.submitted_by = scope_account() then raise exception 'not the own one' using errcode = 'insufficient_privilege', constraint = 'application_own'; end if;
  if a.state = 'open' and a.version <> application_hold.version then
    raise exception 'changed meanwhile' using errcode = 'check_violation', constraint = 'application_changed';
  end if;
  return a;
end $$;

-- False: it was decided already.
-- to: wuji_app
create function wuji.application_reject(application_id uuid, version int, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application := application_hold(application_id, version);
begin
  if a.state <> 'open' then return false; end if;
  update application n set state = 'rejected', decided_at = now(), reviewed_by = scope_account(), reason = application_reject.reason where n.id = a.id;
  perform journal_add('onboarding.application.reject', 'application', a.id::text, a.tenant_id, scope_account(), '{state}', null, reason);
  return true;
end $$;

-- The first head of a tenant that was just made.
-- to:
create function wuji.head_name(acc uuid, tenant_id int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare g uuid := new_id(); t tenant; who account; wanted role;
begin
  select * into strict t from tenant n where n.id = head_name.tenant_id;
  select * into who from account a where a.id = acc and a.type = 'person' and a.state = 'active' for no key update;
  if who.id is null then raise exception 'no such account' using errcode = 'no_data_found', constraint = 'account'; end if;
  if who.id = scope_account() then raise exception 'not to oneself' using errcode = 'check_violation', constraint = 'account_self'; end if;
  select * into strict wanted from role r where r.tenant_id is null and r.name = 'head';
  perform duties_demand(who.id, wanted, t);
  insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by) values (g, t.id, who.id, who.name, wanted.id, scope_account());
  perform link_narrow(who.id, t);
  perform journal_add('identity.grant.give', 'role_grant', g::text, t.id, scope_account(), array['account_id', 'role_id', 'expires_at'], null, '');
end $$;

-- Makes the tenant and names its head: whoever applied with an account, else a new one for the contact, whose login is the tenant's code.
-- Naming a head is giving a role, so the reviewer needs the right to give it (role_give); where duties are separated, admitting an organisation
-- with the head that it names is running the system. Returns the new tenant's id; null: decided already.
-- The caller records it, at the parent and at the new tenant, with the projectors of both.
-- to: wuji_app
create function wuji.application_accept(application_id uuid, version int, reason text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application := application_hold(application_id, version); t int; head account; n int := 1;
begin
  if a.state <> 'open' then return null; end if;
  t := tenant_make(a.tenant_id, a.name, lower(a.name), a.code, a.level, a.category);
  update tenant_profile p set setup = '["theme", "officials", "modules"]' where p.tenant_id = t;
  if a.submitted_by is not null then
    select * into head from account c where c.id = a.submitted_by;
  else
    head.login := lower(a.code);
    while exists(select from account c where c.login = head.login) loop n := n + 1; head.login := lower(a.code) || '-' || n; end loop;
    head.id := account_add(head.login, a.contact_name, lower(a.contact_name), 'zh-CN', '');
  end if;
  if a.tenant_id is not null and policy_strict((select p.ancestors from tenant p where p.id = a.tenant_id)) then
    perform head_name(head.id, t);
  else
    perform from role_give(head.login, (select r.id from role r where r.tenant_id is null and r.name = 'head'), t, null, '');
  end if;
  update application o set state = 'accepted', decided_at = now(), reviewed_by = scope_account(), reason = application_accept.reason, made_id = t, head_id = head.id
   where o.id = a.id;
  return t;
end $$;

-- The link that sets the new head's first password, for the holder of the token and nobody else, once. False: it was fetched, or is not due.
-- to: wuji_app
create function wuji.application_link(token_hash bytea, link_hash bytea, expires_at timestamptz, seal bytea) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a application;
begin
  perform seal_demand(format('application_link|%s|%s', encode(token_hash, 'hex'), encode(link_hash, 'hex')), seal);
  update application n set link_at = now() where n.token_hash = application_link.token_hash and n.state = 'accepted' and n.link_at is null
     and n.head_id is distinct from n.submitted_by and not exists(select from credential c where c.account_id = n.head_id)
     and exists(select from account h where h.id = n.head_id and h.state = 'active') returning * into a;
  if a.id is null then return false; end if;
  update one_time_link l set expires_at = now() where l.account_id = a.head_id and l.used_at is null and l.expires_at > now();
  insert into one_time_link(token_hash, account_id, purpose, made_by, expires_at)
  values (application_link.link_hash, a.head_id, 'first_password', a.reviewed_by, application_link.expires_at);
  perform journal_add('identity.link.make', 'account', a.head_id::text, a.made_id, scope_account(), '{}', null, '');
  return true;
end $$;
