-- Counting: the difference between what subjects are counted with and what they come to now, carried up to the root. Only the program's own
-- account does it; what it may not see it does not count.

-- to:
create function wuji.figure_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and scope_hi() > 0 and account_is_system(scope_account())) is not true then
    raise exception 'only the program itself counts' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Makes whoever else counts this figure at this root wait until the transaction ends. Who holds, then reads the rows, then puts, puts what is
-- true: all that was committed before has been read, all that comes later waits. Returns since when changes have to be asked for.
-- to: wuji_app
create function wuji.figure_hold(of_figure text, of_measure text, of_people boolean) returns timestamptz language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare held rollup_state;
begin
  perform figure_demand();
  insert into rollup_state(tenant_id, figure, measure, people) values ((scope_anc())[1], of_figure, of_measure, of_people) on conflict do nothing;
  select * into held from rollup_state s where s.tenant_id = (scope_anc())[1] and s.figure = of_figure for update;
  if (held.measure, held.people) is distinct from (of_measure, of_people) then
    update rollup_state s set measure = of_measure, people = of_people, swept_at = null where s.tenant_id = held.tenant_id and s.figure = of_figure;
    return null;
  end if;
  return held.swept_at;
end $$;

-- to: wuji_app
create function wuji.figure_swept(of_figure text, until timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  update rollup_state s set swept_at = until where s.tenant_id = (scope_anc())[1] and s.figure = of_figure;
end $$;

-- The difference, fact by fact: what it is to be (n null: not at all), and what has to be added for that.
-- to:
create function wuji.figure_diff(of_figure text, subjects text[], ids text[], tenants int[], days date[], persons text[], sums numeric[], parts numeric[])
returns table(subject_id text, tenant_id int, happened_on date, person text, sum numeric, part numeric, n bigint, d_sum numeric, d_part numeric, d_n bigint)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
with w as (
  select x.subject_id, x.tenant_id, x.happened_on, x.person, sum(x.sum) sum, sum(x.part) part, count(*) n
    from unnest(ids, tenants, days, persons, sums, parts) x(subject_id, tenant_id, happened_on, person, sum, part) join tenant t on t.id = x.tenant_id
   where t.pos between scope_lo() and scope_hi() and x.subject_id = any(subjects) group by 1, 2, 3, 4),
h as (
  select f.subject_id, f.tenant_id, f.happened_on, f.person, f.sum, f.part, f.n from fact f
   where f.figure = of_figure and f.subject_id = any(subjects) and f.pos between scope_lo() and scope_hi())
select subject_id, tenant_id, happened_on, person, w.sum, w.part, w.n,
       coalesce(w.sum, 0) - coalesce(h.sum, 0), coalesce(w.part, 0) - coalesce(h.part, 0), coalesce(w.n, 0) - coalesce(h.n, 0)
  from w full join h using (subject_id, tenant_id, happened_on, person)
 where (w.sum, w.part, w.n) is distinct from (h.sum, h.part, h.n) $$;

-- Facts of these subjects are from now on exactly those that are given. Returns how many differed.
-- to: wuji_app
create function wuji.figure_put(of_figure text, subjects text[], ids text[], tenants int[], days date[], persons text[], sums numeric[], parts numeric[]) returns int
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare differed int; less boolean; above int[]; by_person boolean;
begin
  perform figure_demand();
  select s.measure = 'distinct' into by_person from rollup_state s where s.tenant_id = (scope_anc())[1] and s.figure = of_figure;
  if by_person is null then raise exception 'not held' using errcode = 'object_not_in_prerequisite_state'; end if;
  with d as materialized (select * from figure_diff(of_figure, subjects, ids, tenants, days, persons, sums, parts)),
  gone as (
    delete from fact f using d where f.figure = of_figure and f.subject_id = d.subject_id and f.tenant_id = d.tenant_id and f.happened_on = d.happened_on
       and f.person = d.person and d.n is null),
  put as (
    insert into fact(figure, subject_id, tenant_id, happened_on, person, sum, part, n)
    select of_figure, d.subject_id, d.tenant_id, d.happened_on, d.person, d.sum, d.part, d.n from d where d.n > 0
    on conflict on constraint pk_fact do update set sum = excluded.sum, part = excluded.part, n = excluded.n),
  c as materialized (
    select a.id tenant_id, p.period, p.starts_on, d.person, sum(d.d_sum) sum, sum(d.d_part) part, sum(d.d_n)::bigint n
      from d join tenant t on t.id = d.tenant_id cross join unnest(t.ancestors) a(id) cross join figure_periods(d.happened_on) p group by 1, 2, 3, 4),
  k as (
    insert into rollup_person as r (tenant_id, figure, period, starts_on, person, n)
    select c.tenant_id, of_figure, c.period, c.starts_on, c.person, c.n from c where c.person <> '' and c.n <> 0
    on conflict on constraint pk_rollup_person do update set n = r.n + excluded.n returning r.tenant_id, r.period, r.starts_on, r.person, r.n),
  h as (
    select k.tenant_id, k.period, k.starts_on, count(*) filter (where k.n > 0 and k.n <= c.n) - count(*) filter (where k.n <= 0 and k.n > c.n) people
      from k join c using (tenant_id, period, starts_on, person) group by 1, 2, 3),
  r as (
    insert into rollup as r (tenant_id, figure, period, starts_on, sum, part, n, people)
    select x.tenant_id, of_figure, x.period, x.starts_on, case when by_person then coalesce(h.people, 0) else x.sum end, x.part, x.n, coalesce(h.people, 0)
      from (select c.tenant_id, c.period, c.starts_on, sum(c.sum) sum, sum(c.part) part, sum(c.n)::bigint n from c group by 1, 2, 3) x
      left join h using (tenant_id, period, starts_on)
    on conflict on constraint pk_rollup do update
       set sum = r.sum + excluded.sum, part = r.part + excluded.part, n = r.n + excluded.n, people = r.people + excluded.people)
  select (select count(*) from d), exists(select from d where d.d_n < 0), array(select distinct c.tenant_id from c) into differed, less, above;
  if less then
    delete from rollup r where r.figure = of_figure and r.n = 0 and r.tenant_id = any(above);
    delete from rollup_person r where r.figure = of_figure and r.n = 0 and r.tenant_id = any(above);
  end if;
  return differed;
end $$;

-- to: wuji_definer
create function wuji.figure_periods(day date) returns table(period text, starts_on date) language sql immutable as
$$ values ('day', day), ('month', date_trunc('month', day::timestamp)::date), ('year', date_trunc('year', day::timestamp)::date) $$;

-- Of these subjects those that are counted otherwise than the given facts say.
-- to: wuji_app
create function wuji.figure_differing(of_figure text, subjects text[], ids text[], tenants int[], days date[], persons text[], sums numeric[], parts numeric[]) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  return query select distinct d.subject_id from figure_diff(of_figure, subjects, ids, tenants, days, persons, sums, parts) d;
end $$;

-- Subjects that are counted at one tenant itself, or were before others took them over or gave them back.
-- to: wuji_app
create function wuji.figure_subjects_at(of_figure text, at_tenant int) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  return query select distinct f.subject_id from fact f join tenant t on t.id = at_tenant and t.pos = f.pos
    where f.figure = of_figure and t.pos between scope_lo() and scope_hi()
    union select o.subject_id from fact_former o join tenant t on t.id = o.to_id
    where o.figure = of_figure and o.to_id = at_tenant and t.pos between scope_lo() and scope_hi();
end $$;

-- Subjects that are counted in the range, in order.
-- to: wuji_app
create function wuji.figure_subjects(of_figure text, after text, most int) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform figure_demand();
  return query select distinct f.subject_id from fact f
    where f.figure = of_figure and f.subject_id > after and f.pos between scope_lo() and scope_hi() order by 1 limit most;
end $$;
