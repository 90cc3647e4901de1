-- The journal is written here and nowhere else.

-- Wakes the relay once this transaction commits; any number of times in one is once. For what is rare: with a NOTIFY in every commit writers
-- queue behind each other, which costs a third of all writes.
-- to:
create function wuji.bell_ring() returns void language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select pg_notify('wuji', 'journal') $$;

-- Without a check of rights: for definer functions that have made theirs. Only a relay that sleeps is woken.
-- to:
create function wuji.journal_add(verb text, kind text, subject_id text, tenant_id int, account_id uuid, fields text[], event_id uuid, reason text) returns uuid language sql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
select bell_ring() from bell where name = 'relay' and asleep;
insert into journal_record(root_id, tenant_id, account_id, verb, kind, subject_id, fields, event_id, reason)
  values ((select root_id from tenant t where t.id = journal_add.tenant_id), tenant_id, account_id, verb, kind, subject_id, coalesce(fields, '{}'), coalesce(event_id, new_id()), coalesce(reason, ''))
  returning id $$;

-- At a tenant of the range, at the acting tenant, by the operator at a root, or (operator, relay) without one.
-- to: wuji_app wuji_system
create function wuji.record(verb text, kind text, subject_id text, tenant_id int, fields text[], event_id uuid, reason text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant where id = record.tenant_id;
  if (scope_ok() and (t.pos between scope_lo() and scope_hi() or t.id = scope_tenant() or t.id is not null and t.parent_id is null and scope_operator()
      or record.tenant_id is null and (scope_operator() or session_user = 'wuji_system' or scope_account() is not null))) is not true then
    raise exception 'nothing can be recorded there' using errcode = 'insufficient_privilege';
  end if;
  return journal_add(verb, kind, subject_id, tenant_id, scope_account(), fields, event_id, reason);
end $$;
