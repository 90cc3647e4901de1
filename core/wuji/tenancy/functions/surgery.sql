-- Redrawing the tree: tenants get another place. Foreign keys carry their rows along, the journal included, which is not written otherwise.

-- The lowest tenant that all of these lie below; null where there is none.
-- to:
create function wuji.tenant_common(ids int[]) returns tenant language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select c.* from tenant c where c.id = any((select t.ancestors from tenant t where t.id = ids[1])::int[])
      and (select count(*) from tenant t where t.id = any(ids) and c.id = any(t.ancestors)) = (select count(distinct x) from unnest(ids) x)
    order by c.level desc limit 1 $$;

-- Whoever redraws must answer for all the places concerned, so at the lowest tenant above them. What is out of sight answers as absent.
-- Tenants themselves do not count, or somebody could move their own: each is asked by its parent.
-- to:
create function wuji.surgery_ground(parents int[]) returns tenant language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at tenant := tenant_common(parents);
begin
  if at.id is null or in_sight(at) is not true then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform demand('tenancy.tenant.move', at);
  return at;
end $$;

-- Whoever redraws a tree waits here for whoever does so now, or sets one up by a pack, and then sees what they did.
-- to: wuji_app
create function wuji.surgery_hold(parents int[]) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at tenant := surgery_ground(parents);
begin
  perform from tenant where id = at.root_id for no key update;
end $$;

-- Says by name why a tenant cannot stand below p at a level. Those below it keep their own levels, and so must still fit.
-- to:
create function wuji.tenant_fit(t tenant, p tenant, level int) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if t.id = any(p.ancestors) then raise exception 'a tenant cannot stand below itself' using errcode = 'check_violation', constraint = 'surgery_below_itself'; end if;
  if exists(select from tenant a where a.id = any(p.ancestors) and a.state <> 'active') then
    raise exception 'the parent is not active' using errcode = 'check_violation', constraint = 'surgery_parent_state';
  end if;
  if (tenant_fit.level between p.level + 1 and 5) is not true or t.category <> 'territory' and tenant_fit.level <> p.level + 1 then
    raise exception 'level % cannot stand below level %', tenant_fit.level, p.level using errcode = 'check_violation', constraint = 'surgery_level';
  end if;
  if exists(select from tenant c where c.parent_id = t.id and (c.level <= tenant_fit.level or c.category <> 'territory' and c.level <> tenant_fit.level + 1)) then
    raise exception 'a tenant below cannot stand below level %', tenant_fit.level using errcode = 'check_violation', constraint = 'surgery_children';
  end if;
end $$;

-- Keeps a subtree from growing. An add that holds its parent is waited for; only then is what it made there to be seen, and held too.
-- to:
create function wuji.subtree_hold(top tenant) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare held bigint; present bigint;
begin
  loop
    select count(*) into held from (select from tenant t where t.pos between top.pos and top.pos_hi order by t.id for update) x;
    select count(*) into present from tenant t where t.pos between top.pos and top.pos_hi;
    exit when held = present;
  end loop;
end $$;

-- "Lies below" in the documents of a part of the tree, anew, and in whose tree its tenants are found. Until it commits, a document can be missed where it comes to lie, never shown
-- where it does not: rows are read under row security.
-- to:
create function wuji.search_relocate(lo bigint, hi bigint) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  update search_document d
     set access = array(select a from unnest(d.access) a where a & 7 <> 4 and (d.kind <> 'tenant' or a & 7 <> 0)
                        union select a * 8 + 4 from unnest(t.ancestors) a union select t.root_id * 8 where d.kind = 'tenant' order by 1)
    from tenant t where t.id = d.tenant_id and d.pos between lo and hi and d.dropped_at is null;
  update search_suggestion s set access = d.access from search_document d where d.kind = s.kind and d.id = s.id and d.pos between lo and hi;
end $$;

