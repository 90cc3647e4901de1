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
-- whoever withholds small groups needs them: n and people are of everybody who stood there. What may be told (sum, part, facts, persons) is of
-- the range of then as well, because what was known to a tenant stays so; but of whoever has left the range only what happened before it left,
-- since later it is others' business, and nothing of periods that begin after that day.
-- to: wuji_app
create function wuji.rollup_then(of_figure text, day date, first date, last date, all_around boolean) returns table(tenant_id int, parent_id int, depth int, period text, starts_on date, sum numeric, part numeric, facts bigint, persons bigint, n bigint, people bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  return query
  with recursive p as (select x.tenant_id, x.parent_id, coalesce(x.valid_to, 'infinity') as until from tenant_place x where x.valid_from <= day and (x.valid_to is null or x.valid_to > day)),
  up as (
    select p.tenant_id, p.parent_id, 0 as depth from p where p.tenant_id = t.id
    union all select p.tenant_id, p.parent_id, up.depth - 1 from up join p on p.tenant_id = up.parent_id),
  top as (
    select up.tenant_id, up.parent_id, up.depth, date 'infinity' as until from up where all_around or up.depth = 0
    union all select p.tenant_id, p.parent_id, 1, p.until from p join up on up.tenant_id = p.parent_id where (all_around or up.depth = 0) and p.tenant_id not in (select up.tenant_id from up)),
  below as (
    select top.tenant_id as top, top.tenant_id as id, top.until from top
    union all select below.top, p.tenant_id, least(below.until, p.until) from below join p on p.parent_id = below.id),
  f as (
    select x.tenant_id as id, x.happened_on, x.person, x.sum, x.part, x.n from fact x
     where x.figure = of_figure and x.happened_on between rollup_then.first and rollup_then.last
    union all
    select e.at, o.happened_on, o.person, o.sum * e.sign, o.part * e.sign, o.n * e.sign from fact_former o cross join lateral (values (o.from_id, 1), (o.to_id, -1)) e(at, sign)
     where o.figure = of_figure and o.until > day and o.happened_on between rollup_then.first and rollup_then.last),
  s as (
    select below.top, q.period, q.starts_on, f.person, sum(f.sum) filter (where k.told) as sum, sum(f.part) filter (where k.told) as part, sum(f.n) filter (where k.told) as facts, sum(f.n) as n
      from f join below on below.id = f.id join tenant x on x.id = f.id cross join figure_periods(f.happened_on) q
     cross join lateral (select q.starts_on <= day and (f.happened_on < below.until or x.pos between scope_lo() and scope_hi()) as told) k
     group by 1, 2, 3, 4 having sum(f.n) <> 0),
  c as (
    select s.top, s.period, s.starts_on, sum(s.sum) as sum, sum(s.part) as part, sum(s.facts)::bigint as facts, count(*) filter (where s.person <> '' and s.facts > 0) as persons,
           sum(s.n)::bigint as n, count(*) filter (where s.person <> '' and s.n > 0) as people from s group by 1, 2, 3)
  select top.tenant_id, top.parent_id, top.depth, c.period, c.starts_on, c.sum, c.part, c.facts, c.persons, c.n, c.people from top left join c on c.top = top.tenant_id;
end $$;
