-- Roles of accounts at tenants: what a door reads of them is written here and nowhere else.

-- Until when the acting account may give at t, and the highest class it may give: from the grants that carry the right. No row: it may not.
-- Locked, so that a right that is taken at this moment is either seen as taken, or its holder's gifts are seen by whoever takes it.
-- to:
create function wuji.giver_of(t tenant) returns table(until timestamptz, class int) language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform from role_grant g where g.account_id = scope_account() and g.revoked_at is null order by g.id for share;
  return query select max(coalesce(l.expires_at, 'infinity')), max(l.class) from grants_live(scope_account()) l
                where l.tenant_id = any(t.ancestors) and 'identity.grant.give' = any(l.permissions)
                  and duty_counts('identity.grant.give', l.role, scope_account(), t) having count(*) > 0;
end $$;

-- Bounded delegation: nobody gives more than their own rights, nor for longer. The operator names heads of roots, and other operators, and
-- nobody else, but for those whose duties a root separates. A role that carries no right at all (member, resident) may be given by whoever may add
-- people. Where duties are separated, whoever decides who may do what has none of these rights, and gives them all the same.
-- to: wuji_app
create function wuji.role_give(login text, role_id int, tenant_id int, expires_at timestamptz, reason text) returns table(role_grant_id uuid, ends_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; none tenant; p text; wanted role; who account; until timestamptz := 'infinity'; highest int := 3; carries boolean;
begin
  if role_give.tenant_id is not null then
    select * into t from tenant where id = role_give.tenant_id;
    -- first: whoever cannot see the tenant must not learn which roles its root has
    if (t.id is not null and (in_sight(t) or scope_ok() and scope_operator())) is not true then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  end if;
  select * into wanted from role where id = role_give.role_id and (role.tenant_id is null or role.tenant_id = any(t.ancestors))
     and (t.id is null) = (role.tenant_id is null and name = 'operator') and not (role.tenant_id is null and name in ('device', 'client'));
  if wanted.id is null then raise exception 'no such role here' using errcode = 'no_data_found', constraint = 'role'; end if;
  carries := wanted.reach = 'subtree' or cardinality(wanted.permissions) > 0;
  if t.id is null or scope_operator() is true then
    perform demand('identity.grant.give', none);
    if t.id is not null and (t.parent_id is null and wanted.tenant_id is null and wanted.name in ('head', 'security_admin', 'audit_admin')) is not true then
      raise exception 'the operator names heads of roots' using errcode = 'insufficient_privilege', constraint = 'role_root';
    end if;
  else
    select g.until, g.class into until, highest from giver_of(t) g;
    perform demand(case when carries then 'identity.grant.give' else 'identity.account.add' end, t);
    if not policy_strict(t.ancestors) then
      foreach p in array wanted.permissions loop perform demand(p, t); end loop;
    end if;
    if not carries then
      select max(l.class) into highest from grants_live(scope_account()) l where l.tenant_id = any(t.ancestors) and 'identity.account.add' = any(l.permissions);
      if account_is_system(scope_account()) then highest := 3; end if;
    end if;
    if wanted.class > highest then raise exception 'class above own' using errcode = 'insufficient_privilege', constraint = 'role_class'; end if;
  end if;
  if role_give.expires_at <= now() then raise exception 'over already' using errcode = 'check_violation', constraint = 'expires_past'; end if;
  if role_give.expires_at > until then raise exception 'longer than own right' using errcode = 'check_violation', constraint = 'expires_own'; end if;
  select * into who from account a where a.login = role_give.login and a.type = 'person' and a.state = 'active' for no key update;
  if who.id is null then raise exception 'no such account' using errcode = 'no_data_found', constraint = 'account'; end if;
  if who.id = scope_account() then raise exception 'not to oneself' using errcode = 'check_violation', constraint = 'account_self'; end if;
  perform duties_demand(who.id, wanted, t);
  if exists(select from role_grant o where o.account_id = who.id and o.role_id = wanted.id and o.tenant_id is not distinct from t.id
              and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())) then
    raise exception 'holds this role here already' using errcode = 'unique_violation', constraint = 'role_held';
  end if;
  role_grant_id := new_id(); ends_at := nullif(least(coalesce(role_give.expires_at, 'infinity'), until), 'infinity');
  insert into role_grant(id, tenant_id, account_id, account_name, role_id, given_by, expires_at)
  values (role_grant_id, t.id, who.id, who.name, wanted.id, scope_account(), ends_at);
  perform link_narrow(who.id, t);
  perform journal_add('identity.grant.give', 'role_grant', role_grant_id::text, t.id, scope_account(), array['account_id', 'role_id', 'expires_at'], null, reason);
  return next;
