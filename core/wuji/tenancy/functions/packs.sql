-- Trees as a whole: what a pack sets up in one transaction. The same rows as functions.sql makes one by one.

-- Who may set up a whole tree: whoever holds the right at its root; and the command line in the very transaction in which it makes that
-- root, when nobody can hold a range there yet.
-- to:
create function wuji.tree_demand(permission text, root tenant) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_operator() and account_is_system(scope_account()) and root.parent_id is null and root.created_at = now()) is true then return; end if;
  perform demand(permission, root);
end $$;

-- Whoever changes a tree as a whole waits here for whoever does so now, and then sees what they did. Until the transaction ends.
-- to: wuji_app
create function wuji.tree_hold(root int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant;
begin
  select * into r from tenant where id = tree_hold.root;
  if r.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform tree_demand('tenancy.tenant.add', r);
  perform from tenant where id = r.id for no key update;
end $$;

-- Many tenants of one level, each right below a tenant that is there already, as tenant_make and journal_add make one. Ids in the order asked.
-- to: wuji_app
create function wuji.tenant_add_all(root int, at_level int, parents int[], names text[], name_keys text[], codes text[], categories text[], reason text) returns int[]
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant; ids int[]; crowded text; today date := tenant_today(root);
begin
  select * into r from tenant where id = tenant_add_all.root;
  if r.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform tree_demand('tenancy.tenant.add', r);
  perform from tenant where id = any(parents) order by id for no key update;
  if exists(select from unnest(parents) a(id) left join tenant p on p.id = a.id where (p.pos between r.pos and r.pos_hi) is not true) then
    raise exception 'a parent lies outside the tree' using errcode = 'insufficient_privilege';
  end if;
  if at_level > 5 or exists(select from unnest(parents, categories) a(id, category) join tenant p on p.id = a.id
              where at_level <= p.level or a.category <> 'territory' and at_level <> p.level + 1) then
    raise exception 'level % cannot stand there', at_level using errcode = 'check_violation', constraint = 'tenant_level';
  end if;
  update tenant p set next_child[at_level] = p.next_child[at_level] + a.n from (select id, count(*)::int n from unnest(parents) x(id) group by id) a where p.id = a.id;
  select p.name into crowded from tenant p where p.id = any(parents) and p.next_child[at_level] - 1 > slots(at_level) limit 1;
  if found then raise exception 'no free place below %', crowded using errcode = 'check_violation', constraint = 'tenant_slot'; end if;
  ids := array(select nextval(pg_get_serial_sequence('wuji.tenant', 'id')) from unnest(parents));
  insert into tenant(id, root_id, parent_id, level, category, name, name_key, pos, pos_hi, ancestors) overriding system value
  select a.id, r.root_id, a.parent, at_level, a.category, a.name, a.name_key, a.pos, a.pos + span(at_level) - 1, a.above || a.id
    from (select x.*, p.ancestors as above, p.pos + span(at_level) * (p.next_child[at_level] - row_number() over (partition by p.id order by x.n desc)) as pos
            from unnest(ids, parents, categories, names, name_keys) with ordinality x(id, parent, category, name, name_key, n) join tenant p on p.id = x.parent) a
   order by a.n;
  insert into tenant_code(tenant_id, code, kind, valid_from)
  select a.id, a.code, case when a.category = 'territory' then 'division' else 'uscc' end, today from unnest(ids, codes, categories) a(id, code, category);
  insert into tenant_name(tenant_id, name, valid_from) select a.id, a.name, today from unnest(ids, names) a(id, name);
  insert into tenant_place(tenant_id, parent_id, level, valid_from) select a.id, a.parent, at_level, today from unnest(ids, parents) a(id, parent);
  insert into tenant_profile(tenant_id) select a.id from unnest(ids) a(id);
  perform journal_add('tenancy.tenant.add', 'tenant', a.id::text, a.id, scope_account(), '{name,code,category,level}', null, reason) from unnest(ids) a(id);
  return ids;
end $$;

-- What the root of a tree says of itself, and its colours; null: stays as it is.
-- to: wuji_app
create function wuji.tree_profile_put(root int, about text, theme jsonb, reason text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; made uuid;
begin
  select * into t from tenant where id = tree_profile_put.root;
  if t.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform tree_demand('tenancy.profile.write', t);
  update tenant_profile p set about = coalesce(tree_profile_put.about, p.about), theme = coalesce(tree_profile_put.theme, p.theme) where p.tenant_id = t.id
  returning p.id into made;
  perform journal_add('tenancy.profile.write', 'tenant_profile', made::text, t.id, scope_account(),
                      array_remove(array[case when tree_profile_put.about is not null then 'about' end, case when tree_profile_put.theme is not null then 'theme' end], null), null, reason);
end $$;
