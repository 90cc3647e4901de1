-- Counting without persons: one row a tip and a place. Whoever counts must be able to read the tip.

-- to:
create function plugin_agri_tips.tip_is_read(tip_id uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$ select scope_ok() and exists(select from tip t where t.id = tip_id and t.state = 'published'
     and (t.audience && scope_tokens() or t.pos between scope_lo() and scope_hi())) $$;

-- Once more, at the acting tenant. Only what nobody can take back counts here; helpful marks count themselves (mark_set).
-- to: wuji_app
create function plugin_agri_tips.count_add(tip_id uuid, figure text) returns void
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  if tip_is_read(tip_id) is not true or scope_tenant() is null then raise exception 'no such tip' using errcode = 'no_data_found'; end if;
  if figure is distinct from 'reads' then raise exception 'no such figure' using errcode = 'invalid_parameter_value'; end if;
  insert into tip_count as c (tenant_id, tip_id, reads) values (scope_tenant(), count_add.tip_id, 1)
    on conflict on constraint uq_tip_count_tip_id_tenant_id do update set reads = c.reads + 1, counted_at = now();
  insert into tip_day as d (tenant_id, tip_id, read_on, reads) values (scope_tenant(), count_add.tip_id, tenant_today((scope_anc())[1]), 1)
    on conflict on constraint uq_tip_day_tip_id_tenant_id_read_on do update set reads = d.reads + 1, counted_at = now();
end $$;

-- Sets or takes away the caller's own mark; the count follows where the mark was made. Twice is the same as once.
-- to: wuji_app
create function plugin_agri_tips.mark_set(tip_id uuid, wanted boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare place int;
begin
  if tip_is_read(tip_id) is not true or scope_account() is null or scope_tenant() is null then
    raise exception 'no such tip' using errcode = 'no_data_found';
  end if;
  if wanted then
    insert into tip_mark(account_id, tip_id, marked_at_id) values (scope_account(), mark_set.tip_id, scope_tenant())
      on conflict do nothing returning marked_at_id into place;
    if place is null then return false; end if;
    insert into tip_count as c (tenant_id, tip_id, helpful) values (place, mark_set.tip_id, 1)
      on conflict on constraint uq_tip_count_tip_id_tenant_id do update set helpful = c.helpful + 1, counted_at = now();
    return true;
  end if;
  delete from tip_mark m where m.account_id = scope_account() and m.tip_id = mark_set.tip_id returning marked_at_id into place;
  update tip_count c set helpful = c.helpful - 1, counted_at = now() where c.tip_id = mark_set.tip_id and c.tenant_id = place;
  return place is not null;
end $$;

-- A tip's sum over all places, for whoever may read the tip.
-- to: wuji_app
create function plugin_agri_tips.tip_sum(tip_id uuid, figure text) returns bigint
language sql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$ select coalesce(sum(case figure when 'reads' then c.reads when 'helpful' then c.helpful end), 0)::bigint
     from tip_count c join tip t on t.id = c.tip_id
    where c.tip_id = tip_sum.tip_id and scope_ok()
      and (t.pos between scope_lo() and scope_hi() or t.state = 'published' and t.audience && scope_tokens() and figure = 'helpful') $$;

-- How many tenants lie in each, the tenant itself included: who would see what reaches that far.
-- to: wuji_app
create function plugin_agri_tips.tenants_in(tenant_ids int[]) returns table(tenant_id int, tenants bigint)
language sql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$ select t.id, (select count(*) from tenant b where b.pos between t.pos and t.pos_hi and b.state = 'active')
     from tenant t where scope_ok() and t.id = any(tenant_ids) and t.state = 'active' $$;
