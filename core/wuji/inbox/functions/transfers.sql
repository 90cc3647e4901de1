-- A transfer as those are told of it who have to answer, or have asked.

-- At one of its ends: who answers there, those nearest to it; and who has asked there and waits no more. Nobody answers what they asked for. `is_back`: it is
-- about taking it back.
-- to: wuji_app
create function wuji.transfer_told(transfer_id uuid, place_id int) returns table(op text, subject text, parent text, code text, state text, is_back boolean, answerers uuid[], asker uuid)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare r tenant_transfer; mine text; asked text; asked_by uuid; ends int[]; answering uuid[]; is_here boolean;
begin
  perform tell_demand(place_id);
  select * into r from tenant_transfer x where x.id = transfer_id and place_id in (x.subject_id, x.parent_id);
  is_back := r.state = 'undone' or r.state = 'applied' and r.undo_asked_by is not null;
  mine := case place_id when r.subject_id then 'subject' else 'parent' end;
  asked := case when r.expires_at <= now() then null when r.state = 'asked' then r.side when r.state = 'applied' then r.undo_side end;
  asked_by := case when is_back then r.undo_asked_by else r.requested_by end;
  ends := case mine when 'subject' then array[r.subject_id] else (select p.ancestors from tenant p where p.id = r.parent_id) end;
  select array_agg(distinct h.account_id) filter (where h.account_id <> asked_by and h.place = 1), bool_or(h.account_id = asked_by) into answering, is_here from (
    select g.account_id, rank() over (partition by g.account_id = asked_by order by array_position(ends, g.tenant_id) desc) as place
      from role_grant g join role o on o.id = g.role_id
     where g.tenant_id = any(ends) and 'tenancy.tenant.move' = any(o.permissions) and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())) h;
  return query
  select r.op, s.name, p.name, (select c.code from tenant_code c where c.tenant_id = place_id and c.valid_to is null), r.state, transfer_told.is_back,
         case when asked <> mine then coalesce(answering, '{}') else '{}' end, case when asked is null and is_here then asked_by end
    from tenant s, tenant p where s.id = r.subject_id and p.id = r.parent_id;
end $$;
