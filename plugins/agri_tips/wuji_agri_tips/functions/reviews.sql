-- Reviewing: at a tenant above the tip's own, or at the root by another of its officials; never by anybody who wrote any of it.

-- The tip, locked, for whoever may review it while acting at their tenant.
-- to:
create function plugin_agri_tips.tip_judged(tip_id uuid, version int, permission text) returns tip
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip; o tenant; r tenant;
begin
  select * into t from tip where id = tip_id for update;
  select * into o from tenant where id = t.tenant_id;
  if t.id is null or in_sight(o) is not true then raise exception 'no such tip' using errcode = 'no_data_found'; end if;
  select * into r from tenant where id = scope_tenant();
  perform demand('agri_tips.tip.review', r);
  perform demand(permission, r);
  if not (r.id = any(o.ancestors) and (r.id <> o.id or o.parent_id is null)) then
    raise exception 'the level above reviews' using errcode = 'check_violation', constraint = 'tip_level';
  end if;
  if tip_judged.version <> t.version then raise exception 'changed' using errcode = 'check_violation', constraint = 'tip_changed'; end if;
  if t.state <> 'in_review' then raise exception 'not now' using errcode = 'check_violation', constraint = 'tip_state'; end if;
  if scope_account() = any(t.authors) then raise exception 'their own' using errcode = 'check_violation', constraint = 'tip_own'; end if;
  return t;
end $$;

-- Tokens of "holds at least that class somewhere in that tenant"; class 0 is everybody there.
-- to: wuji_definer
create function plugin_agri_tips.audience_of(reach_id int, class int) returns int[] language sql immutable parallel safe as
$$ select array(select reach_id * 8 + c from generate_series(class, case when class = 0 then 0 else 3 end) c) $$;

-- Published to a tenant between the tip's own and the reviewer's. A draft that replaces another becomes that other: its address, marks
-- and counts go on. Returns the id under which it is read.
-- to: wuji_app
create function plugin_agri_tips.tip_publish(tip_id uuid, version int, reach_id int, class int) returns uuid
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip := tip_judged(tip_id, version, 'agri_tips.tip.publish'); o tenant; id_shown uuid := coalesce(t.replaces_id, t.id);
begin
  select * into o from tenant where id = t.tenant_id;
  if coalesce(array_position(o.ancestors, reach_id) >= array_position(o.ancestors, scope_tenant()), false) is not true then
    raise exception 'too far' using errcode = 'check_violation', constraint = 'tip_reach';
  end if;
  if class is null or class not between 0 and 3 then raise exception 'no such class' using errcode = 'invalid_parameter_value'; end if;
  if t.replaces_id is not null then
    delete from tip_media m where m.tip_id = t.replaces_id;
    update tip_media m set tip_id = t.replaces_id where m.tip_id = t.id;
    delete from tip where id = t.id;
  end if;
  update tip p set state = 'published', audience = audience_of(tip_publish.reach_id, class), reach_id = tip_publish.reach_id, audience_class = class,
         months = t.months, terms = t.terms, subject = t.subject, locality = t.locality, title = t.title, summary = t.summary, body = t.body,
         title_en = t.title_en, summary_en = t.summary_en, authors = t.authors, submitted_at = t.submitted_at, due_on = null, reason = '',
         reviewed_by = scope_account(), reviewed_at = now(), reviewed_at_id = scope_tenant(), published_at = now(), withdrawn_at = null
   where p.id = id_shown;
  update tip_media m set audience = audience_of(tip_publish.reach_id, class) where m.tip_id = id_shown;
  return id_shown;
end $$;

-- to: wuji_app
create function plugin_agri_tips.tip_return(tip_id uuid, version int, reason text) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip := tip_judged(tip_id, version, 'agri_tips.tip.review');
begin
  if coalesce(reason, '') = '' then raise exception 'why' using errcode = 'invalid_parameter_value'; end if;
  update tip set state = 'returned', reason = tip_return.reason, due_on = null, reviewed_by = scope_account(), reviewed_at = now(), reviewed_at_id = scope_tenant()
   where id = t.id;