-- A tenant with all below it to another parent (null: it becomes a root), level, code. Rights are checked and the roots are held by the caller. Somebody who has locked
-- a row of the subtree and now writes another waits for us while we wait for them: we let go and begin anew, ten times a second, because
-- theirs is the smaller loss of patience and ours the smaller loss of work.
-- to:
create function wuji.tenant_put(which int, parent int, at_level int, code text) returns void
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp set lock_timeout = 100 as
$$
declare a tenant; b tenant; shift bigint; today date; tries int := 0;
begin
  loop
    begin
      perform from plugin_epoch where id = 1 for update;  -- as whoever changes a rule: then the row of a tenant
      select * into a from tenant where id = which;
      perform subtree_hold(a);
      select * into a from tenant where id = which;
      select * into b from tenant where id = tenant_put.parent for no key update;
      if parent is not null then perform tenant_fit(a, b, at_level); end if;
      shift := case when parent is null then nextval('wuji.root_slot') * span(1) else tenant_slot(b, at_level) end - a.pos;
      update tenant t set pos = t.pos + shift, pos_hi = case when t.id = a.id then a.pos + shift + span(at_level) - 1 else t.pos_hi + shift end,
             level = case when t.id = a.id then at_level else t.level end, parent_id = case when t.id = a.id then b.id else t.parent_id end,
             root_id = coalesce(b.root_id, a.id), ancestors = coalesce(b.ancestors, '{}') || t.ancestors[cardinality(a.ancestors):], version = t.version + (t.id = a.id)::int
       where t.pos between a.pos and a.pos_hi;
      perform search_relocate(a.pos + shift, a.pos_hi + shift);
      perform plugin_epoch_raise();
      exit;
    exception when lock_not_available then
      tries := tries + 1;
      if tries = 100 then raise; end if;
      perform pg_sleep(0.05 * random());
    end;
  end loop;
  today := tenant_today(coalesce(b.root_id, a.id));
  update tenant_place p set valid_to = today where p.tenant_id = a.id and p.valid_to is null;
  insert into tenant_place(tenant_id, parent_id, level, valid_from) values (a.id, b.id, at_level, today);
  if exists(select from tenant_code c where c.tenant_id = a.id and c.valid_to is null and c.code <> tenant_put.code) then
    update tenant_code c set valid_to = today where c.tenant_id = a.id and c.valid_to is null;
    insert into tenant_code(tenant_id, code, kind, valid_from)
    values (a.id, tenant_put.code, case when a.category = 'territory' then 'division' else 'uscc' end, today);
  end if;
end $$;

-- Carries out steps [{tenant_id, parent_id, level, code}] (code null: stays), in order, and keeps how to take them back. `made` are tenants
-- that the same transaction has added for it. Returns the change, which stands where all the places concerned lie below.
-- to: wuji_app
create function wuji.change_apply(op text, subject int, steps jsonb, made int[], taker int, plan jsonb, reason text) returns uuid
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare at tenant; s record; t tenant; present text; back jsonb := '[]'; carried jsonb := '{}'; change uuid := new_id();
begin
  if taker is not null then
    select * into t from tenant where id = subject;
    if t.parent_id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  end if;
  at := surgery_ground(array(select p from jsonb_to_recordset(steps) z(tenant_id int, parent_id int),
                             lateral (select z.parent_id union all select n.parent_id from tenant n where n.id = z.tenant_id) x(p)
                             union select p from unnest(array[taker, t.parent_id]) p where p is not null));
  perform from tenant where id = at.root_id for no key update;
  -- undoing archives them: nobody names a tenant that was there before
  if exists(select from unnest(made) m left join tenant n on n.id = m where (n.created_at = now() and at.id = any(n.ancestors)) is not true) then
    raise exception 'not made for this' using errcode = 'insufficient_privilege';
  end if;
  for s in select * from jsonb_to_recordset(steps) x(tenant_id int, parent_id int, level int, code text) loop
    select * into t from tenant where id = s.tenant_id;
    -- a root has no parent whose right could be asked: it stays, whoever answers for the new place
    if t.parent_id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
    present := (select c.code from tenant_code c where c.tenant_id = t.id and c.valid_to is null);
    back := jsonb_build_object('tenant_id', t.id, 'parent_id', t.parent_id, 'level', t.level, 'code', case when s.code <> present then present end,
                               'from_parent_id', s.parent_id, 'from_level', s.level, 'from_code', case when s.code <> present then s.code end) || back;
    perform tenant_put(t.id, s.parent_id, s.level, coalesce(s.code, present));
  end loop;
  if taker is not null then carried := tenant_merge(subject, taker); end if;
  insert into tenant_change(id, tenant_id, op, subject_id, plan, undo, made, carried, state, reason, requested_by, expires_at)
  values (change, at.id, op, subject, plan, back, made, carried, 'applied', reason, scope_account(), now() + interval '30 days');
  return change;
end $$;

