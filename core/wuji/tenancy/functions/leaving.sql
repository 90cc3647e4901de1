-- What taking a merge back leaves as it is: named before, so that nobody is surprised after.

-- As far as the caller sees it, by the tenant where it stands: rows that lie at a third tenant by now (elsewhere), rows that are shown to others than was
-- made of it (shown), and what the taker has come to hold since (added). titles: by table, the column that tells its rows apart to people.
-- to: wuji_app
create function wuji.rows_left(change_id uuid, titles jsonb, few int) returns table(why text, tenant_id int, called text, n bigint, firsts text[])
language plpgsql stable set search_path = pg_catalog, wuji, pg_temp as
$$
declare c record; t record;
begin
  -- not kept as a plan: one made under another scope is refused
  execute 'select x.subject_id as giver, (x.carried ->> ''taker'')::int as taker, x.created_at,
                  rows_joined(rows_joined(coalesce(x.carried -> ''app'', ''{}''), coalesce(x.carried -> ''own'', ''{}'')), coalesce(x.carried -> ''told'', ''{}'')) as given
             from tenant_change x where x.id = $1' into c using change_id;
  if c.taker is null then return; end if;
  for t in select m.name, m.key, m.shown, y.called, case when titles ? y.called then format('x.%I', titles ->> y.called) else 'null::text' end as title,
                  (select string_agg(format('x.%I = (o.k ->> %s)::%s', p.attname, p.place, p.type), ' and ')
                     from (select a.attname, row_number() over (order by a.attnum) - 1 as place, format_type(a.atttypid, a.atttypmod) as type
                             from pg_index i join pg_attribute a on a.attrelid = m.name and a.attnum = any(i.indkey) where i.indrelid = m.name and i.indisprimary) p) as same,
                  (select format('x.%I', a.attname) from pg_attribute a where a.attrelid = m.name and a.attname in ('created_at', 'given_at') limit 1) as made
             from rows_mine(true) m cross join lateral (select replace(replace(m.name::text, 'plugin_', ''), 'wuji.', '') as called) y loop
    return query execute format('
      with given as (select k from jsonb_array_elements($1) k), told as (select e -> 0 as k, array(select jsonb_array_elements_text(e -> 1)::int) as audience from jsonb_array_elements($2) e),
      l(why, at, title) as (
        select ''elsewhere'', x.tenant_id, %2$s from given o join %1$s x on %3$s where x.tenant_id <> $4'
        || case when t.shown then ' union all select ''shown'', x.tenant_id, %2$s from told o join %1$s x on %3$s where x.audience is distinct from tokens_give(o.audience, $3, $4)' else '' end
        || case when t.made is null then '' else ' union all select ''added'', x.tenant_id, %2$s from %1$s x where x.tenant_id = $4 and %4$s > $5
                                                    and not exists(select from given o where o.k = jsonb_build_array(%5$s))' end || ')
      select l.why, l.at, $6, count(*), coalesce((array_agg(l.title order by l.title) filter (where l.title <> ''''))[1:$7], ''{}'') from l group by 1, 2',
      t.name, t.title, t.same, t.made, t.key)
      using coalesce(c.given #> array[t.name::text, 'gone'], '[]'), coalesce(c.given #> array[t.name::text, 'told'], '[]'), c.giver, c.taker, c.created_at, t.called, few;
  end loop;
end $$;
