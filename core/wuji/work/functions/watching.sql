-- What the operator's monitoring is shown of the whole deployment: numbers, by what a program is called, never by whom.

-- to: wuji_app
create function wuji.watched(seal bytea) returns table(name text, label text, value float8) language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand('watched', seal);
  return query
    select x.name, c.name, x.value
      from consumer c cross join lateral consumer_behind(c) b,
           lateral (values ('consumer_unread', b.unread::float8), ('consumer_lag_seconds', coalesce(b.lag_seconds, 0)),
                           ('consumer_set_aside', (select count(*) from poison p where p.consumer = c.name)::float8),
                           ('consumer_paused', c.paused::int::float8)) x(name, value)
    union all
    select 'jobs', s.state, (select count(*) from job j where j.state = s.state and j.due_at is not null)::float8
      from unnest(array['waiting', 'running', 'done', 'failed']) s(state)
    union all
    select 'sessions', '', (select count(*) from account_session a where a.revoked_at is null and a.idle_at > now() and a.ends_at > now())::float8
    union all
    select 'seal_age_seconds', '', extract(epoch from clock_timestamp() - (select c.moved_at from consumer c where c.name = 'journal.seal'))::float8
    union all
    select 'last_backup_timestamp_seconds', '', coalesce((select extract(epoch from max(r.at)) from journal_record r where r.kind = 'backup'), 0)::float8;
end $$;