end $$;

-- Revoking cascades: what rested on g goes too, unless its giver holds another right to give there. What carries no right (a resident's
-- belonging) stays, and so do the heads and operators that an operator named: they rest on the deployment. Returns how many ended.
-- to:
create function wuji.role_drop(g role_grant, reason text, event_id uuid) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare below role_grant; n int := 1;
begin
  update role_grant r set revoked_at = now(), revoked_by = scope_account() where r.id = g.id and revoked_at is null;
  if not found then return 0; end if;
  perform journal_add('identity.grant.take', 'role_grant', g.id::text, g.tenant_id, scope_account(), '{revoked_at}', event_id, reason);
  if not exists(select from role o where o.id = g.role_id and 'identity.grant.give' = any(o.permissions)) then return 1; end if;
  for below in
    select r.* from role_grant r join tenant t on t.id = r.tenant_id join role o on o.id = r.role_id
     where r.given_by = g.account_id and r.revoked_at is null and g.tenant_id = any(t.ancestors)
       and (o.reach = 'subtree' or cardinality(o.permissions) > 0)
       and not exists(select from grants_live(g.account_id) l where l.tenant_id = any(t.ancestors) and 'identity.grant.give' = any(l.permissions))
     order by r.id for update of r loop
    n := n + role_drop(below, reason, event_id);
  end loop;
  return n;
end $$;

-- Whoever could give it may take it: a role above own rights is not theirs to take either. An operator leaves by another operator's hand,
-- so that the last one stays.
-- to: wuji_app
create function wuji.role_take(grant_id uuid, reason text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; g role_grant; p text;
begin
  select * into g from role_grant r where r.id = grant_id for update;
  if g.tenant_id is not null then select * into t from tenant n where n.id = g.tenant_id; end if;
  if g.id is null or not (in_sight(t) or g.account_id is not distinct from scope_account()) then raise exception 'no such grant' using errcode = 'no_data_found'; end if;
  perform demand('identity.grant.give', t);
  if t.id is null and g.account_id = scope_account() then
    raise exception 'one''s own operator role' using errcode = 'insufficient_privilege', constraint = 'account_self';
  end if;
  if t.id is not null and not policy_strict(t.ancestors) then
    foreach p in array (select o.permissions from role o where o.id = g.role_id) loop perform demand(p, t); end loop;
  end if;
  return role_drop(g, reason, new_id());
end $$;

-- What the acting account holds now, and where; roles of roots are beyond its own scope. What lies below a suspended tenant is worth nothing.
-- to: wuji_app
create function wuji.grants_mine() returns table(code text, name text, level smallint, role text, label text, labels jsonb, permissions text[], expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select c.code, t.name, t.level, r.name, r.label, r.labels,
          case when t.id is null or r.permissions = '{}' or not policy_strict(t.ancestors) then r.permissions
               else array(select p from unnest(r.permissions) p where duty_counts(p, case when r.tenant_id is null then r.name end, scope_account(), t)) end, g.expires_at
     from role_grant g join role r on r.id = g.role_id left join tenant t on t.id = g.tenant_id
     left join tenant_code c on c.tenant_id = t.id and c.valid_to is null
    where scope_ok() and g.account_id = scope_account() and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      and not exists(select from tenant a where a.id = any(t.ancestors) and a.state <> 'active')
    order by t.level nulls first, c.code, r.name $$;

-- Grants of the range that were held at another tenant on a day: tenants have been merged since, or a merge was taken back.
-- to: wuji_app
create function wuji.grants_moved(day date) returns table(role_grant_id uuid, tenant_id int) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select distinct on (f.role_grant_id) f.role_grant_id, f.tenant_id from role_grant_former f join role_grant g on g.id = f.role_grant_id
    where scope_ok() and g.pos between scope_lo() and scope_hi() and f.until > day order by f.role_grant_id, f.until, f.id $$;
