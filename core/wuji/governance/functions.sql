-- Plugins of the deployment and the rules that govern them.

-- Every change that could switch a plugin on or off somewhere ends with this: each process sees within a second that it must look again.
-- to:
create function wuji.plugin_epoch_raise() returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ update plugin_epoch set n = n + 1 where id = 1 $$;

-- What the acting tenant says about a plugin at a tenant in its range. Who set it is the acting tenant and never an argument: a street that
-- wrote in its district's name would exempt itself. Null where the version is not the present one (0: nothing is set yet).
-- to: wuji_app
create function wuji.plugin_rule_put(at int, plugin text, rule text, is_on boolean, reason text, until date, stages jsonb, paused boolean, allows text[], version int)
returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; mine tenant; present int; made int;
begin
  select * into mine from tenant where id = scope_tenant();
  select * into t from tenant where id = plugin_rule_put.at;
  if t.id is null or in_sight(t) is not true then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  if mine.id is null then raise exception 'no acting tenant' using errcode = 'no_data_found'; end if;
  perform demand('governance.rule.write', mine);
  if allows <> '{}' and t.parent_id is not null then
    raise exception 'sensitive features are allowed at the root' using errcode = 'check_violation', constraint = 'plugin_rule_allows_root';
  end if;
  perform from plugin_epoch where id = 1 for update;  -- changes of rules come one after the other: what each would change was counted before
  select r.version into present from plugin_rule r where r.tenant_id = t.id and r.plugin_id = plugin and r.by_tenant_id = mine.id;
  if coalesce(present, 0) <> plugin_rule_put.version then return null; end if;
  insert into plugin_rule as r (tenant_id, plugin_id, by_tenant_id, rule, is_on, reason, until, stages, paused_at, allows, set_by)
  values (t.id, plugin, mine.id, rule, is_on, reason, until, stages, case when paused then now() end, allows, scope_account())
  on conflict (tenant_id, plugin_id, by_tenant_id) do update
     set rule = excluded.rule, is_on = excluded.is_on, reason = excluded.reason, until = excluded.until, stages = excluded.stages,
         paused_at = case when paused then coalesce(r.paused_at, now()) end, allows = excluded.allows, set_by = excluded.set_by
  returning r.version into made;
  perform plugin_epoch_raise();
  return made;
end $$;

-- The operator takes a plugin out of service everywhere, or puts it back.
-- to: wuji_app
create function wuji.plugin_state_set(plugin text, state text, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  perform demand('governance.plugin.suspend', none);
  update plugin p set state = plugin_state_set.state, reason = plugin_state_set.reason where p.id = plugin and p.state <> plugin_state_set.state;
  if not found then return false; end if;
  perform plugin_epoch_raise();
  return true;
end $$;

-- What went wrong in a plugin, said by the program itself: SQL that slipped into a request cannot accuse one.
-- to: wuji_app
create function wuji.plugin_fault(plugin text, hook text, said text, seal bytea) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('plugin_fault|%s|%s|%s', plugin, hook, said), seal);
  update plugin p set fault = jsonb_build_object('hook', hook, 'said', said), fault_at = now() where p.id = plugin;
end $$;

-- An upgrade has brought a plugin's schema to this version.
-- to:
create function wuji.plugin_installed(plugin text, version text, revision text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  insert into plugin_epoch(id, n) values (1, 0) on conflict do nothing;
  insert into plugin as p (id, version, revision) values (plugin, plugin_installed.version, plugin_installed.revision)
  on conflict (id) do update set version = excluded.version, revision = excluded.revision, fault = null, fault_at = null
   where (p.version, p.revision) is distinct from (excluded.version, excluded.revision);
  perform plugin_epoch_raise();
end $$;

-- A plugin has gone with its schema; its rules go with it, so that one of the same name begins anew.
-- to:
create function wuji.plugin_removed(plugin text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  delete from plugin_rule r where r.plugin_id = plugin;
  delete from plugin p where p.id = plugin;
  perform plugin_epoch_raise();
end $$;
