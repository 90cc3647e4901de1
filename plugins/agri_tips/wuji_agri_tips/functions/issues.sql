-- The monthly issue: who lives or works where, and what there is for them. Only the schedule's job asks, which acts for nobody.

-- to:
create function plugin_agri_tips.issue_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'not the monthly issue' using errcode = 'insufficient_privilege'; end if;
end $$;

-- Tenants of the range where somebody holds a role who has chosen a crop.
-- to: wuji_app
create function plugin_agri_tips.issue_places() returns setof int language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  perform issue_demand();
  return query select distinct g.tenant_id from crop_choice c join role_grant g on g.account_id = c.account_id
                where cardinality(c.crops) > 0 and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and g.pos between scope_lo() and scope_hi();
end $$;

-- At these of them: who is told, of which of their crops, and how many tips of that month they may read there. Of several places of one person
-- that with the most.
-- to: wuji_app
create function plugin_agri_tips.issue_readers(month int, tenant_ids int[]) returns table(account_id uuid, tenant_id int, crops text[], tips bigint)
language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  perform issue_demand();
  return query
    select distinct on (c.account_id) c.account_id, t.id, f.crops, f.tips
      from crop_choice c join role_grant g on g.account_id = c.account_id join role r on r.id = g.role_id join tenant t on t.id = g.tenant_id
     cross join lateral (select array_agg(distinct p.subject order by p.subject) as crops, count(*) as tips from tip p
                          where p.state = 'published' and issue_readers.month = any(p.months) and p.subject = any(c.crops)
                            and p.audience && (array[0] || array(select x * 8 + k from unnest(t.ancestors) x, unnest(array[0, r.class]) k))) f
     where t.id = any(tenant_ids) and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and t.pos between scope_lo() and scope_hi()
       and f.tips > 0
     order by c.account_id, f.tips desc, t.id;
end $$;
