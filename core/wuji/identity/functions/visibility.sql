-- Who can see a row, told in roles and tenants.

-- Who reaches a row of t, one line per tenant and role: by range from t and above (with `permission`, where reading asks for one), by each
-- token of the row's audience otherwise. People are counted everywhere and named only inside the asker's own range.
-- to: wuji_app
create function wuji.reach(tenant_id int, permission text, audience int[]) returns table(token int, at int, name text, label text, labels jsonb, people int, names text[])
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant n where n.id = reach.tenant_id;
  if t.id is null then raise exception 'no such tenant' using errcode = 'no_data_found'; end if;
  perform demand('identity.grant.read', t);
  return query
    with token as (
      select a as number, a % 8 as class, x.id, x.pos, x.pos_hi, x.ancestors
        from unnest(reach.audience) a join tenant x on x.id = a / 8 where a % 8 > 0
    ), reached as (  -- by range; then each token's class: held in the tenant or below it, or above it with the range
      select null::int as number, g.tenant_id, g.account_id, g.account_name, r.name, r.label, r.labels, g.pos
        from role_grant g join role r on r.id = g.role_id
       where g.tenant_id = any(t.ancestors) and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
         and r.reach = 'subtree' and (reach.permission is null or reach.permission = any(r.permissions))
      union all
      select k.number, g.tenant_id, g.account_id, g.account_name, r.name, r.label, r.labels, g.pos
        from token k join role_grant g on g.pos between k.pos and k.pos_hi join role r on r.id = g.role_id
       where r.class = k.class and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      union all
      select k.number, g.tenant_id, g.account_id, g.account_name, r.name, r.label, r.labels, g.pos
        from token k join role_grant g on g.tenant_id = any(k.ancestors) and g.tenant_id <> k.id join role r on r.id = g.role_id
       where r.class = k.class and r.reach = 'subtree' and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
    )
    select h.number, case when h.number is null then h.tenant_id end, h.name, h.label, h.labels, count(distinct h.account_id)::int,
           case when h.number is null and bool_and(h.pos between scope_lo() and scope_hi())
                then (array_agg(distinct h.account_name order by h.account_name))[:20] end
      from reached h join account p on p.id = h.account_id and p.state = 'active'
     where not exists(select from tenant o join tenant a on a.id = any(o.ancestors) where o.id = h.tenant_id and a.state <> 'active')
     group by 1, 2, 3, 4, 5 order by 1 nulls first, 2, 3;
end $$;
