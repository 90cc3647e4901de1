-- Roles of a root, as data: what a door reads of them is written here and nowhere else.

-- Makes a role of a root or changes it. Nobody defines a role above their own rights, nor takes from one what they could not give.
-- to: wuji_app
create function wuji.role_put(root int, role_name text, labels jsonb, permissions text[], reach text, class int, reason text) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; was role; p text; highest int; made int;
begin
  select * into t from tenant n where n.id = role_put.root and n.parent_id is null;
  if t.id is null then raise exception 'no such root' using errcode = 'no_data_found'; end if;
  perform tree_demand('identity.role.write', t);
  if exists(select from role o where o.tenant_id is null and o.name = role_name) then
    raise exception '% is built in', role_name using errcode = 'check_violation', constraint = 'role_built_in';
  end if;
  perform from tenant n where n.id = t.id for no key update; -- of two who make the same role at once the second sees the first's
  select * into was from role o where o.tenant_id = t.id and o.name = role_name for no key update;
  if not account_is_system(scope_account()) then
    select g.class into highest from giver_of(t) g;
    if not policy_strict(t.ancestors) then
      foreach p in array role_put.permissions || coalesce(was.permissions, '{}') loop perform demand(p, t); end loop;
    end if;
    if greatest(role_put.class, was.class) > coalesce(highest, 0) then
      raise exception 'class above own' using errcode = 'insufficient_privilege', constraint = 'role_class';
    end if;
  end if;
  insert into role as o (tenant_id, name, label, labels, permissions, reach, class)
  values (t.id, role_name, role_put.labels ->> 'zh-CN', role_put.labels, role_put.permissions, role_put.reach, role_put.class)
  on conflict (coalesce(tenant_id, 0), name) do update
    set label = excluded.label, labels = excluded.labels, permissions = excluded.permissions, reach = excluded.reach, class = excluded.class
  returning o.id into made;
  perform journal_add('identity.role.write', 'role', made::text, t.id, scope_account(), '{labels,permissions,reach,class}', null, reason);
end $$;
