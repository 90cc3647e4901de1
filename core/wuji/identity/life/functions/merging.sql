-- Two accounts of one person become one. Both are proven by a login of their own: a code is made in the one that stays, and used in the one that goes.

-- What is read of messages, choices and links goes along; addresses are sealed to their account, and programs know each account by another name.
-- to:
create function wuji.account_tables_moved() returns setof regclass language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select n from account_tables() n where n not in ('wuji.idempotency'::regclass, 'wuji.address'::regclass, 'wuji.oauth_consent'::regclass, 'wuji.account_closure'::regclass) $$;

-- One code at a time.
-- to: wuji_app
create function wuji.merge_offer(code_hash bytea, expires_at timestamptz, seal bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('merge_offer|%s|%s', scope_account(), encode(code_hash, 'hex')), seal);
  if not exists(select from account a where scope_ok() and a.id = scope_account() and a.type = 'person') then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  delete from merge_code m where m.account_id = scope_account();
  insert into merge_code(code_hash, account_id, expires_at) values (merge_offer.code_hash, scope_account(), merge_offer.expires_at);
  perform journal_add('identity.merge.offer', 'account', scope_account()::text, null, scope_account(), '{}', null, '');
end $$;

-- Whose code it is; both stay as they are until the transaction ends. Absent, over, one's own: one answer.
-- to:
create function wuji.merge_hold(code_hash bytea) returns account language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare kept account;
begin
  if (scope_ok() and scope_account() is not null) is not true then raise exception 'no account' using errcode = 'insufficient_privilege'; end if;
  select a.* into kept from merge_code m join account a on a.id = m.account_id where m.code_hash = merge_hold.code_hash and m.expires_at > now();
  perform from account a where a.id in (kept.id, scope_account()) order by a.id for update;
  select a.* into kept from account a where a.id = kept.id and a.state = 'active' and a.id <> scope_account();
  if kept.id is null then raise exception 'no such code' using errcode = 'no_data_found', constraint = 'merge_code'; end if;
  return kept;
end $$;

-- to: wuji_app
create function wuji.merge_into(code_hash bytea) returns table(login text, name text) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare kept account := merge_hold(code_hash);
begin
  return query select kept.login, kept.name;
end $$;

-- The roles of the acting account, and whether the other one holds the same already.
-- to: wuji_app
create function wuji.merge_grants(code_hash bytea) returns table(code text, place text, label text, labels jsonb, held boolean) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare kept account := merge_hold(code_hash);
begin
  return query select c.code, t.name, r.label, r.labels, exists(select from role_grant o where o.account_id = kept.id and o.role_id = g.role_id and o.tenant_id is not distinct from g.tenant_id
                                                        and o.revoked_at is null and (o.expires_at is null or o.expires_at > now()))
    from role_grant g join role r on r.id = g.role_id left join tenant t on t.id = g.tenant_id left join tenant_code c on c.tenant_id = t.id and c.valid_to is null
   where g.account_id = scope_account() and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) order by t.level nulls first, c.code, r.name;
end $$;

-- How much of its own the acting account has, by table.
-- to: wuji_app
create function wuji.merge_rows() returns table(place text, name text, count bigint) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n regclass;
begin
  if scope_ok() is not true then return; end if;
  for n in select account_tables_moved() loop
    execute format('select count(*) from %s where account_id = $1', n) into count using scope_account();
    select s.nspname, c.relname into place, name from pg_class c join pg_namespace s on s.oid = c.relnamespace where c.oid = n;
    if count > 0 then return next; end if;
  end loop;
end $$;

-- Row by row: where the other account has one of the same key, its own stays.
-- to:
create function wuji.account_rows_move(acc uuid, into_account uuid) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare n regclass; r tid;
begin
  for n in select account_tables_moved() loop
    for r in execute format('select ctid from %s where account_id = $1', n) using acc loop
      begin
        execute format('update %s set account_id = $1 where ctid = $2', n) using into_account, r;
      exception when unique_violation then null; -- it goes with the account
      end;
    end loop;
  end loop;
end $$;

-- The acting account becomes part of the one whose code it is: roles with their givers and ends, what is its own, and for 30 days its login. What it gave
-- to others rests on the other account from now on.
-- to: wuji_app
create function wuji.account_merge(code_hash bytea, seal bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare acc uuid := scope_account(); kept account; g role_grant; made uuid; e uuid := new_id(); system uuid := account_system(); t tenant;
begin
  perform seal_demand(format('account_merge|%s|%s', scope_account(), encode(code_hash, 'hex')), seal);
  kept := merge_hold(code_hash);
  for g in select r.* from role_grant r where r.account_id = acc and r.revoked_at is null and (r.expires_at is null or r.expires_at > now())
              and not exists(select from role_grant o where o.account_id = kept.id and o.role_id = r.role_id and o.tenant_id is not distinct from r.tenant_id
                                and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())) order by r.id for update loop
    select * into t from tenant n where n.id = g.tenant_id;
    perform duties_demand(kept.id, o, t) from role o where o.id = g.role_id;
    made := new_id();
    insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by, expires_at)
    values (made, g.tenant_id, kept.id, kept.name, g.role_id, case when g.given_by = kept.id then system else g.given_by end, g.expires_at);
    perform link_narrow(kept.id, t);
    perform journal_add('identity.grant.give', 'role_grant', made::text, g.tenant_id, acc, '{account_id,role_id,expires_at}', e, '');
  end loop;
  update role_grant r set given_by = kept.id where r.given_by = acc and r.revoked_at is null and r.account_id <> kept.id;
  perform account_rows_move(acc, kept.id);
  perform account_end(acc, kept.id);
  delete from merge_code m where m.account_id = kept.id;
  perform journal_add('identity.account.merge', 'account', acc::text, null, acc, '{merged_into}', e, '');
  perform journal_add('identity.account.merge', 'account', kept.id::text, null, acc, '{}', e, '');
end $$;

-- Logins of accounts that went into others before that time are free again, by the rule of retention. Returns how many.
-- to:
create function wuji.login_free(before timestamptz) returns bigint language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ with freed as (update account a set login = 'closed-' || a.id, merged_into = null where a.merged_into is not null and a.closed_at < before returning 1)
   select count(*) from freed $$;
