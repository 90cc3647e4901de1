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

-- The acting tenant and those right below it on that day; `stood`: not those that were founded later, or had become part of another. What may be told
-- is of the range of then as well, because what was known to a tenant stays so; but of whoever has left the range only what happened before it left,
-- since later it is others' business, and nothing of periods that begin after that day.
-- to: wuji_app
create function wuji.rollup_then(of_figure text, of_period text, day date, first date, last date) returns table(tenant_id int, stood boolean, starts_on date, sum numeric, part numeric, facts bigint, persons bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  return query
  with recursive p as materialized (select * from tenant_placed(day)),
  top as (
    select t.id as tenant_id, true as stood, date 'infinity' as until
    union all select p.tenant_id, p.since <= day and p.until > day, p.until from p where p.parent_id = t.id),
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
    select below.top, q.starts_on, f.person, sum(f.sum) as sum, sum(f.part) as part, sum(f.n) as n
      from f join below on below.id = f.id join tenant x on x.id = f.id join figure_periods(f.happened_on) q on q.period = of_period and q.starts_on <= day
     where f.happened_on < below.until or x.pos between scope_lo() and scope_hi() group by 1, 2, 3 having sum(f.n) <> 0),
  c as (
    select s.top, s.starts_on, sum(s.sum) as sum, sum(s.part) as part, sum(s.n)::bigint as facts, count(*) filter (where s.person <> '' and s.n > 0) as persons from s group by 1, 2)
  select top.tenant_id, top.stood, c.starts_on, c.sum, c.part, c.facts, c.persons from top left join c on c.top = top.tenant_id;
end $$;
