-- Text search asks operators that are not leakproof, so policies would keep it from its index (3 s instead of 10 ms). These functions read
-- past them, take the scope's tokens and range from where the door signed them, and give ids and counts: rows are read under row security.

-- What the scope may find: its audience tokens and, with a range, "lies below the acting tenant". Without a scope null: nothing.
-- to: wuji_app
create function wuji.search_tokens() returns int[] language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if scope_ok() is not true then return null; end if;
  return coalesce(scope_tokens(), '{}') || case when scope_hi() > 0 then array[scope_tenant() * 8 + 4] else '{}' end;
end $$;

-- "Lies below" of tenants that are closed: whatever stands there is found by nobody.
-- to:
create function wuji.search_closed() returns int[] language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(array_agg(t.id * 8 + 4), '{}') from tenant t where t.state <> 'active' $$;

-- One search. A document holds all words of at least `need` of the sets, belongs to the kinds, lies below `place`, and the scope may find it.
-- kind, level, since..until and facets (name=value) narrow further; each facet counts as if it alone did not. Rows by part:
--   hit: name = kind, value = id, n = how its title stands to the phrase, at = when it was published, in microseconds; newest or best first
--   total: n     facet: name, value, n, over at most 10,000
-- after and down_to are {n, at, id, kind} of hits: what comes behind the one, not behind the other.
-- to: wuji_app
create function wuji.search_ids(sets text[], need int, phrase text, kinds text[], place int, kind text, level int, since timestamptz, until timestamptz, facets text[],
                                years timestamptz[], newest boolean, after text[], down_to text[], size int)
returns table(part text, name text, value text, n bigint, at bigint)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_custom_plan as
$$
declare tok int[] := search_tokens(); closed int[] := search_closed(); below int[]; base tenant; alone int[] := sets[1]::int[];
begin
  if tok is null then return; end if;
  select * into base from tenant t where t.id = coalesce(search_ids.place, (select root_id from tenant where id = scope_tenant()));
  if search_ids.place is not null then below := array[search_ids.place * 8 + 4]; end if;
  return query
  with found as (
    select d.kind k, d.id i, d.pos p, d.facets f, d.title, d.published_at w from search_document d
     where cardinality(sets) = 1 and d.words @> alone and d.access && tok and (below is null or d.access @> below)
       and (closed = '{}' or not d.access && closed) and d.kind = any(kinds)
    union all
    select d.kind, d.id, d.pos, d.facets, d.title, d.published_at from search_document d join (
      select e.kind, e.id from unnest(sets) s, lateral (select x.kind, x.id from search_document x where x.words @> s::int[] and x.access && tok and (below is null or x.access @> below)) e
       where cardinality(sets) > 1 group by e.kind, e.id having count(*) >= need) m on m.kind = d.kind and m.id = d.id
     where (closed = '{}' or not d.access && closed) and d.kind = any(kinds)),
  m as materialized (
    select k, i, p, f, coalesce((date_part('epoch', w) * 1000000)::bigint, 0) t,
           case when newest then 0 when strpos(title, phrase) > 0 then 256 - least(length(title), 255) else 0 end c,
           case when w >= years[1] then 'this_year' when w >= years[2] then 'last_year' when w is not null then 'earlier' end y, l.level v,
           case when k <> search_ids.kind then 1 else 0 end | case when l.level <> search_ids.level then 2 else 0 end
             | case when w >= since is not true and since is not null or w < until is not true and until is not null then 4 else 0 end
             | case when search_ids.facets = '{}' then 0 else (select coalesce(bit_or(case when f @> array[x.e] then 0 else 4 << x.n::int end), 0) from unnest(search_ids.facets) with ordinality x(e, n)) end miss
      from found, lateral (select case when p % 100000000000000 = 0 then 1 when p % 100000000000 = 0 then 2 when p % 100000000 = 0 then 3 when p % 10000 = 0 then 4 else 5 end) l(level)),
  counted as materialized (
    select k, y, v, b, f, miss, count(*) n from (
      select k, y, v, f, miss, case when p not between base.pos and base.pos_hi then null
                                    when base.level < 2 and p / 100000000000 % 1000 > 0 then p - p % 100000000000 when base.level < 3 and p / 100000000 % 1000 > 0 then p - p % 100000000
                                    when base.level < 4 and p / 10000 % 10000 > 0 then p - p % 10000 when base.level < 5 and p % 10000 > 0 then p end b from m limit 10000) few
     group by k, y, v, b, f, miss),
  own as materialized (select e, miss, sum(c.n) n from counted c, unnest(f) e group by e, miss),
  hits as (
    select k, i, c, t from m where miss = 0
       and (after is null or (c, t, i, k) < (after[1]::int, after[2]::bigint, after[3] collate "C", after[4] collate "C"))
       and (down_to is null or (c, t, i, k) >= (down_to[1]::int, down_to[2]::bigint, down_to[3] collate "C", down_to[4] collate "C"))
     order by c desc, t desc, i desc, k desc limit size)
  select 'hit', k, i, c::bigint, t from hits
  union all select 'total', null, null, count(*), null from m where miss = 0
  union all select 'facet', 'kind', k, sum(x.n)::bigint, null from counted x where miss & ~1 = 0 group by k
  union all select 'facet', 'level', v::text, sum(x.n)::bigint, null from counted x where miss & ~2 = 0 group by v
  union all select 'facet', 'time', y, sum(x.n)::bigint, null from counted x where miss & ~4 = 0 and y is not null group by y
  union all select 'facet', 'place', t.id::text, x.n, null from (select b, sum(c.n)::bigint n from counted c where miss = 0 group by b) x join tenant t on t.pos = x.b
  union all select 'facet', split_part(e, '=', 1), substr(e, strpos(e, '=') + 1), sum(x.n)::bigint, null from own x
     where miss & ~(select coalesce(bit_or(4 << z.n::int), 0) from unnest(search_ids.facets) with ordinality z(o, n) where split_part(z.o, '=', 1) = split_part(e, '=', 1)) = 0 group by e;
end $$;

-- Completions of what was typed, best first: what is exactly that, then by weight, then the shorter. tok null: whoever may see the directory.
-- to:
create function wuji.search_complete(typed text, kinds text[], tok int[], size int) returns table(kind text, id text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_custom_plan as
$$
declare closed int[] := search_closed();
begin
  return query select s.kind, s.id from search_suggestion s
    where s.key >= typed collate "C" and s.key < (typed || chr(1114111)) collate "C" and s.kind = any(kinds) and (tok is null or s.access && tok) and not s.access && closed
    group by s.kind, s.id order by bool_or(s.key = typed) desc, max(s.weight) desc, min(length(s.key)), s.id limit size;
end $$;

-- to: wuji_app
create function wuji.search_suggest(typed text, kinds text[], size int) returns table(kind text, id text) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare tok int[] := search_tokens();
begin
  if tok is null or typed = '' then return; end if;
  return query select * from search_complete(typed, kinds, tok, size);
end $$;

-- Tenants of the whole directory, which is public: where a visitor has no acting tenant yet.
-- to: wuji_app
create function wuji.search_places(typed text, size int) returns setof int language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if search_tokens() is null or typed = '' then return; end if;
  return query select c.id::int from search_complete(typed, '{tenant}', null, size) c;
end $$;
