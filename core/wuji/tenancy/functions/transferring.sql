-- Trees that part and join. One side asks, the other agrees: somebody who holds the right at the top of what goes, and somebody who holds
-- it at the parent or above. An official of the city does not consent for the district, so the subject's side acts at the subject itself,
-- with a role that was given there.

-- Which side the caller acts for; null: none.
-- to:
create function wuji.transfer_side(subject int, parent int) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case
     when scope_ok() and scope_hi() > 0 and scope_tenant() = subject
          and exists(select from grants_live(scope_account()) l where l.tenant_id = subject and 'tenancy.tenant.move' = any(l.permissions)) then 'subject'
     when scope_tenant() <> subject and (select may('tenancy.tenant.move', t) from tenant t where t.id = parent) then 'parent' end $$;

-- Whether somebody still holds the right for a side.
-- to:
create function wuji.transfer_stands(r tenant_transfer) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from grants_live(r.requested_by) l, tenant p where p.id = r.parent_id and 'tenancy.tenant.move' = any(l.permissions)
                    and case r.side when 'subject' then l.tenant_id = r.subject_id else l.tenant_id = any(p.ancestors) end)
        and exists(select from account a where a.id = r.requested_by and a.state = 'active') $$;

-- What concerns the acting range, at either end; after a release the one who let go still sees it.
-- to: wuji_app
create function wuji.transfers_seen() returns table(id uuid, op text, subject_id int, parent_id int, level int, code text, side text, mine text, state text, reason text, fingerprint text, created_at timestamptz, expires_at timestamptz, answered_at timestamptz, answer text, plan jsonb, undo jsonb, undo_side text, undo_reason text, undone_at timestamptz, version int, asker text, own boolean)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select r.id, r.op, r.subject_id, r.parent_id, r.level, r.code, r.side, transfer_side(r.subject_id, r.parent_id),
          case when r.state = 'asked' and r.expires_at <= now() then 'expired' else r.state end, r.reason, r.fingerprint, r.created_at, r.expires_at, r.answered_at,
          r.answer, r.plan, r.undo, r.undo_side, r.undo_reason, r.undone_at, r.version,
          case when r.side = transfer_side(r.subject_id, r.parent_id) then (select a.name from account a where a.id = r.requested_by) end,
          case when r.state = 'applied' then r.undo_asked_by else r.requested_by end is not distinct from scope_account()
     from tenant_transfer r
    where scope_ok() and exists(select from tenant t where t.id in (r.subject_id, r.parent_id) and (t.pos between scope_lo() and scope_hi() or scope_hi() > 0 and t.id = scope_tenant())) $$;

-- The transfer, with both trees held in the order of their roots: two transfers, or one and a redrawing, wait for each other and never both.
-- Raises where it is none of the caller's.
-- to:
create function wuji.transfer_hold(transfer_id uuid) returns tenant_transfer language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer;
begin
  select * into r from tenant_transfer x where x.id = transfer_id;
  if r.id is null or not exists(select from transfers_seen() s where s.id = r.id) then raise exception 'no such transfer' using errcode = 'no_data_found'; end if;
  if transfer_side(r.subject_id, r.parent_id) is null then raise exception 'permission tenancy.tenant.move is missing' using errcode = 'insufficient_privilege'; end if;
  perform from tenant t where t.id in (select x.root_id from tenant x where x.id in (r.subject_id, r.parent_id)) order by t.id for no key update;
  select * into r from tenant_transfer x where x.id = transfer_id for update;
  return r;
end $$;

-- Rules about plugins that are heard in the subject's tree, or would be.
-- to:
create function wuji.transfer_heard(subject int, parent int) returns setof plugin_rule language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select r.* from plugin_rule r, tenant t, tenant p where t.id = subject and p.id = parent
      and (r.pos between t.pos and t.pos_hi or r.tenant_id = any(t.ancestors || p.ancestors)) $$;