end $$;

-- At the tip's own tenant or above it. Nobody reads it any more, and nothing of it is lost.
-- to: wuji_app
create function plugin_agri_tips.tip_withdraw(tip_id uuid, version int, reason text) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip; o tenant;
begin
  select * into t from tip where id = tip_id for update;
  select * into o from tenant where id = t.tenant_id;
  if t.id is null or in_sight(o) is not true then raise exception 'no such tip' using errcode = 'no_data_found'; end if;
  perform demand('agri_tips.tip.withdraw', o);
  if tip_withdraw.version <> t.version then raise exception 'changed' using errcode = 'check_violation', constraint = 'tip_changed'; end if;
  if t.state <> 'published' then raise exception 'not now' using errcode = 'check_violation', constraint = 'tip_state'; end if;
  if coalesce(reason, '') = '' then raise exception 'why' using errcode = 'invalid_parameter_value'; end if;
  update tip set state = 'withdrawn', audience = null, reason = tip_withdraw.reason, withdrawn_at = now() where id = t.id;
  update tip_media m set audience = null where m.tip_id = t.id;
end $$;

-- What a pack brings: only by the program's own account. Known by its origin at its tenant; one that nobody has touched takes what
-- differs. Returns what was done ('made', 'changed', 'left') and to which tip.
-- to: wuji_app
create function plugin_agri_tips.tip_import(tenant_id int, origin text, state text, class int, reach_id int, reason text, content jsonb) returns text[]
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare o tenant; t tip; r tip; did text := 'changed'; shown boolean := tip_import.state in ('published', 'withdrawn');
begin
  select * into o from tenant where id = tip_import.tenant_id;
  if o.id is null or in_sight(o) is not true or account_is_system(scope_account()) is not true then
    raise exception 'only the program imports' using errcode = 'insufficient_privilege';
  end if;
  if not tip_import.reach_id = any(o.ancestors) then raise exception 'too far' using errcode = 'check_violation', constraint = 'tip_reach'; end if;
  if tip_import.state not in ('draft', 'in_review', 'published', 'withdrawn') then raise exception 'no such state' using errcode = 'invalid_parameter_value'; end if;
  select * into t from tip where tip.tenant_id = o.id and tip.origin = tip_import.origin for update;
  if t.id is null then
    did := 'made';
    insert into tip(tenant_id, origin, reach_id) values (o.id, tip_import.origin, o.id) returning * into t;
  end if;
  r := jsonb_populate_record(t, content);
  if did = 'changed' and (t.authors <> '{}' or t.reviewed_by is distinct from scope_account() or t.state <> tip_import.state
      or (t.months, t.terms, t.subject, t.locality, t.title, t.summary, t.body, t.title_en, t.summary_en, t.reach_id, t.audience_class)
       = (r.months, r.terms, r.subject, r.locality, r.title, r.summary, r.body, r.title_en, r.summary_en, tip_import.reach_id, class::smallint)) then
    return array['left', t.id::text];
  end if;
  update tip set months = r.months, terms = r.terms, subject = r.subject, locality = r.locality, title = r.title, summary = r.summary, body = r.body,
         title_en = r.title_en, summary_en = r.summary_en, reach_id = tip_import.reach_id, audience_class = class, state = tip_import.state,
         audience = case when tip_import.state = 'published' then audience_of(tip_import.reach_id, class) end, reason = coalesce(tip_import.reason, ''),
         submitted_at = case when tip_import.state <> 'draft' then now() end, due_on = case when tip_import.state = 'in_review' then tenant_today(o.root_id) + 3 end,
         reviewed_by = scope_account(), reviewed_at = now(), reviewed_at_id = case when shown then coalesce(o.parent_id, o.id) end,
         published_at = case when shown then now() end, withdrawn_at = case when tip_import.state = 'withdrawn' then now() end
   where id = t.id;
  update tip_media m set audience = (select p.audience from tip p where p.id = t.id) where m.tip_id = t.id;
  return array[did, t.id::text];
end $$;
