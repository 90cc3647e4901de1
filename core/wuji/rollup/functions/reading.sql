-- Reading: the sums themselves stand under row security. What decides which of them are withheld lies partly out of the reader's range.

-- How many people, and how many facts, in each sum of the path from the root to the acting tenant, and of all right below that path: for the
-- program, which withholds small groups, and others that would give them away. Months of whole years; days of whole months, if wanted.
-- to: wuji_app
create function wuji.rollup_people(of_figure text, since date, until date, days boolean) returns table(tenant_id int, parent_id int, period text, starts_on date, people bigint, n bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare t tenant;
begin
  select * into t from tenant o where o.id = scope_tenant();
  perform demand('rollup.figure.read', t);
  return query select o.id, o.parent_id, r.period, r.starts_on, r.people, r.n from tenant o join rollup r on r.tenant_id = o.id and r.figure = of_figure
    where (o.id = t.root_id or o.parent_id = any(t.ancestors))
      and (r.period in ('year', 'month') and r.starts_on between date_trunc('year', since::timestamp)::date and (date_trunc('year', until::timestamp) + interval '1 year - 1 day')::date
        or days and r.period = 'day' and r.starts_on between date_trunc('month', since::timestamp)::date and (date_trunc('month', until::timestamp) + interval '1 month - 1 day')::date);
end $$;

-- Since when everything that changed has been counted at the acting tenant's root, of these figures; null: not as a whole yet.
-- to: wuji_app
create function wuji.figures_counted(figures text[]) returns table(figure text, swept_at timestamptz) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select s.figure, s.swept_at from rollup_state s where scope_ok() and scope_hi() > 0 and s.tenant_id = (scope_anc())[1] and s.figure = any(figures) $$;

-- By tenant: something that is another after each change of its sums, and says nothing of what they are. Every change of a day is one of its year;
-- years are few, days are many.
-- to:
create function wuji.live_of_figures(keys text[]) returns table(key text, body jsonb) language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select k, jsonb_build_object('stamp', (
       select coalesce(hashtextextended(string_agg(r.xmin::text, ' ' order by r.figure, r.starts_on), 0), 0)::text
         from tenant t join rollup_state s on s.tenant_id = t.root_id join rollup r on r.tenant_id = t.id and r.figure = s.figure and r.period = 'year'
        where t.id = k::int))
     from unnest(keys) k $$;
