-- How the tree of a day differs from the one that a year began with: that one decides which sums of the year are withheld in every later one.
-- Each tenant stands in each of them: before its first place where it was founded, after its last where it stood last.

-- Groups that stand elsewhere on that day (null: now) than when a year began, in this tree and those that it gave to or took from, with the tenants
-- that lost them and those that gained them; a negative number is what is a tenant's own. Moves that were taken back by then are none. A group is what
-- moved as one: a tenant with all below it that did not move by itself, or what one tenant's own became another's. parts: the sums of when the year
-- began that the group's can be had from, its own first; whole: whether it can. For the program, which decides by it what is withheld: it lies partly
-- out of the reader's range.
-- to: wuji_app
create function wuji.rollup_moved(of_figure text, day date, first date, last date) returns table(began date, lost int[], gained int[], parts int[], whole boolean)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; then_on date := coalesce(day, 'infinity');
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  if not exists(select from tenant_place x where x.valid_to > rollup_moved.first and x.valid_to <= then_on) then return; end if;
  return query
  with recursive starts as (
    select s::date as began from generate_series(rollup_moved.first, rollup_moved.last, interval '1 year') s
     where exists(select from tenant_place x where x.valid_to > s::date and x.valid_to <= then_on)),
  late as materialized (
    select distinct on (s.began, x.tenant_id) s.began as at, x.tenant_id, x.parent_id from (select starts.began from starts union select then_on) s
      join tenant_place x on x.valid_to > s.began and x.valid_to > x.valid_from order by s.began, x.tenant_id, x.valid_from),
  gone as materialized (
    select distinct on (x.tenant_id) x.tenant_id, x.parent_id from tenant_place x
     where x.valid_to is not null and not exists(select from tenant_place c where c.tenant_id = x.tenant_id and c.valid_to is null) order by x.tenant_id, x.valid_from desc),
  every as materialized (
    select l.at as began, l.tenant_id, n.root_id, (select a.root_id from tenant a where a.id = l.parent_id) as root_then
      from late l join starts s on s.began = l.at join tenant n on n.id = l.tenant_id left join late d on (d.at, d.tenant_id) = (then_on, l.tenant_id)
      left join tenant_place c on c.tenant_id = l.tenant_id and c.valid_to is null left join gone g on g.tenant_id = l.tenant_id
     where l.parent_id is distinct from case when d.tenant_id is not null then d.parent_id when c.id is not null then c.parent_id else g.parent_id end),
  link as (select distinct v.one, v.other from every cross join lateral (values (every.root_id, every.root_then), (every.root_then, every.root_id)) v(one, other)),
  roots as (select t.root_id as id union select link.other from roots join link on link.one = roots.id where link.other is not null),
  m as materialized (
    select every.began, every.tenant_id from every where every.root_id in (select roots.id from roots) or every.root_then in (select roots.id from roots)),
  e as (
    select date_trunc('year', o.happened_on::timestamp)::date as began, o.subject_id, o.happened_on, o.person, v.at, sum(v.n) as n
      from fact_former o join tenant a on a.id = o.from_id join tenant b on b.id = o.to_id cross join lateral (values (o.from_id, o.n), (o.to_id, -o.n)) v(at, n)
     where o.figure = of_figure and (a.root_id in (select roots.id from roots) or b.root_id in (select roots.id from roots)) and o.until <= then_on and o.until > date_trunc('year', o.happened_on::timestamp)::date
       and o.happened_on between rollup_moved.first and rollup_moved.last group by 1, 2, 3, 4, 5 having sum(v.n) <> 0),
  w as (
    select e.began, min(e.at) filter (where e.n > 0) as was, min(e.at) filter (where e.n < 0) as at, sum(e.n) filter (where e.n > 0) as n
      from e group by e.began, e.subject_id, e.happened_on, e.person),
  o as (
    select w.began, w.was, sum(w.n) = coalesce((
             select sum(f.n) from fact f join tenant n on n.id = w.was and n.pos = f.pos where f.figure = of_figure and f.tenant_id = w.was
                and f.happened_on between w.began and (w.began + interval '1 year - 1 day')::date), 0) + coalesce((
             select sum(case w.was when o.from_id then o.n else -o.n end) from fact_former o where o.figure = of_figure and w.was in (o.from_id, o.to_id) and o.until > w.began
                and o.happened_on between w.began and (w.began + interval '1 year - 1 day')::date), 0) as whole
      from w where w.was is not null group by w.began, w.was),
  g as (
    select m.began, m.tenant_id as was, m.tenant_id as at, m.tenant_id as part, true as whole from m
    union all select distinct w.began, w.was, w.at, -w.was, o.whole from w join o on (o.began, o.was) = (w.began, w.was) where w.at is not null),
  up as (
    select distinct g.began, true as past, g.was as id, g.was as above, 0 as far from g
    union select distinct g.began, false, g.at, g.at, 0 from g
    union all select up.began, up.past, up.id, p.parent_id, up.far + 1 from up left join late l on (l.at, l.tenant_id) = (case when up.past then up.began else then_on end, up.above)
      left join tenant_place c on c.tenant_id = up.above and c.valid_to is null left join gone z on z.tenant_id = up.above
     cross join lateral (select case when l.tenant_id is not null then l.parent_id when c.id is not null then c.parent_id else z.parent_id end as parent_id) p where p.parent_id is not null),
  c as (select up.began, up.past, up.id, array_agg(up.above) || -up.id as chain from up group by 1, 2, 3),
  inside as (
    select distinct on (g.began, g.part, g.at) g.began, g.part, g.whole, up.above as holder from g join up on up.past and (up.began, up.id) = (g.began, g.was) and (up.far > 0 or g.part < 0)
      join m on (m.began, m.tenant_id) = (up.began, up.above) order by g.began, g.part, g.at, up.far),
  h as (select i.began, i.holder, array_agg(distinct i.part) as parts, bool_and(i.whole) as whole from inside i group by 1, 2)
  select g.began, array(select unnest(x.chain) except select unnest(y.chain)), array(select unnest(y.chain) except select unnest(x.chain)),
         g.part || coalesce(h.parts, '{}'), g.whole and coalesce(h.whole, true)
    from g join c x on (x.began, x.past, x.id) = (g.began, true, g.was) join c y on (y.began, y.past, y.id) = (g.began, false, g.at)
    left join h on (h.began, h.holder) = (g.began, g.part);
