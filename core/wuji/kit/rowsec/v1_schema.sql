-- The foundation under every wall, written once by the first revision and frozen with v1.py: the schema, ids, and what a door answers.

-- RFC 9562 version 7 with 12 bits of sub-millisecond order, as PostgreSQL 18's uuidv7() has them.
do $do$ begin
  if current_setting('server_version_num')::int >= 180000 then
    create function wuji.new_id() returns uuid language sql volatile parallel safe as 'select uuidv7()';
  else
    create function wuji.new_id() returns uuid language sql volatile parallel safe as $f$
      select encode(int8send(us / 1000 << 16 | 28672 | us % 1000 * 4096 / 1000) || substring(uuid_send(gen_random_uuid()) from 9), 'hex')::uuid
        from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint us) t $f$;
  end if;
end $do$;

-- What a door tells the program. ranged: a grant of reach subtree covers the acting tenant; held: any live grant does (403 may name what is missing).

create type wuji.scope as (
  account_id uuid, account_name text, locale text, session_id uuid, tenant_id int, tenant_code text, tenant_name text, root_id int, level int,
  ranged boolean, held boolean, operator boolean, permissions text[]);

revoke all on function wuji.new_id() from public;
grant execute on function wuji.new_id() to wuji_app, wuji_system, wuji_definer;
