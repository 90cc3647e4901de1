-- The way of a tip: begun, changed and submitted where it belongs, reviewed by the level above, withdrawn. Each function asks for the
-- right itself; what it refuses by a rule it names as a constraint (services/refusals.py).

-- The tip, locked, for whoever may work on it at its own tenant. Out of sight and absent: one answer.
-- to:
create function plugin_agri_tips.tip_held(tip_id uuid, version int, permission text, states text[]) returns tip
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip; o tenant;
begin
  select * into t from tip where id = tip_id for update;
  select * into o from tenant where id = t.tenant_id;
  if t.id is null or in_sight(o) is not true then raise exception 'no such tip' using errcode = 'no_data_found'; end if;
  if o.id is distinct from scope_tenant() then raise exception 'not here' using errcode = 'check_violation', constraint = 'tip_elsewhere'; end if;
  perform demand(permission, o);
  if tip_held.version <> t.version then raise exception 'changed' using errcode = 'check_violation', constraint = 'tip_changed'; end if;
  if not t.state = any(states) then raise exception 'not now' using errcode = 'check_violation', constraint = 'tip_state'; end if;
  return t;
end $$;

-- An empty draft at the acting tenant, or one that begins as what it is to replace.
-- to: wuji_app
create function plugin_agri_tips.tip_start(replaces_id uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare o tenant; old tip; made uuid := new_id();
begin
  select * into o from tenant where id = scope_tenant();
  perform demand('agri_tips.tip.write', o);
  if replaces_id is null then
    insert into tip(id, tenant_id, authors, reach_id) values (made, o.id, array[scope_account()], o.id);
    return made;
  end if;
  old := tip_held(replaces_id, null, 'agri_tips.tip.write', '{published,withdrawn}');
  insert into tip(id, tenant_id, authors, replaces_id, months, terms, subject, locality, title, summary, body, title_en, summary_en, reach_id, audience_class)
    values (made, o.id, array[scope_account()], old.id, old.months, old.terms, old.subject, old.locality, old.title, old.summary, old.body, old.title_en,
            old.summary_en, old.reach_id, old.audience_class);
  insert into tip_media(tip_id, tenant_id, audience, number, place, kind, name, alt, caption, transcript, width, height, seconds, size, file_id, medium_id, small_id)
    select made, tenant_id, null, number, place, kind, name, alt, caption, transcript, width, height, seconds, size, file_id, medium_id, small_id
      from tip_media where tip_media.tip_id = old.id;
  return made;
end $$;

-- Fields that `content` does not name stay as they are. Whoever changes anything, pictures too, is an author from now on.
-- to: wuji_app
create function plugin_agri_tips.tip_change(tip_id uuid, version int, content jsonb) returns int
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip; r tip; o tenant; made int;
begin
  t := tip_held(tip_id, version, 'agri_tips.tip.write', '{draft,returned}');
  r := jsonb_populate_record(t, content);
  select * into o from tenant where id = t.tenant_id;
  if not r.reach_id = any(o.ancestors) then raise exception 'too far' using errcode = 'check_violation', constraint = 'tip_reach'; end if;
  update tip set months = r.months, terms = r.terms, subject = r.subject, locality = r.locality, title = r.title, summary = r.summary, body = r.body,
         title_en = r.title_en, summary_en = r.summary_en, reach_id = r.reach_id, audience_class = r.audience_class,
         authors = case when scope_account() = any(t.authors) then t.authors else t.authors || scope_account() end,
         reviewed_by = nullif(t.reviewed_by, scope_account())
   where id = t.id returning tip.version into made;
  return made;
end $$;

-- Who submits stands for it: they do not review it either.
-- to: wuji_app
create function plugin_agri_tips.tip_submit(tip_id uuid, version int, due_on date) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip := tip_held(tip_id, version, 'agri_tips.tip.submit', '{draft,returned}');
begin
  update tip set state = 'in_review', submitted_at = now(), due_on = tip_submit.due_on, reason = '', reviewed_by = null, reviewed_at = null, reviewed_at_id = null,
         authors = case when scope_account() = any(t.authors) then t.authors else t.authors || scope_account() end
   where id = t.id;
end $$;

-- to: wuji_app
create function plugin_agri_tips.tip_take_back(tip_id uuid, version int) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip := tip_held(tip_id, version, 'agri_tips.tip.submit', '{in_review}');
begin
  update tip set state = 'draft', submitted_at = null, due_on = null, reviewed_by = null where id = t.id;
end $$;

-- Nothing that was ever published is deleted: it is withdrawn.
-- to: wuji_app
create function plugin_agri_tips.tip_drop(tip_id uuid, version int) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip := tip_held(tip_id, version, 'agri_tips.tip.write', '{draft,returned}');
begin
  delete from tip where id = t.id;
end $$;

-- What waits for review at a tenant where the module is switched off goes back to its authors, so that nobody above waits for it.
-- to: wuji_app
create function plugin_agri_tips.tips_rest(tenant_id int) returns setof uuid
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare o tenant;
begin
  select * into o from tenant where id = tips_rest.tenant_id;
  if o.id is null or in_sight(o) is not true then return; end if;
  return query update tip t set state = 'draft', submitted_at = null, due_on = null where t.tenant_id = o.id and t.state = 'in_review'
    returning coalesce(t.replaces_id, t.id);
end $$;
