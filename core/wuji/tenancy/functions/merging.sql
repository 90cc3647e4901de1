-- One tenant becomes part of another: its rows are the other's from then on.

-- Tables whose rows lie where their tenant does and that the current user is the one to write: wuji_app where it may, wuji_definer elsewhere.
-- What a tenant says of itself, what is noted of it, what follows its rows, and what belongs to people stays. key: what a row is known by; clash: where the taker has such a row.
-- to: wuji_app wuji_definer
create function wuji.rows_mine(everybodys boolean) returns table(name regclass, key text, clash text, shown boolean)
language sql stable set search_path = pg_catalog, wuji, pg_temp as
$$
select k.oid::regclass,
       (select string_agg(format('x.%I', a.attname), ', ' order by a.attnum) from pg_index i join pg_attribute a on a.attrelid = k.oid and a.attnum = any(i.indkey)
         where i.indrelid = k.oid and i.indisprimary),
       coalesce((select string_agg(format(' or exists(select from %s o where o.tenant_id = $2%s)', k.oid::regclass,
                          (select string_agg(format(' and o.%1$I is not distinct from x.%1$I', a.attname), '') from pg_attribute a
                            where a.attrelid = k.oid and a.attnum = any(i.indkey) and a.attname <> 'tenant_id')), '')
                   from pg_index i where i.indrelid = k.oid and i.indisunique and i.indexprs is null
                    and exists(select from pg_attribute a where a.attrelid = k.oid and a.attnum = any(i.indkey) and a.attname = 'tenant_id')), ''),
       exists(select from pg_attribute a where a.attrelid = k.oid and a.attname = 'audience' and not a.attisdropped)
  from pg_constraint c join pg_class k on k.oid = c.conrelid
 where c.confrelid = 'wuji.tenant'::regclass and c.contype = 'f' and cardinality(c.conkey) = 2
   and obj_description(k.oid, 'pg_class') in ('kind=tenant', 'kind=downward', 'kind=inbox') and has_table_privilege(k.oid, 'select')
   and k.oid::regclass::text not in ('tenant_profile', 'setting_value', 'boundary', 'plugin_rule', 'tenant_change', 'journal_record', 'journal_seal', 'job', 'rollup')
   and case when everybodys then has_table_privilege('wuji_app', k.oid, 'update') or has_table_privilege('wuji_definer', k.oid, 'update')
            else has_table_privilege(k.oid, 'update') and (current_user = 'wuji_app' or not has_table_privilege('wuji_app', k.oid, 'update')) end
 order by 1::text
$$;

-- Audience tokens of the giver, as those of the taker.
-- to: wuji_app wuji_definer
create function wuji.tokens_give(audience int[], giver int, taker int) returns int[] language sql immutable set search_path = pg_catalog, wuji, pg_temp as
$$ select array(select distinct case when a > 0 and a / 8 = giver then taker * 8 + a % 8 else a end from unnest(audience) a order by 1) $$;

-- How many rows of each table would go, and how many would stay because the taker has such a one.
-- to: wuji_app
create function wuji.rows_foresee(giver int, taker int) returns table(name text, goes bigint, stays bigint)
language plpgsql stable set search_path = pg_catalog, wuji, pg_temp as
$$
declare t record;
begin
  for t in select * from rows_mine(true) loop
    execute format('select count(*) filter (where not (false%1$s)), count(*) filter (where false%1$s) from %2$s x where x.tenant_id = $1', t.clash, t.name)
       into goes, stays using giver, taker;
    name := replace(replace(t.name::text, 'plugin_', ''), 'wuji.', '');
    if goes + stays > 0 then return next; end if;
  end loop;
end $$;

