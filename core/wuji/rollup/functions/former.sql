-- Sums as they come out in the tree of a day that is past: from facts, each where it was counted then.

-- What a merge noted as taken over, or its undoing as given back, and is not, after it was counted anew: it stayed where it was.
-- to: wuji_app
create function wuji.facts_settle(of_figure text, of_tenant int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  delete from fact_former o using tenant t
   where o.figure = of_figure and t.id = of_tenant and t.pos between scope_lo() and scope_hi() and o.until >= tenant_today(t.root_id) - 1
     and case t.state when 'archived' then o.from_id else o.to_id end = t.id
     and (t.state = 'archived') = exists(select from fact f where (f.figure, f.subject_id, f.tenant_id, f.happened_on, f.person) = (o.figure, o.subject_id, t.id, o.happened_on, o.person));
end $$;

-- The acting tenant and those right below it on that day; with `all_around` every tenant of the path from the root, and right below it, as
-- whoever withholds small groups needs them. Sums of the range of then: what was known to a tenant stays so.
-- to: wuji_app
create function wuji.rollup_then(of_figure text, day date, first date, last date, all_around boolean) returns table(tenant_id int, parent_id int, depth int, period text, starts_on date, sum numeric, part numeric, n bigint, people bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  return query
  with recursive p as (select x.tenant_id, x.parent_id from tenant_place x where x.valid_from <= day and (x.valid_to is null or x.valid_to > day)),
  up as (
    select p.tenant_id, p.parent_id, 0 as depth from p where p.tenant_id = t.id
    union all select p.tenant_id, p.parent_id, up.depth - 1 from up join p on p.tenant_id = up.parent_id),
  top as (
    select up.tenant_id, up.parent_id, up.depth from up where all_around or up.depth = 0
    union all select p.tenant_id, p.parent_id, 1 from p join up on up.tenant_id = p.parent_id where (all_around or up.depth = 0) and p.tenant_id not in (select up.tenant_id from up)),
  below as (
    select top.tenant_id as top, top.tenant_id as id from top
    union all select below.top, p.tenant_id from below join p on p.parent_id = below.id),
  f as (
    select x.tenant_id as id, x.happened_on, x.person, x.sum, x.part, x.n from fact x
     where x.figure = of_figure and x.happened_on between rollup_then.first and rollup_then.last
    union all
    select e.at, o.happened_on, o.person, o.sum * e.sign, o.part * e.sign, o.n * e.sign from fact_former o cross join lateral (values (o.from_id, 1), (o.to_id, -1)) e(at, sign)
     where o.figure = of_figure and o.until > day and o.happened_on between rollup_then.first and rollup_then.last),
  s as (
    select below.top, q.period, q.starts_on, f.person, sum(f.sum) as sum, sum(f.part) as part, sum(f.n)::bigint as n
      from f join below on below.id = f.id cross join figure_periods(f.happened_on) q group by 1, 2, 3, 4 having sum(f.n) <> 0),
  c as (
    select s.top, s.period, s.starts_on, sum(s.sum) as sum, sum(s.part) as part, sum(s.n)::bigint as n, count(*) filter (where s.person <> '' and s.n > 0) as people from s group by 1, 2, 3)
  select top.tenant_id, top.parent_id, top.depth, c.period, c.starts_on, c.sum, c.part, c.n, c.people from top left join c on c.top = top.tenant_id;
end $$;
