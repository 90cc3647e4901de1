-- The index is written here and nowhere else: by whoever answers for the tenants of the rows, in the transaction that changes them.

-- Where the caller may write documents: in its range; the operator, for the directory, everywhere. Nobody else has anything to index.
-- Worked out once a call: the signature of the scope costs more than a document.
-- to:
create function wuji.search_reach(kind text) returns int8range language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when scope_ok() is not true then 'empty'::int8range when search_reach.kind = 'tenant' and scope_operator() then int8range(1, null)
               when scope_hi() > 0 then int8range(scope_lo(), scope_hi(), '[]') else 'empty'::int8range end $$;

-- Keeps others from writing these documents until the transaction ends; what is not there yet is held by a dropped one. Whoever holds, then
-- reads the rows, then writes, writes what is true: all that was committed before has been read, all that comes later waits.
-- Returns those that are held; documents of others are left alone.
-- to: wuji_app
create function wuji.search_hold(kind text, ids text[]) returns setof text language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare reach int8range := search_reach(search_hold.kind);
begin
  if isempty(reach) then return; end if;
  insert into search_document(kind, id, version, tenant_id, words, access, title, facets, dropped_at)
  select search_hold.kind, x, 0, scope_tenant(), '{}', '{}', '', '{}', now() from unnest(ids) x order by x on conflict do nothing;
  return query select d.id from search_document d
    where d.kind = search_hold.kind and d.id = any(ids) and (d.dropped_at is not null or d.pos <@ reach) order by d.id for update;
end $$;

-- Documents of one kind, column by column; arrays within arrays come as text. Keys of completion name their document by its place.
-- A version that is older than the present one changes nothing. Returns the ids that were written: those of others never are.
-- to: wuji_app
create function wuji.search_put(kind text, ids text[], versions int[], tenants int[], audiences text[], words text[], titles text[], facets text[],
                                published timestamptz[], key_of int[], keys text[], weights int[]) returns setof text
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare written text[]; reach int8range := search_reach(search_put.kind);
begin
  if not coalesce((select bool_and(audience_ok(a::int[])) from unnest(audiences) a), true) then
    raise exception 'an audience holds classes 0 to 3' using errcode = 'check_violation', constraint = 'search_audience';
  end if;
  with put as (
    insert into search_document as d(kind, id, version, tenant_id, words, access, title, facets, published_at)
    select search_put.kind, x.id, x.version, t.id, x.words::int[],
           array(select a from unnest(x.audience::int[]) a union select a * 8 + 4 from unnest(t.ancestors) a order by 1), x.title, x.facets::text[], x.published
      from unnest(ids, versions, tenants, audiences, search_put.words, titles, search_put.facets, published)
           x(id, version, tenant, audience, words, title, facets, published) join tenant t on t.id = x.tenant
     where t.pos <@ reach order by x.id
    on conflict on constraint pk_search_document do update set (version, tenant_id, words, access, title, facets, published_at, dropped_at)
       = (excluded.version, excluded.tenant_id, excluded.words, excluded.access, excluded.title, excluded.facets, excluded.published_at, null)
     where d.version <= excluded.version and (d.dropped_at is not null or d.pos <@ reach)
    returning d.id)
  select array_agg(put.id) into written from put;
  delete from search_suggestion s where s.kind = search_put.kind and s.id = any(written);
  insert into search_suggestion(kind, id, key, weight, access)
  select d.kind, d.id, k.key, k.weight, d.access from unnest(key_of, keys, weights) k(n, key, weight)
    join search_document d on d.kind = search_put.kind and d.id = ids[k.n] where d.id = any(written);
  return query select unnest(written);
end $$;

-- Takes documents out; without a version the present one. Returns the ids that are out now.
-- to: wuji_app
create function wuji.search_drop(kind text, ids text[], versions int[]) returns setof text language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare dropped text[]; reach int8range := search_reach(search_drop.kind);
begin
  perform search_hold(search_drop.kind, ids);
  with gone as (
    update search_document d set (version, words, access, title, facets, published_at, dropped_at)
           = (coalesce(x.version, d.version), '{}', '{}', '', '{}', null, now())
      from unnest(ids, versions) x(id, version)
     where d.kind = search_drop.kind and d.id = x.id and d.version <= coalesce(x.version, d.version)
       and (d.dropped_at is not null or d.pos <@ reach)
    returning d.id)
  select array_agg(gone.id) into dropped from gone;
  delete from search_suggestion s where s.kind = search_drop.kind and s.id = any(dropped);
  return query select unnest(dropped);
end $$;

-- What the documents of the range hold, as one figure each: the program works the same out of the rows. For the program's own account only.
-- to: wuji_app
create function wuji.search_digests(kind text, ids text[], after text, most int) returns table(id text, digest text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp set plan_cache_mode = force_custom_plan as
$$
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then return; end if;
  return query select d.id, md5(concat_ws('|', d.version, d.tenant_id, array_to_string(d.words, ','), array_to_string(d.access, ','), d.title,
      array_to_string(d.facets, ','), (extract(epoch from d.published_at) * 1000000)::bigint,
      (select string_agg(s.key || '=' || s.weight, ',' order by s.key) from search_suggestion s where s.kind = d.kind and s.id = d.id and s.access = d.access)))
    from search_document d
   where d.kind = search_digests.kind and d.dropped_at is null and d.pos between scope_lo() and scope_hi()
     and (search_digests.ids is null or d.id = any(search_digests.ids)) and d.id > search_digests.after
   order by d.id limit most;
end $$;

-- to: wuji_system
create function wuji.search_count(kind text) returns bigint language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select count(*) from search_document d where d.kind = search_count.kind and d.dropped_at is null $$;