-- Rows shown by name to people on the other side of a border that is new: those that go with these ranges (out) and are shown to tenants of the ranges
-- they leave, and those that stay there (in) and are shown to tenants that go. By tenant and class of those people, as far as the caller's range holds the rows.
-- to: wuji_app
create function wuji.rows_across(los bigint[], his bigint[], left_los bigint[], left_his bigint[]) returns table(way text, tenant_id int, class int, n bigint)
language plpgsql stable set search_path = pg_catalog, wuji, pg_temp as
$$
declare t record; going int[]; tokens int[];
begin
  -- not kept as a plan: one made under another scope is refused
  execute 'select array(select x.id from tenant x join unnest($1, $2) m(lo, hi) on x.pos between m.lo and m.hi)' into going using los, his;
  tokens := array(select g * 8 + c from unnest(going) g cross join generate_series(0, 3) c);
  for t in select * from rows_mine(true) m where m.shown loop
    return query execute format('
      select %1$L, p.id, a.a %% 8, count(*) from %3$s x join unnest($1, $2) m(lo, hi) on x.pos between m.lo and m.hi cross join unnest(x.audience) a(a) join tenant p on p.id = a.a / 8
       where exists(select from unnest($3, $4) o(lo, hi) where p.pos between o.lo and o.hi) and p.id <> all($5) group by 2, 3
      union all
      select %2$L, p.id, a.a %% 8, count(*) from %3$s x join unnest($3, $4) m(lo, hi) on x.pos between m.lo and m.hi cross join unnest(x.audience) a(a) join tenant p on p.id = a.a / 8
       where x.audience && $6 and a.a = any($6) and x.tenant_id <> all($5) and x.pos between scope_lo() and scope_hi() group by 2, 3', 'out', 'in', t.name)
      using los, his, left_los, left_his, going, tokens;
  end loop;
end $$;

-- The giver's rows become the taker's, but for those of which the taker has one: they stay where they are. What was shown to the giver's
-- people is shown to the taker's. As the current user: under row security for wuji_app. Returns what was changed, by table.
-- to: wuji_app wuji_definer
create function wuji.rows_give(giver int, taker int) returns jsonb language plpgsql set search_path = pg_catalog, wuji, pg_temp as
$$
declare t record; gone jsonb; found jsonb := '{}';
begin
  for t in select * from rows_mine(false) loop
    execute format('with gone as (update %s x set tenant_id = $2 where x.tenant_id = $1 and not (false%s) returning jsonb_build_array(%s) k) select coalesce(jsonb_agg(k), ''[]'') from gone',
                   t.name, t.clash, t.key) into gone using giver, taker;
    if gone <> '[]' then found := found || jsonb_build_object(t.name::text, jsonb_build_object('gone', gone, 'told', '[]'::jsonb)); end if;
  end loop;
  return rows_joined(found, rows_tell(giver, taker));
end $$;

-- What was shown to the giver's people is shown to the taker's, as far as the current user sees it.
-- to: wuji_app wuji_definer
create function wuji.rows_tell(giver int, taker int) returns jsonb language plpgsql set search_path = pg_catalog, wuji, pg_temp as
$$
declare t record; told jsonb; found jsonb := '{}';
begin
  for t in select * from rows_mine(false) m where m.shown loop
    execute format('with told as (update %1$s x set audience = tokens_give(x.audience, $1, $2) from (select y.ctid as at, y.audience from %1$s y where y.audience && $3) o
                                   where x.ctid = o.at returning jsonb_build_array(jsonb_build_array(%2$s), o.audience) k) select coalesce(jsonb_agg(k), ''[]'') from told', t.name, t.key)
       into told using giver, taker, array[giver * 8, giver * 8 + 1, giver * 8 + 2, giver * 8 + 3];
    if told <> '[]' then found := found || jsonb_build_object(t.name::text, jsonb_build_object('gone', '[]'::jsonb, 'told', told)); end if;
  end loop;
  return found;
end $$;

-- Two accounts of what was changed, by table, as one.
-- to: wuji_app wuji_definer
create function wuji.rows_joined(a jsonb, b jsonb) returns jsonb language sql immutable set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(jsonb_object_agg(k, jsonb_build_object('gone', coalesce(a #> array[k, 'gone'], '[]') || coalesce(b #> array[k, 'gone'], '[]'),
                                                          'told', coalesce(a #> array[k, 'told'], '[]') || coalesce(b #> array[k, 'told'], '[]'))), '{}')
     from (select jsonb_object_keys(a) k union select jsonb_object_keys(b)) x $$;

-- The way back, for rows that are still there and still as they were given.
-- to: wuji_app wuji_definer
create function wuji.rows_return(given jsonb, giver int, taker int) returns void language plpgsql set search_path = pg_catalog, wuji, pg_temp as
$$
declare t record;
begin
  for t in select * from rows_mine(false) m where given ? m.name::text loop
    execute format('update %s x set tenant_id = $2 where x.tenant_id = $3 and jsonb_build_array(%s) in (select jsonb_array_elements($1))', t.name, t.key)
      using given -> t.name::text -> 'gone', giver, taker;
    if t.shown then
      execute format('update %s x set audience = o.audience from (select e -> 0 k, array(select jsonb_array_elements_text(e -> 1)::int) audience from jsonb_array_elements($1) e) o
                       where jsonb_build_array(%s) = o.k and x.audience = tokens_give(o.audience, $2, $3)', t.name, t.key)
        using given -> t.name::text -> 'told', giver, taker;
    end if;
  end loop;
end $$;

-- What wuji_definer does of a merge; the rest is wuji_app's, in the same transaction. The giver is closed, its code leads to the taker.
-- to:
create function wuji.tenant_merge(giver int, taker int) returns jsonb language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a tenant; b tenant; present tenant_code; docs jsonb; kept jsonb; today date;
begin
  select * into a from tenant where id = giver for update;
  select * into b from tenant where id = taker;
  if a.id = any(b.ancestors) then raise exception 'a tenant cannot become part of one below it' using errcode = 'check_violation', constraint = 'surgery_below_itself'; end if;
  if exists(select from tenant x where x.id = any(b.ancestors) and x.state <> 'active') then
    raise exception 'the taker is not active' using errcode = 'check_violation', constraint = 'surgery_parent_state';
  end if;
  -- what an undone split or a merge has closed has no code, and stays below
  if exists(select from tenant c join tenant_code k on k.tenant_id = c.id and k.valid_to is null where c.parent_id = a.id) then raise exception 'there are tenants below' using errcode = 'check_violation', constraint = 'surgery_children'; end if;
  select * into present from tenant_code k where k.tenant_id = a.id and k.valid_to is null;
  today := tenant_today(a.root_id);
  kept := jsonb_build_object('taker', b.id, 'state', a.state, 'code', present.code, 'own', rows_give(a.id, b.id));
  insert into role_grant_former(role_grant_id, tenant_id, until)
    select (k ->> 0)::uuid, a.id, today from jsonb_array_elements(kept #> '{own,role_grant,gone}') k;
  insert into fact_former(figure, subject_id, from_id, to_id, until, happened_on, person, sum, part, n)
    select f.figure, f.subject_id, a.id, b.id, today, f.happened_on, f.person, f.sum, f.part, f.n from fact f where f.tenant_id = a.id;
  with moved as (
    update search_document d set tenant_id = case when d.tenant_id = a.id then b.id else d.tenant_id end,
           access = array(select x from unnest(tokens_give(d.access, a.id, b.id)) x where d.tenant_id <> a.id or x & 7 <> 4
                          union select x * 8 + 4 from unnest(b.ancestors) x where d.tenant_id = a.id order by 1)
      from (select e.kind, e.id, e.tenant_id, e.access from search_document e where (e.tenant_id = a.id or e.access && array[a.id * 8, a.id * 8 + 1, a.id * 8 + 2, a.id * 8 + 3])
               and e.kind <> 'tenant' and e.dropped_at is null) o
     where d.kind = o.kind and d.id = o.id returning d.kind, d.id, d.access as present, o.tenant_id, o.access)
  select coalesce(jsonb_agg(to_jsonb(m)), '[]') into docs from moved m;
  update search_suggestion s set access = d.access from search_document d, jsonb_to_recordset(docs) o(kind text, id text)
   where s.kind = o.kind and s.id = o.id and d.kind = o.kind and d.id = o.id;
  update tenant t set state = 'archived', version = t.version + 1 where t.id = a.id;
  update tenant_code k set valid_to = today where k.id = present.id;
  insert into tenant_code(tenant_id, code, kind, valid_from, valid_to) values (b.id, present.code, present.kind, today, today);
  update tenant_place p set valid_to = today where p.tenant_id = a.id and p.valid_to is null;
  perform plugin_epoch_raise();
  return kept || jsonb_build_object('docs', docs);
end $$;

-- to:
create function wuji.tenant_unmerge(giver int, kept jsonb) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare a tenant; taker int := (kept ->> 'taker')::int; today date;
begin
  select * into a from tenant where id = giver for update;
  today := tenant_today(a.root_id);
  update tenant t set state = kept ->> 'state', version = t.version + 1 where t.id = a.id;
  insert into tenant_code(tenant_id, code, kind, valid_from) values (a.id, kept ->> 'code', case when a.category = 'territory' then 'division' else 'uscc' end, today);
  insert into tenant_place(tenant_id, parent_id, level, valid_from) values (a.id, a.parent_id, a.level, today);
  perform rows_return(kept -> 'own', a.id, taker);
  insert into role_grant_former(role_grant_id, tenant_id, until)
    select g.id, taker, today from jsonb_array_elements(kept #> '{own,role_grant,gone}') k join role_grant g on g.id = (k ->> 0)::uuid and g.tenant_id = a.id;
  insert into fact_former(figure, subject_id, from_id, to_id, until, happened_on, person, sum, part, n)
    select distinct on (o.figure, o.subject_id, o.happened_on, o.person) o.figure, o.subject_id, taker, a.id, today, o.happened_on, o.person, o.sum, o.part, o.n
      from fact_former o join fact f on (f.figure, f.subject_id, f.tenant_id, f.happened_on, f.person) = (o.figure, o.subject_id, taker, o.happened_on, o.person)
     where o.from_id = a.id and o.to_id = taker order by o.figure, o.subject_id, o.happened_on, o.person, o.id desc;
  update search_document d set tenant_id = o.tenant_id, access = o.access from jsonb_to_recordset(kept -> 'docs') o(kind text, id text, present int[], tenant_id int, access int[])
   where d.kind = o.kind and d.id = o.id and d.access = o.present and d.dropped_at is null;
  update search_suggestion s set access = d.access from search_document d, jsonb_to_recordset(kept -> 'docs') o(kind text, id text)
   where s.kind = o.kind and s.id = o.id and d.kind = o.kind and d.id = o.id;
  -- of a row that was shown to others since: it has gone back, shown as it is
  update search_document d set tenant_id = a.id from jsonb_to_recordset(kept -> 'docs') o(kind text, id text, tenant_id int)
   where d.kind = o.kind and d.id = o.id and o.tenant_id = a.id and d.tenant_id = taker and d.dropped_at is null;
  perform search_relocate(a.pos, a.pos_hi);
  perform plugin_epoch_raise();
end $$;

-- What wuji_app has changed of a merge, kept beside what wuji_definer has: in the transaction of the change, by whoever made it.
-- to: wuji_app
create function wuji.change_keep(change_id uuid, given jsonb) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  update tenant_change c set carried = c.carried || jsonb_build_object('app', given)
   where c.id = change_id and c.created_at = now() and scope_ok() and c.requested_by = scope_account() and c.carried ? 'taker' and not c.carried ? 'app';
  if not found then raise exception 'no such change' using errcode = 'no_data_found'; end if;
end $$;

-- What lies outside the range of whoever merged, or took it back: by the program, in the whole tree, once the change has been made.
-- to: wuji_app
create function wuji.merge_retell(giver int) returns void language plpgsql set search_path = pg_catalog, wuji, pg_temp as
$$
declare c tenant_change;
begin
  select * into c from tenant_change x where x.subject_id = giver and x.carried ? 'taker' order by x.created_at desc, x.id desc limit 1;
  if c.id is null then return; end if;
  if c.state = 'applied' then perform change_told(c.id, rows_tell(giver, (c.carried ->> 'taker')::int));
  else perform rows_return(c.carried -> 'told', giver, (c.carried ->> 'taker')::int); end if;
end $$;

-- to: wuji_app
create function wuji.change_told(change_id uuid, told jsonb) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_hi() > 0 and account_is_system(scope_account())) is not true then
    raise exception 'only the program itself' using errcode = 'insufficient_privilege';
  end if;
  update tenant_change c set carried = c.carried || jsonb_build_object('told', rows_joined(coalesce(c.carried -> 'told', '{}'), told))
   where c.id = change_id and c.carried ? 'taker' and c.state = 'applied' and c.pos between scope_lo() and scope_hi();
end $$;