end $$;

-- How many people, and how many facts, are in the sums of a year of the tree that it began with: of the paths from the root down to `around`, and of
-- all right below those paths. `moved`: who stands above others now; the sums of all others are as they were. Days only if wanted.
-- to: wuji_app
create function wuji.rollup_began(of_figure text, began date, days boolean, around int[], moved int[]) returns table(tenant_id int, parent_id int, period text, starts_on date, people bigint, n bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant; ends date := (began + interval '1 year - 1 day')::date;
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  return query
  with recursive p as materialized (select * from tenant_placed(began)),
  up as (
    select p.tenant_id, p.parent_id from p where p.tenant_id = any(around)
    union select p.tenant_id, p.parent_id from up join p on p.tenant_id = up.parent_id),
  top as (
    select up.tenant_id, up.parent_id from up union select p.tenant_id, p.parent_id from p join up on up.tenant_id = p.parent_id),
  below as (
    select top.tenant_id as top, top.tenant_id as id from top where top.tenant_id = any(moved)
    union all select below.top, p.tenant_id from below join p on p.parent_id = below.id),
  f as (
    select below.top, x.happened_on, x.person, x.n from below join tenant n on n.id = below.id join fact x on x.figure = of_figure and x.tenant_id = below.id and x.pos = n.pos
     where x.happened_on between began and ends
    union all
    select below.top, o.happened_on, o.person, v.n from below join fact_former o on below.id in (o.from_id, o.to_id) cross join lateral (values (o.from_id, o.n), (o.to_id, -o.n)) v(at, n)
     where v.at = below.id and o.figure = of_figure and o.until > began and o.happened_on between began and ends),
  s as (
    select f.top, q.period, q.starts_on, f.person, sum(f.n) as n from f cross join figure_periods(f.happened_on) q where q.period <> 'day' or days
     group by 1, 2, 3, 4 having sum(f.n) <> 0),
  c as (
    select s.top, s.period, s.starts_on, count(*) filter (where s.person <> '' and s.n > 0) as people, sum(s.n)::bigint as n from s group by 1, 2, 3
    union all
    select r.tenant_id, r.period, r.starts_on, r.people, r.n from rollup r join top on top.tenant_id = r.tenant_id
     where r.tenant_id <> all(moved) and r.figure = of_figure and r.starts_on between began and ends and (r.period <> 'day' or days))
  select top.tenant_id, top.parent_id, c.period, c.starts_on, c.people, c.n from top left join c on c.top = top.tenant_id;
end $$;

-- Where each tenant stood on that day, and until when.
-- to:
create function wuji.tenant_placed(day date) returns table(tenant_id int, parent_id int, since date, until date) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with late as materialized (
  select distinct on (x.tenant_id) x.tenant_id, x.parent_id, x.valid_from, x.valid_to from tenant_place x where x.valid_to > day and x.valid_to > x.valid_from order by x.tenant_id, x.valid_from)
select l.tenant_id, l.parent_id, l.valid_from, l.valid_to from late l
union all select x.tenant_id, x.parent_id, x.valid_from, date 'infinity' from tenant_place x where x.valid_to is null and x.tenant_id not in (select l.tenant_id from late l)
union all (
  select distinct on (x.tenant_id) x.tenant_id, x.parent_id, x.valid_from, x.valid_to from tenant_place x where x.valid_to <= day and x.tenant_id not in (select l.tenant_id from late l)
     and not exists(select from tenant_place c where c.tenant_id = x.tenant_id and c.valid_to is null) order by x.tenant_id, x.valid_from desc) $$;
