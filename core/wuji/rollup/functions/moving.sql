-- Who moved: what is counted at another place of the tree on a day than when a period began.

-- Groups of people by period, with the tenants that lost them and those that gained them between the period's first day and that day (null: now); a
-- negative number is what is a tenant's own. Moves that were taken back by then are none. A group is what moved as one: a tenant with all below it
-- that did not move by itself, or what one tenant's own became another's. For the program, which decides by it what is withheld: it lies partly out
-- of the reader's range.
-- to: wuji_app
create function wuji.rollup_moved(of_figure text, day date, first date, last date, days boolean) returns table(top_id int, stood_below int, lost int[], gained int[], period text, starts_on date, people bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; then_on date := coalesce(day, 'infinity');
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  if not exists(select from tenant_place x where x.valid_to > rollup_moved.first and x.valid_to <= then_on) then return; end if;
  return query
  with recursive starts as (
    select distinct s::date as began from unnest(array['year', 'month', 'day']) u(unit) cross join generate_series(rollup_moved.first, rollup_moved.last, ('1 ' || u.unit)::interval) s
     where (u.unit <> 'day' or days) and exists(select from tenant_place x where x.valid_to > s::date and x.valid_to <= then_on)),
  m as (
    select s.began, x.tenant_id from starts s join tenant_place x on x.valid_from <= s.began and x.valid_to > s.began and x.valid_to <= then_on
      join tenant_place y on y.tenant_id = x.tenant_id and y.valid_from <= then_on and (y.valid_to is null or y.valid_to > then_on) join tenant n on n.id = x.tenant_id
     where x.parent_id is distinct from y.parent_id and t.root_id in (n.root_id, (select a.root_id from tenant a where a.id = x.parent_id))),
  below as (
    select m.began, m.tenant_id as top, m.tenant_id as id from m
    union all select b.began, b.top, y.tenant_id from below b join tenant_place y on y.parent_id = b.id and y.valid_from <= then_on and (y.valid_to is null or y.valid_to > then_on)
     where not exists(select from m where (m.began, m.tenant_id) = (b.began, y.tenant_id))),
  e as (
    select q.period, q.starts_on, o.subject_id, o.happened_on, o.person, v.at, sum(v.n) as n
      from fact_former o join tenant x on x.id = o.to_id and x.root_id = t.root_id cross join figure_periods(o.happened_on) q cross join lateral (values (o.from_id, o.n), (o.to_id, -o.n)) v(at, n)
     where o.figure = of_figure and o.until <= then_on and o.until > q.starts_on and o.happened_on between rollup_moved.first and rollup_moved.last and (q.period <> 'day' or days)
     group by 1, 2, 3, 4, 5, 6 having sum(v.n) <> 0),
  w as (
    select e.period, e.starts_on, e.person, min(e.at) filter (where e.n > 0) as was, min(e.at) filter (where e.n < 0) as at, sum(e.n) filter (where e.n > 0) as n
      from e group by e.period, e.starts_on, e.subject_id, e.happened_on, e.person),
  f as (
    select b.began, b.top, q.period, x.person, x.n from below b join tenant n on n.id = b.id join fact x on x.figure = of_figure and x.tenant_id = b.id and x.pos = n.pos
     cross join figure_periods(x.happened_on) q where q.starts_on = b.began and x.happened_on between rollup_moved.first and rollup_moved.last
    union all
    select b.began, b.top, q.period, o.person, v.n from below b join fact_former o on o.figure = of_figure and o.until > then_on cross join lateral (values (o.from_id, o.n), (o.to_id, -o.n)) v(at, n)
     cross join figure_periods(o.happened_on) q where v.at = b.id and q.starts_on = b.began and o.happened_on between rollup_moved.first and rollup_moved.last
    union all
    select b.began, b.top, w.period, w.person, -w.n from w join below b on (b.began, b.id) = (w.starts_on, w.at)),
  g as (
    select z.top as was, z.top as at, z.period, z.began, count(*) as people
      from (select f.top, f.period, f.began, f.person from f where f.person <> '' and (f.period <> 'day' or days) group by 1, 2, 3, 4 having sum(f.n) > 0) z group by 1, 3, 4
    union all
    select w.was, w.at, w.period, w.starts_on, count(distinct w.person) from w where w.person <> '' and w.was is not null and w.at is not null group by 1, 2, 3, 4),
  up as (
    select distinct g.began, true as past, g.was as id, g.was as above from g
    union select distinct g.began, false, g.at, g.at from g
    union select up.began, up.past, up.id, x.parent_id from up join tenant_place x on x.tenant_id = up.above and x.parent_id is not null
       and x.valid_from <= case when up.past then up.began else then_on end and (x.valid_to is null or x.valid_to > case when up.past then up.began else then_on end)),
  c as (
    select up.began, up.past, up.id, array_agg(up.above) || -up.id as chain from up group by 1, 2, 3)
  select g.was, (select o.parent_id from tenant_place o where o.tenant_id = g.was and o.valid_from <= g.began and (o.valid_to is null or o.valid_to > g.began)),
         array(select unnest(x.chain) except select unnest(y.chain)), array(select unnest(y.chain) except select unnest(x.chain)), g.period, g.began, g.people
    from g join c x on (x.began, x.past, x.id) = (g.began, true, g.was) join c y on (y.began, y.past, y.id) = (g.began, false, g.at);
end $$;
