-- Packs: what the operator wishes for is done by a job of account system, because the operator sees no rows of tenants.

-- At the root that has the pack's code, or where nobody has it yet in the deployment itself; one at a time for a code.
-- to: wuji_app
create function wuji.pack_ask(kind text, pack text, code text) returns uuid language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare j uuid; root int; none tenant;
begin
  perform demand('governance.pack.apply', none);
  if kind not in ('pack.compare', 'pack.apply') then raise exception 'no work of packs' using errcode = 'insufficient_privilege'; end if;
  select t.id into root from tenant_code c join tenant t on t.id = c.tenant_id where c.code = pack_ask.code and c.valid_to is null and t.parent_id is null and t.state = 'active';
  insert into job(tenant_id, account_id, kind, args, due_at, lane, most_attempts)
  values (root, account_system(), kind, jsonb_build_object('pack', pack, 'code', code), now(), 'pack:' || code, 1) returning id into j;
  if kind = 'pack.apply' then perform journal_add('governance.pack.apply', 'pack', pack, null, scope_account(), null, null, null); end if;
  perform job_ring();
  return j;
end $$;

-- What was last done with each pack.
-- to: wuji_app
create function wuji.pack_jobs() returns table(pack text, kind text, state text, progress int, fault text, problem jsonb, outcome jsonb, created_at timestamptz, finished_at timestamptz) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare none tenant;
begin
  perform demand('governance.pack.apply', none);
  return query select distinct on (j.args->>'pack') j.args->>'pack', j.kind, j.state, j.progress, j.fault, j.problem, j.outcome, j.created_at, j.finished_at
    from job j where j.account_id = account_system() and j.kind in ('pack.compare', 'pack.apply') and j.due_at is not null
   order by j.args->>'pack', j.id desc;
end $$;