-- What follows of a transfer for whoever is concerned, without numbers, and which tenants are above before and after.
-- to:
create function wuji.transfer_follows(op text, subject int, parent int) returns jsonb language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
select jsonb_build_object(
  'root', jsonb_build_object('now', t.root_id, 'then', case op when 'adopt' then p.root_id else t.id end),
  'zone', jsonb_build_object('now', tenant_zone(t.root_id), 'then', tenant_zone(case op when 'adopt' then p.root_id else t.id end)),
  'above', (select jsonb_agg(x order by n) from unnest(p.ancestors) with ordinality a(x, n)),
  'settings', (select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'mode', s.mode, 'at', s.tenant_id) order by s.key, s.tenant_id), '[]') from setting_value s where s.tenant_id = any(p.ancestors)),
  'rules', (select coalesce(jsonb_agg(jsonb_build_object('plugin_id', r.plugin_id, 'rule', r.rule, 'at', r.tenant_id, 'by', r.by_tenant_id) order by r.plugin_id, r.tenant_id, r.by_tenant_id), '[]')
     from plugin_rule r where op = 'release' and r.pos between t.pos and t.pos_hi and r.by_tenant_id = any(p.ancestors)),
  'roles', (select coalesce(jsonb_agg(jsonb_build_object('name', o.name, 'label', o.label, 'labels', o.labels) order by o.name, o.id), '[]') from role o
     where case op when 'adopt' then o.tenant_id = t.id
           else o.tenant_id = any(p.ancestors) and exists(select from role_grant g where g.role_id = o.id and g.pos between t.pos and t.pos_hi) end),
  'taken', (select coalesce(jsonb_agg(o.name order by o.name), '[]') from role o, role q where op = 'adopt' and o.tenant_id = t.id and q.tenant_id = p.root_id and q.name = o.name),
  'namesakes', (select coalesce(jsonb_agg(n.id order by n.id), '[]') from tenant n where op = 'adopt' and n.parent_id = p.id and n.name_key = t.name_key and n.state = 'active'))
  from tenant t, tenant p where t.id = subject and p.id = parent $$;

-- Of all that a plan says but numbers, and of the rules about plugins that it was worked out from.
-- to:
create function wuji.transfer_print(op text, subject int, parent int, level int, code text) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select encode(sha256(convert_to(concat_ws('|', op, subject, parent, level, code, transfer_follows(op, subject, parent)::text,
     (select string_agg(h.id || ':' || h.version, ',' order by h.id) from transfer_heard(subject, parent) h)), 'UTF8')), 'hex') $$;

-- Whether the other side has put this before the caller's, or both have agreed: only then are its numbers shown, or anybody could ask for those of anybody.
-- to:
create function wuji.transfer_open(op text, subject int, parent int, mine text) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from tenant_transfer r where r.subject_id = subject and r.parent_id = parent and r.expires_at > now()
                    and (r.state = 'applied' or r.op = transfer_open.op and r.side <> mine and r.state = 'asked')) $$;

-- The plan as the caller's side may see it: tenants, officials above (numbers of them are the parent's to show), people of each class who come
-- or go (the subject's), settings and rules.
-- to: wuji_app
create function wuji.transfer_foresee(op text, subject int, parent int, level int, code text) returns jsonb language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare mine text := transfer_side(subject, parent); t tenant; p tenant; told boolean; s jsonb := transfer_follows(op, subject, parent);
begin
  if mine is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  select * into t from tenant n where n.id = subject;
  select * into p from tenant n where n.id = parent;
  told := transfer_open(op, subject, parent, mine) or op = 'release';
  if not told and mine = 'subject' then s := s - 'settings' - 'taken'; end if;
  if not told and mine = 'parent' then s := s - 'roles' - 'taken'; end if;
  return s || jsonb_build_object('mine', mine, 'fingerprint', transfer_print(op, subject, parent, level, code),
    'tenants', case when told or mine = 'subject' then
       (select jsonb_agg(x order by x.level) from (select n.level, count(*) as tenants from tenant n where n.pos between t.pos and t.pos_hi group by n.level) x) end,
    'officials', case when told or mine = 'parent' then
       (select coalesce(jsonb_object_agg(x.id, x.people), '{}') from (
          select g.tenant_id as id, count(distinct g.account_id) as people from role_grant g join role r on r.id = g.role_id
           where g.tenant_id = any(p.ancestors) and r.reach = 'subtree' and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) group by 1) x) end,
    'people', case when told or mine = 'subject' then
       (select coalesce(jsonb_agg(x order by x.class), '[]') from (
          select r.class, count(distinct g.account_id) as people from role_grant g join role r on r.id = g.role_id
           where g.pos between t.pos and t.pos_hi and r.class > 0 and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) group by 1) x) end);
