-- Roles of the acting root, as its own officials change them: on top of role_put, which holds what nobody may exceed.

-- Raises where the name is taken: role_put alone would change the role that has it.
-- to: wuji_app
create function wuji.role_add(name text, labels jsonb, permissions text[], reach text, class int, reason text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform from tenant t where t.id = scope_tenant() for no key update;
  if exists(select from role o where o.tenant_id = scope_tenant() and o.name = role_add.name) then
    raise exception 'there is a role %', role_add.name using errcode = 'unique_violation', constraint = 'role_taken';
  end if;
  perform role_put(scope_tenant(), name, labels, permissions, reach, class, reason);
  return (select o.id from role o where o.tenant_id = scope_tenant() and o.name = role_add.name);
end $$;

-- The role of the acting root, locked. Absent, of another root, built in: one answer.
-- to:
create function wuji.role_hold(role_id int, version int) returns role language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; o role;
begin
  select * into t from tenant n where n.id = scope_tenant();
  perform demand('identity.role.write', t);
  select * into o from role r where r.id = role_id and r.tenant_id = t.id for update;
  if o.id is null then raise exception 'no such role' using errcode = 'no_data_found'; end if;
  if o.version <> role_hold.version then raise exception 'changed meanwhile' using errcode = 'check_violation', constraint = 'role_changed'; end if;
  return o;
end $$;

-- Reach and class decide what everybody who holds the role sees: in use, they change only where that was said. Returns 0 where the role
-- is changed, else how many hold it, and nothing is.
-- to: wuji_app
create function wuji.role_change(role_id int, version int, labels jsonb, permissions text[], reach text, class int, confirmed boolean, reason text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare o role := role_hold(role_id, version); held int;
begin
  if not confirmed and (o.reach, o.class::int) is distinct from (role_change.reach, role_change.class) then
    select count(*) into held from role_grant g where g.role_id = o.id and g.revoked_at is null and (g.expires_at is null or g.expires_at > now());
    if held > 0 then return held; end if;
  end if;
  perform role_put(o.tenant_id, o.name, labels, permissions, reach, class, reason);
  return 0;
end $$;

-- A role that was ever given stays, because history names it. Invitations to it go with it. False: it was given.
-- to: wuji_app
create function wuji.role_remove(role_id int, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare o role := role_hold(role_id, null); t tenant; p text;
begin
  select * into t from tenant n where n.id = o.tenant_id;
  if not policy_strict(t.ancestors) then
    foreach p in array o.permissions loop perform demand(p, t); end loop;
  end if;
  if exists(select from role_grant g where g.role_id = o.id) then return false; end if;
  delete from role r where r.id = o.id;
  perform journal_add('identity.role.remove', 'role', o.id::text, o.tenant_id, scope_account(), '{}', null, reason);
  return true;
end $$;
