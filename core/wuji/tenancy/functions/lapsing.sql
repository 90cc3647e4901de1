-- What is kept of changes that can no longer be taken back: that they were, of whom and why. Names, row keys and plans go.

-- to:
create function wuji.tenant_change_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare ended bigint;
begin
  update tenant_change c set carried = '{}',
         plan = c.plan || '{"sight": []}' || case when jsonb_typeof(c.plan -> 'absorbed') = 'object' then jsonb_build_object('absorbed', c.plan -> 'absorbed' || '{"grants": []}') else '{}' end
   where c.expires_at < before and (c.carried <> '{}' or c.plan -> 'sight' <> '[]' or c.plan #> '{absorbed,grants}' <> '[]');
  get diagnostics ended = row_count;
  return ended;
end $$;

-- to:
create function wuji.tenant_transfer_lapse(before timestamptz) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare gone bigint; emptied bigint;
begin
  delete from tenant_transfer r where r.expires_at < before and r.state not in ('applied', 'undone');
  get diagnostics gone = row_count;
  update tenant_transfer r set plan = '{}', undo = '{}' where r.expires_at < before and (r.plan <> '{}' or r.undo <> '{}');
  get diagnostics emptied = row_count;
  return gone + emptied;
end $$;
