-- The tree: what a door reads is written here and nowhere else. Row locks, no advisory locks (anybody may take those).

-- The next free place below p at a level. The row lock on p is the allocation lock; slots are never reused.
-- to:
create function wuji.tenant_slot(p tenant, level int) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare slot int;
begin
  if level <= p.level or level > 5 then raise exception 'level % cannot stand below level %', level, p.level using errcode = 'check_violation', constraint = 'tenant_level'; end if;
  update tenant t set next_child[tenant_slot.level] = t.next_child[tenant_slot.level] + 1 where id = p.id returning t.next_child[tenant_slot.level] - 1 into slot;
  if slot > slots(level) then raise exception 'no free place below %', p.name using errcode = 'check_violation', constraint = 'tenant_slot'; end if;
  return p.pos + slot * span(level);
end $$;

-- A root's time zone, as it is set: no matter whether PostgreSQL knows it.
-- to:
create function wuji.tenant_zone(root_id int) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce((select s.value #>> '{}' from setting_value s where s.tenant_id = tenant_zone.root_id and s.key = 'tenancy.time_zone'), 'Asia/Shanghai') $$;

-- The day it is at a root, in whose time zone days are counted (declared as tenancy.time_zone). Python knows zones that PostgreSQL may not.
-- to:
create function wuji.tenant_today(root_id int) returns date language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  return (now() at time zone coalesce((select s.value #>> '{}' from setting_value s where s.tenant_id = tenant_today.root_id and s.key = 'tenancy.time_zone'), 'Asia/Shanghai'))::date;
exception when invalid_parameter_value then
  return (now() at time zone 'Asia/Shanghai')::date;
end $$;

-- In whose days and months rows are counted for a chart: the acting root's.
-- to: wuji_app
create function wuji.scope_zone() returns text language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare zone text := (select s.value #>> '{}' from setting_value s where s.tenant_id = (scope_anc())[1] and s.key = 'tenancy.time_zone');
begin
  perform now() at time zone zone;
  return coalesce(zone, 'Asia/Shanghai');
exception when invalid_parameter_value then
  return 'Asia/Shanghai';
end $$;

-- Called with rights already checked: by tenant_add, and by the review of an application.
-- to:
create function wuji.tenant_make(parent int, name text, name_key text, code text, level int, category text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p tenant; t tenant; today date;
begin
  t.id := nextval(pg_get_serial_sequence('wuji.tenant', 'id'));
  if parent is null then
    t.level := coalesce(level, 1); t.pos := nextval('wuji.root_slot') * span(1); t.root_id := t.id;
  else
    select * into p from tenant where id = parent for no key update;
    t.level := case when category = 'territory' then coalesce(level, p.level + 1) else p.level + 1 end;
    t.pos := tenant_slot(p, t.level); t.root_id := p.root_id;
  end if;
  insert into tenant(id, root_id, parent_id, level, category, name, name_key, pos, pos_hi, ancestors) overriding system value
  values (t.id, t.root_id, parent, t.level, category, name, name_key, t.pos, t.pos + span(t.level) - 1, coalesce(p.ancestors, '{}') || t.id);
  today := tenant_today(t.root_id);
  insert into tenant_code(tenant_id, code, kind, valid_from) values (t.id, code, case when category = 'territory' then 'division' else 'uscc' end, today);
  insert into tenant_name(tenant_id, name, valid_from) values (t.id, name, today);
  insert into tenant_place(tenant_id, parent_id, level, valid_from) values (t.id, parent, t.level, today);
  insert into tenant_profile(tenant_id) values (t.id);
  return t.id;
end $$;

-- Returns the new tenant's id. Without a parent: a root, by the operator.
-- to: wuji_app
create function wuji.tenant_add(parent int, name text, name_key text, code text, level int, category text) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p tenant;
begin
  if parent is not null then
    select * into p from tenant where id = parent;
    if p.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  end if;
  perform demand('tenancy.tenant.add', p);
  return tenant_make(parent, name, name_key, code, level, category);
end $$;

-- Changes of a tenant need the permission at its parent: nobody renames, suspends or archives itself. Of a root: the operator.
-- to:
create function wuji.tenant_demand(permission text, t tenant) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare p tenant;
begin
  if t.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  select * into p from tenant where id = t.parent_id;
  perform demand(permission, p);
end $$;

-- Tenants that are not active and have others below them, which are closed with them. Counting each row's active ancestors instead takes a
-- search over 50,000 from 0.3 s to 14 s.
-- to: wuji_app
create function wuji.tenants_closed() returns int[] language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(array_agg(t.id), '{}') from tenant t where t.state <> 'active' and exists(select from tenant c where c.parent_id = t.id) $$;

-- The three changes raise the version. With a version: null where that is not the present one, and nothing has changed.
-- The old name stays in the history, up to the day of the change.
-- to: wuji_app
create function wuji.tenant_rename(tenant_id int, name text, name_key text, version int default null) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; today date;
begin
  select * into t from tenant where id = tenant_rename.tenant_id for no key update;
  perform tenant_demand('tenancy.tenant.rename', t);
  if tenant_rename.version <> t.version then return null; end if;
  today := tenant_today(t.root_id);
  update tenant n set name = tenant_rename.name, name_key = tenant_rename.name_key, version = t.version + 1 where id = t.id;
  update tenant_name n set valid_to = today where n.tenant_id = t.id and valid_to is null;
  insert into tenant_name(tenant_id, name, valid_from) values (t.id, tenant_rename.name, today);
  return t.version + 1;
end $$;

-- The old code redirects from now on.
-- to: wuji_app
create function wuji.tenant_recode(tenant_id int, code text, version int default null) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; today date;
begin
  select * into t from tenant where id = tenant_recode.tenant_id for no key update;
  perform tenant_demand('tenancy.tenant.recode', t);
  if tenant_recode.version <> t.version then return null; end if;
  today := tenant_today(t.root_id);
  update tenant n set version = t.version + 1 where id = t.id;
  update tenant_code c set valid_to = today where c.tenant_id = t.id and valid_to is null;
  insert into tenant_code(tenant_id, code, kind, valid_from)
  values (t.id, tenant_recode.code, case when t.category = 'territory' then 'division' else 'uscc' end, today);
  return t.version + 1;
end $$;

-- active -> suspended -> archived, and back to active from both.
-- to: wuji_app
create function wuji.tenant_state_set(tenant_id int, state text, version int default null) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant where id = tenant_state_set.tenant_id for no key update;
  perform tenant_demand('tenancy.tenant.suspend', t);
  if tenant_state_set.version <> t.version then return null; end if;
  if (t.state, tenant_state_set.state) not in (('active', 'suspended'), ('suspended', 'archived'), ('suspended', 'active'), ('archived', 'active')) then
    raise exception 'a tenant that is % cannot become %', t.state, tenant_state_set.state using errcode = 'check_violation', constraint = 'tenant_state';
  end if;
  update tenant n set state = tenant_state_set.state, version = t.version + 1 where id = t.id;
  return t.version + 1;
end $$;

-- Colours are for every visitor, the rest of a profile is not: those of the acting tenant, or of the nearest one above it that has its own.
-- to: wuji_app
create function wuji.theme_find() returns jsonb language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select p.theme from unnest(scope_anc()) with ordinality a(id, place) join tenant_profile p on p.tenant_id = a.id
    where scope_ok() and p.theme <> '{}' order by a.place desc limit 1 $$;
