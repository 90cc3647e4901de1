-- Sums put together anew: from facts for a whole subtree, from what lies right below for the path above it.

-- What the sums of the range must be, from facts alone.
-- to:
create function wuji.rollup_expected(of_figure text) returns table(tenant_id int, period text, starts_on date, sum numeric, part numeric, n bigint, people bigint)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with d as (
  select f.tenant_id, f.happened_on, sum(f.sum) sum, sum(f.part) part, sum(f.n) n from fact f
   where f.figure = of_figure and f.pos between scope_lo() and scope_hi() group by 1, 2),
o as (
  select d.tenant_id, p.period, p.starts_on, sum(d.sum) sum, sum(d.part) part, sum(d.n) n from d cross join figure_periods(d.happened_on) p group by 1, 2, 3),
c as (
  select a.id tenant_id, o.period, o.starts_on, sum(o.sum) sum, sum(o.part) part, sum(o.n)::bigint n
    from o join tenant t on t.id = o.tenant_id cross join unnest(t.ancestors[cardinality(scope_anc()):]) a(id) group by 1, 2, 3),
h as (select x.tenant_id, x.period, x.starts_on, count(*) people from rollup_persons_expected(of_figure) x group by 1, 2, 3)
select c.tenant_id, c.period, c.starts_on, case when s.measure = 'distinct' then coalesce(h.people, 0) else c.sum end, c.part, c.n, coalesce(h.people, 0)
  from c left join h using (tenant_id, period, starts_on) join rollup_state s on s.tenant_id = (scope_anc())[1] and s.figure = of_figure $$;

-- In how many facts of the range each person must occur.
-- to:
create function wuji.rollup_persons_expected(of_figure text) returns table(tenant_id int, period text, starts_on date, person text, n bigint)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with o as (
  select f.tenant_id, p.period, p.starts_on, f.person, sum(f.n) n from fact f cross join figure_periods(f.happened_on) p
   where f.figure = of_figure and f.person <> '' and f.pos between scope_lo() and scope_hi() group by 1, 2, 3, 4)
select a.id, o.period, o.starts_on, o.person, sum(o.n)::bigint from o join tenant t on t.id = o.tenant_id
  cross join unnest(t.ancestors[cardinality(scope_anc()):]) a(id) group by 1, 2, 3, 4 $$;

-- The acting tenant's subtree, and the path above it. The figure is held. Returns how many sums there are below.
-- to: wuji_app
create function wuji.rollup_rebuild(of_figure text) returns bigint language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare made bigint; path int[] := scope_anc();
begin
  perform figure_demand();
  delete from rollup r where r.figure = of_figure and r.pos between scope_lo() and scope_hi();
  delete from rollup_person r where r.figure = of_figure and r.pos between scope_lo() and scope_hi();
  insert into rollup_person(tenant_id, figure, period, starts_on, person, n)
    select e.tenant_id, of_figure, e.period, e.starts_on, e.person, e.n from rollup_persons_expected(of_figure) e;
  insert into rollup(tenant_id, figure, period, starts_on, sum, part, n, people)
    select e.tenant_id, of_figure, e.period, e.starts_on, e.sum, e.part, e.n, e.people from rollup_expected(of_figure) e;
  get diagnostics made = row_count;
  for place in reverse cardinality(path) - 1..1 loop
    perform rollup_sum(of_figure, path[place]);
  end loop;
  return made;
end $$;

-- One tenant from its own facts and the sums of those right below it, which are right.
-- to:
create function wuji.rollup_sum(of_figure text, of_tenant int) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; by_person boolean;
begin
  select * into t from tenant x where x.id = of_tenant;
  select s.measure = 'distinct' into by_person from rollup_state s where s.tenant_id = t.root_id and s.figure = of_figure;
  delete from rollup r where r.figure = of_figure and r.tenant_id = t.id;
  delete from rollup_person r where r.figure = of_figure and r.tenant_id = t.id;
  insert into rollup_person(tenant_id, figure, period, starts_on, person, n)
  select t.id, of_figure, x.period, x.starts_on, x.person, sum(x.n) from (
      select r.period, r.starts_on, r.person, r.n from rollup_person r join tenant b on b.id = r.tenant_id where r.figure = of_figure and b.parent_id = t.id
      union all select p.period, p.starts_on, f.person, f.n from fact f cross join figure_periods(f.happened_on) p
       where f.figure = of_figure and f.pos = t.pos and f.person <> '') x group by 2, 3, 4, 5;
  with h as (select r.period, r.starts_on, count(*) people from rollup_person r where r.figure = of_figure and r.tenant_id = t.id group by 1, 2)
  insert into rollup(tenant_id, figure, period, starts_on, sum, part, n, people)
  select t.id, of_figure, x.period, x.starts_on, case when by_person then coalesce(h.people, 0) else x.sum end, x.part, x.n, coalesce(h.people, 0) from (
      select y.period, y.starts_on, sum(y.sum) sum, sum(y.part) part, sum(y.n)::bigint n from (
          select r.period, r.starts_on, r.sum, r.part, r.n from rollup r join tenant b on b.id = r.tenant_id where r.figure = of_figure and b.parent_id = t.id
          union all select p.period, p.starts_on, f.sum, f.part, f.n from fact f cross join figure_periods(f.happened_on) p
           where f.figure = of_figure and f.pos = t.pos) y group by 1, 2) x
    left join h using (period, starts_on);
end $$;

-- After the tree has changed: these tenants, every one they ever stood below, and all above those as it is now. Sums further down have not changed.
-- to: wuji_app
create function wuji.rollup_follow(of_figure text, tenants int[]) returns int language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare path int[];
begin
  perform figure_demand();
  select array_agg(x.id order by x.level desc, x.id) into path from (
    select distinct o.id, o.level from tenant t cross join unnest(t.ancestors) a(id) join tenant o on o.id = a.id
     where (t.id = any(tenants) or t.id in (select p.parent_id from tenant_place p where p.tenant_id = any(tenants)))
       and o.pos between scope_lo() and scope_hi()) x;
  for place in 1..coalesce(cardinality(path), 0) loop
    perform rollup_sum(of_figure, path[place]);
  end loop;
  return coalesce(cardinality(path), 0);
end $$;

-- Sums of the range that are not what facts come to, and how often; a person's key is not told.
-- to: wuji_app
create function wuji.rollup_differing(of_figure text, most int) returns table(at_tenant int, of_period text, since date, said numeric, counted numeric)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  return query
  with e as (select * from rollup_expected(of_figure)),
  r as (select * from rollup x where x.figure = of_figure and x.pos between scope_lo() and scope_hi()),
  p as (select * from rollup_persons_expected(of_figure)),
  q as (select * from rollup_person x where x.figure = of_figure and x.pos between scope_lo() and scope_hi())
  select tenant_id, period, starts_on, r.sum, e.sum from e full join r using (tenant_id, period, starts_on)
   where (e.sum, e.part, e.n, e.people) is distinct from (r.sum, r.part, r.n, r.people)
  union
  select tenant_id, period, starts_on, q.n::numeric, p.n::numeric from p full join q using (tenant_id, period, starts_on, person)
   where p.n is distinct from q.n
  order by 3, 2, 1 limit most;
end $$;