end $$;

-- The rules, for whoever works out where plugins switch.
-- to: wuji_app
create function wuji.transfer_rules(op text, subject int, parent int) returns setof plugin_rule language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare mine text := transfer_side(subject, parent);
begin
  if mine is null or not (op = 'release' or transfer_open(op, subject, parent, mine)) then raise exception 'not to be seen' using errcode = 'insufficient_privilege'; end if;
  return query select * from transfer_heard(subject, parent);
end $$;

-- Asks the other side. What is out of sight and not in the directory answers as absent. Of one tenant there is one open wish.
-- to: wuji_app
create function wuji.transfer_ask(op text, subject int, parent int, level int, code text, fingerprint text, reason text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; made uuid := new_id(); mine text := transfer_side(subject, parent);
begin
  if mine is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  select * into t from tenant n where n.id = subject for no key update;
  if (case op when 'adopt' then t.parent_id is null and not exists(select from tenant p where p.id = parent and p.root_id = t.id) else t.parent_id = parent end) is not true then
    raise exception 'not its place' using errcode = 'check_violation', constraint = 'transfer_place';
  end if;
  if exists(select from tenant_transfer r where r.subject_id = t.id and r.state = 'asked' and r.expires_at > now()) then
    raise exception 'asked already' using errcode = 'check_violation', constraint = 'transfer_open';
  end if;
  if transfer_print(op, t.id, parent, level, code) <> fingerprint then
    raise exception 'the plan has changed' using errcode = 'check_violation', constraint = 'transfer_changed';
  end if;
  insert into tenant_transfer(id, op, subject_id, parent_id, level, code, side, reason, fingerprint, requested_by, expires_at)
  values (made, op, t.id, parent, level, code, mine, reason, fingerprint, scope_account(), now() + interval '14 days');
  perform transfer_note(made, 'ask', reason);
  return made;
end $$;

-- One event with a record at each end, the lower root first: whoever answers for an end is told by its own tree.
-- to:
create function wuji.transfer_note(transfer_id uuid, verb text, reason text) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with e as materialized (select new_id() as event)
select journal_add('tenancy.transfer.' || verb, 'tenant_transfer', transfer_id::text, x.id, scope_account(), '{state}', e.event, transfer_note.reason)
  from e, (select t.id from tenant_transfer r join tenant t on t.id in (r.subject_id, r.parent_id) where r.id = transfer_id order by t.root_id, t.id offset 0) x
$$;

-- Ends a wish, or a wish to take back, without doing it: by its own side (withdraw) or by the other (decline). False: it is over.
-- to: wuji_app
create function wuji.transfer_close(transfer_id uuid, verb text, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer := transfer_hold(transfer_id); mine text := transfer_side(r.subject_id, r.parent_id); asker text;
begin
  asker := case when r.state = 'applied' then r.undo_side else r.side end;
  if asker is null or r.state not in ('asked', 'applied') or r.expires_at <= now() then return false; end if;
  if verb not in ('withdraw', 'decline') or (verb = 'withdraw') <> (asker = mine) then
    raise exception 'the other side''s to do' using errcode = 'check_violation', constraint = 'transfer_side';
  end if;
  if r.state = 'applied' then
    update tenant_transfer x set undo_side = null, undo_reason = '' where x.id = r.id;
  else
    update tenant_transfer x set state = case verb when 'withdraw' then 'withdrawn' else 'declined' end, answer = transfer_close.reason, answered_at = now(),
           answered_by = case verb when 'decline' then scope_account() end where x.id = r.id;
  end if;
  perform transfer_note(r.id, verb, reason);
  return true;
end $$;

-- Roles of former roots that are held in a tree that leaves theirs become roles of its own top, so that nobody outside it changes what they
-- mean. Returns {"grants": [[id, role]], "invitations": [...], "roles": [made]} for the way back.
-- to:
create function wuji.roles_take_along(top int) returns jsonb language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; o role; mine int; made int[] := '{}'; given jsonb := '[]'; invited jsonb := '[]'; part jsonb;
begin
  select * into t from tenant n where n.id = top;
  for o in select * from role r where r.tenant_id is not null
            and r.id in (select g.role_id from role_grant g where g.pos between t.pos and t.pos_hi union select i.role_id from invitation i where i.pos between t.pos and t.pos_hi)
            and not exists(select from tenant n where n.id = r.tenant_id and n.pos between t.pos and t.pos_hi) order by r.id loop
    insert into role(tenant_id, name, label, labels, permissions, reach, class)
    values (t.id, o.name || case when exists(select from role x where x.tenant_id = t.id and x.name = o.name) then '_' || o.id else '' end,
            o.label, o.labels, o.permissions, o.reach, o.class) returning role.id into mine;
    made := made || mine;
    with gone as (update role_grant g set role_id = mine where g.role_id = o.id and g.pos between t.pos and t.pos_hi returning jsonb_build_array(g.id, o.id) k)
    select coalesce(jsonb_agg(k), '[]') into part from gone;
    given := given || part;
    with gone as (update invitation i set role_id = mine where i.role_id = o.id and i.pos between t.pos and t.pos_hi returning jsonb_build_array(i.id, o.id) k)
    select coalesce(jsonb_agg(k), '[]') into part from gone;
    invited := invited || part;
  end loop;
  return jsonb_build_object('grants', given, 'invitations', invited, 'roles', to_jsonb(made));
end $$;

-- to:
create function wuji.roles_bring_back(taken jsonb) returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
update role_grant g set role_id = (k ->> 1)::int from jsonb_array_elements(taken -> 'grants') k where g.id = (k ->> 0)::uuid;
update invitation i set role_id = (k ->> 1)::int from jsonb_array_elements(taken -> 'invitations') k where i.id = (k ->> 0)::uuid;
delete from role r where r.id in (select k::int from jsonb_array_elements_text(taken -> 'roles') k)
   and not exists(select from role_grant g where g.role_id = r.id) and not exists(select from invitation i where i.role_id = r.id);
$$;

-- The subject to its new place, below `parent` or (null) as a root; what is noted: at the subject, at whoever loses it, and for the operator,
-- who looks after roots. Sums are counted anew in both trees.
-- to:
create function wuji.transfer_put(subject int, parent int, level int, code text, verb text, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; present text; taken jsonb := '{}'; event uuid := new_id(); changed text[] := '{parent_id,root_id}'; told int;
begin
  select * into t from tenant n where n.id = subject;
  present := (select c.code from tenant_code c where c.tenant_id = t.id and c.valid_to is null);
  if t.level <> transfer_put.level then changed := changed || '{level}'; end if;
  if present <> transfer_put.code then changed := changed || '{code}'; end if;
  perform tenant_put(t.id, parent, level, code);
  delete from rollup_state s where s.tenant_id = t.id;
  if parent is null then taken := roles_take_along(t.id); end if;
  for told in select x from unnest(array[t.id, t.parent_id]) x where x is not null order by (select n.root_id from tenant n where n.id = x), x loop
    perform journal_add('tenancy.tenant.' || verb, 'tenant', t.id::text, told, scope_account(), changed, event, reason);
  end loop;
  perform journal_add('tenancy.tenant.' || verb, 'tenant', t.id::text, null, scope_account(), changed, event, reason);
  return jsonb_build_object('parent_id', t.parent_id, 'level', t.level, 'code', present, 'roles', taken);
end $$;

-- Does what was asked for. False: it is over, by time, because somebody was faster, or because whoever asked has the right no more.
-- to: wuji_app
create function wuji.transfer_agree(transfer_id uuid, fingerprint text, plan jsonb, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer := transfer_hold(transfer_id); t tenant; back jsonb; to_parent int;
begin
  if r.state <> 'asked' or r.expires_at <= now() or not transfer_stands(r) then return false; end if;
  if transfer_side(r.subject_id, r.parent_id) = r.side or r.requested_by = scope_account() then
    raise exception 'the other side''s to do' using errcode = 'check_violation', constraint = 'transfer_side';
  end if;
  select * into t from tenant n where n.id = r.subject_id;
  if t.parent_id is distinct from (case r.op when 'release' then r.parent_id end) then
    raise exception 'not its place' using errcode = 'check_violation', constraint = 'transfer_place';
  end if;
  if (transfer_print(r.op, r.subject_id, r.parent_id, r.level, r.code) = all(array[r.fingerprint, transfer_agree.fingerprint])) is not true then
    raise exception 'the plan has changed' using errcode = 'check_violation', constraint = 'transfer_changed';
  end if;
  to_parent := case r.op when 'adopt' then r.parent_id end;
  back := transfer_put(t.id, to_parent, r.level, r.code, r.op, reason);
  update tenant_transfer x set state = 'applied', answered_by = scope_account(), answered_at = now(), answer = transfer_agree.reason, plan = transfer_agree.plan, undo = back,
         expires_at = now() + interval '30 days' where x.id = r.id;
  perform transfer_note(r.id, 'agree', reason);
  return true;
end $$;

-- What keeps a transfer from being done (asked) or taken back (carried out), one line each.
-- to: wuji_app
create function wuji.transfer_contradictions(transfer_id uuid) returns table(why text, name text, code text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer; t tenant; p tenant; at_level int; back boolean; then_code text;
begin
  select * into r from tenant_transfer x where x.id = transfer_id;
  if r.id is null or not exists(select from transfers_seen() s where s.id = r.id) then raise exception 'no such transfer' using errcode = 'no_data_found'; end if;
  back := r.state = 'applied';
  select * into t from tenant n where n.id = r.subject_id;
  if (r.op = 'adopt') <> back then select * into p from tenant n where n.id = r.parent_id; end if;
  at_level := case when back then (r.undo ->> 'level')::int else r.level end;
  then_code := case when back then r.undo ->> 'code' else r.code end;
  return query
  with found as (
    select 'moved' as why, t.id as id where (t.parent_id, t.level) is distinct from (case when (r.op = 'release') <> back then r.parent_id end, case when back then r.level else t.level end)
    union all select 'recoded', t.id where back and not exists(select from tenant_code c where c.tenant_id = t.id and c.valid_to is null and c.code = r.code)
    union all select 'code_taken', c.tenant_id from tenant_code c where c.code = then_code and c.valid_to is null and c.tenant_id <> t.id
    union all select 'parent_closed', a.id from tenant a where a.id = any(p.ancestors) and a.state <> 'active'
    union all select 'parent_below', p.id where t.id = any(p.ancestors)
    union all select 'parent_level', p.id where p.level >= at_level or t.category <> 'territory' and p.level + 1 <> at_level
    union all select 'children', c.id from tenant c where c.parent_id = t.id and (c.level <= at_level or c.category <> 'territory' and c.level <> at_level + 1)
    union all select 'closed', t.id where t.state <> 'active'
    union all select 'asker_gone', case r.side when 'subject' then t.id else r.parent_id end where r.state = 'asked' and not transfer_stands(r))
  select f.why, n.name, k.code from found f join tenant n on n.id = f.id left join tenant_code k on k.tenant_id = n.id and k.valid_to is null;
end $$;

-- Asks the other side to take it back or, where the other side has asked, does. Null: it is over; false: it was asked.
-- to: wuji_app
create function wuji.transfer_undo(transfer_id uuid, reason text) returns boolean language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer := transfer_hold(transfer_id); mine text := transfer_side(r.subject_id, r.parent_id); to_parent int := (r.undo ->> 'parent_id')::int;
begin
  if r.state <> 'applied' or r.expires_at <= now() then return null; end if;
  if exists(select from transfer_contradictions(r.id)) then raise exception 'contradicted' using errcode = 'check_violation', constraint = 'surgery_contradicted'; end if;
  if r.undo_side is null or r.undo_side = mine then
    update tenant_transfer x set undo_side = mine, undo_asked_by = scope_account(), undo_reason = transfer_undo.reason where x.id = r.id;
    perform transfer_note(r.id, 'undo', reason);
    return false;
  end if;
  if r.undo_asked_by = scope_account() then raise exception 'the other side''s to do' using errcode = 'check_violation', constraint = 'transfer_side'; end if;
  perform transfer_put(r.subject_id, to_parent, (r.undo ->> 'level')::int, r.undo ->> 'code', case when to_parent is null then 'release' else 'adopt' end, reason);
  if to_parent is not null then perform roles_bring_back(r.undo -> 'roles'); end if;
  update tenant_transfer x set state = 'undone', undone_by = scope_account(), undone_at = now() where x.id = r.id;
  perform transfer_note(r.id, 'agree', reason);
  return true;
end $$;