-- What keeps a change from being taken back, one line each: why, at which tenant. None: nothing does.
-- to: wuji_app
create function wuji.change_contradictions(change_id uuid) returns table(why text, name text, code text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c tenant_change; at tenant;
begin
  select * into c from tenant_change n where n.id = change_id;
  select * into at from tenant n where n.id = c.tenant_id;
  if c.id is null or in_sight(at) is not true then raise exception 'no such change' using errcode = 'no_data_found'; end if;
  return query
  with step as (
    select t as it, p as old, present.code as present, s.code as old_code, s.level as old_level, s.from_parent_id, s.from_level, s.from_code
      from jsonb_to_recordset(c.undo) s(tenant_id int, parent_id int, level int, code text, from_parent_id int, from_level int, from_code text)
      join tenant t on t.id = s.tenant_id join tenant p on p.id = s.parent_id
      left join tenant_code present on present.tenant_id = t.id and present.valid_to is null
  ), found as (
    select 'moved' as why, (s.it).id as id from step s where ((s.it).parent_id, (s.it).level) is distinct from (s.from_parent_id, s.from_level::smallint)
    union all select 'recoded', (s.it).id from step s where s.from_code is not null and s.from_code is distinct from s.present
    union all select 'code_taken', o.tenant_id from step s join tenant_code o on o.code = s.old_code and o.valid_to is null and o.tenant_id <> (s.it).id
    union all select distinct 'parent_closed', a.id from step s join tenant a on a.id = any((s.old).ancestors)
               where a.state <> 'active' and not (c.carried ? 'taker' and a.id = c.subject_id)
    union all select 'parent_closed', a.id from tenant g join tenant a on a.id = any(g.ancestors) and a.id <> g.id where g.id = c.subject_id and c.carried ? 'taker' and a.state <> 'active'
    union all select 'code_taken', o.tenant_id from tenant_code o where o.code = c.carried ->> 'code' and o.valid_to is null
    union all select 'parent_below', (s.old).id from step s where (s.it).id = any((s.old).ancestors)
    union all select 'parent_level', (s.old).id from step s where (s.old).level >= s.old_level or (s.it).category <> 'territory' and (s.old).level + 1 <> s.old_level
    union all select 'children', n.id from step s join tenant n on n.parent_id = (s.it).id
               where n.level <= s.old_level or n.category <> 'territory' and n.level <> s.old_level + 1
    union all select 'new_child', n.id from tenant n where n.parent_id = any(c.made) and not exists(select from step s where (s.it).id = n.id)
                 and exists(select from tenant_code k where k.tenant_id = n.id and k.valid_to is null))
  select f.why, t.name, k.code from found f join tenant t on t.id = f.id left join tenant_code k on k.tenant_id = t.id and k.valid_to is null;
end $$;

-- Takes a change back, and keeps what that leaves as it is. False: it is over, by time or because somebody was faster.
-- to: wuji_app
create function wuji.change_undo(change_id uuid, reason text, stays jsonb default '[]') returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare c tenant_change; at tenant; s record; m tenant;
begin
  select * into c from tenant_change n where n.id = change_id;
  select * into at from tenant n where n.id = c.tenant_id;
  if c.id is null or in_sight(at) is not true then raise exception 'no such change' using errcode = 'no_data_found'; end if;
  perform from tenant where id = at.root_id for no key update;
  -- where they lie now: what was moved out of sight meanwhile is no longer theirs to move back
  perform surgery_ground(array(select at.id union select p from jsonb_to_recordset(c.undo) z(tenant_id int, parent_id int),
                               lateral (select z.parent_id union all select n.parent_id from tenant n where n.id = z.tenant_id) x(p)));
  update tenant_change n set state = 'undone', undone_at = now(), undone_by = scope_account(), undo_reason = change_undo.reason,
         carried = case when stays = '[]' then n.carried else n.carried || jsonb_build_object('left', stays) end
   where n.id = c.id and n.state = 'applied' and n.expires_at > now();
  if not found then return false; end if;
  if exists(select from change_contradictions(c.id)) then raise exception 'contradicted' using errcode = 'check_violation', constraint = 'surgery_contradicted'; end if;
  if c.carried ? 'taker' then perform tenant_unmerge(c.subject_id, c.carried); end if;
  for s in select * from jsonb_to_recordset(c.undo) x(tenant_id int, parent_id int, level int, code text) loop
    perform tenant_put(s.tenant_id, s.parent_id, s.level, coalesce(s.code, (select k.code from tenant_code k where k.tenant_id = s.tenant_id and k.valid_to is null)));
  end loop;
  for m in select * from tenant n where n.id = any(c.made) loop
    update tenant n set state = 'archived', version = m.version + 1 where n.id = m.id;
    update tenant_code k set valid_to = tenant_today(m.root_id) where k.tenant_id = m.id and k.valid_to is null;
  end loop;
  return true;
end $$;
