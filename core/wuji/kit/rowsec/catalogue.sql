-- Everything the wall of a database consists of, one line each: tables, policies, triggers, rules, grants, functions, roles, settings.
select format('table %I.%I %s owner=%s row_security=%s', n.nspname, c.relname, coalesce(obj_description(c.oid, 'pg_class'), 'kind=?'), c.relowner::regrole,
       c.relrowsecurity and c.relforcerowsecurity)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where (n.nspname = 'wuji' or n.nspname like 'plugin\_%') and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> 'alembic_version'
union all
select format('policy %I.%I %s %s %s %s using=%s check=%s', schemaname, tablename, policyname, lower(permissive), lower(cmd), array_to_string(roles, ','), coalesce(qual, ''), coalesce(with_check, ''))
  from pg_policies p join pg_namespace n on n.nspname = p.schemaname where (n.nspname = 'wuji' or n.nspname like 'plugin\_%')
union all
select format('trigger %I.%I %s %s %s', n.nspname, c.relname, tgname, f.pronamespace::regnamespace || '.' || f.proname, t.tgenabled)
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace join pg_proc f on f.oid = t.tgfoid where (n.nspname = 'wuji' or n.nspname like 'plugin\_%') and not t.tgisinternal
union all
select format('rule %I.%I %s', n.nspname, c.relname, r.rulename)
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where (n.nspname = 'wuji' or n.nspname like 'plugin\_%') and r.rulename <> '_RETURN'
union all
select format('grant %I.%I %s %s', n.nspname, c.relname, case when x.grantee = 0 then 'PUBLIC' else x.grantee::regrole::text end,
       string_agg(x.privilege_type, ',' order by x.privilege_type))
  from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x
 where (n.nspname = 'wuji' or n.nspname like 'plugin\_%') and x.grantee <> c.relowner group by n.nspname, c.relname, x.grantee
union all
select format('grant %I.%I(%s) %s %s', n.nspname, c.relname, a.attname, case when x.grantee = 0 then 'PUBLIC' else x.grantee::regrole::text end, x.privilege_type)
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace, aclexplode(a.attacl) x where (n.nspname = 'wuji' or n.nspname like 'plugin\_%')
union all
select format('schema %I %s %s', n.nspname, case when x.grantee = 0 then 'PUBLIC' else x.grantee::regrole::text end, string_agg(x.privilege_type, ',' order by x.privilege_type))
  from pg_namespace n, aclexplode(n.nspacl) x where (n.nspname = 'wuji' or n.nspname like 'plugin\_%') and x.grantee <> n.nspowner group by n.nspname, x.grantee
union all
select format('function %s%s(%s) owner=%s definer=%s %s %s set=%s body=%s to=%s', case n.nspname when 'wuji' then '' else n.nspname || '.' end, p.proname,
       array_to_string((p.proargnames)[:p.pronargs], ','), p.proowner::regrole, case when p.prosecdef then 'True' else 'False' end, p.provolatile, p.proparallel,
       coalesce(regexp_replace(array_to_string(p.proconfig, ';'), '^search_path=', ''), ''), case when p.proname = 'new_id' and n.nspname = 'wuji' then 'any' else md5(p.prosrc) end,
       (select coalesce(string_agg(case when x.grantee = 0 then 'PUBLIC' else x.grantee::regrole::text end, ',' order by x.grantee::regrole::text), '')
          from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee <> p.proowner))
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where (n.nspname = 'wuji' or n.nspname like 'plugin\_%')
union all
select format('role %s super=%s bypass=%s createrole=%s createdb=%s replication=%s login=%s inherit=%s in=%s', r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
       r.rolreplication, r.rolcanlogin, r.rolinherit, coalesce((select string_agg(distinct m.roleid::regrole::text, ',') from pg_auth_members m where m.member = r.oid), ''))
  from pg_roles r where r.rolname in ('wuji_owner', 'wuji_app', 'wuji_system', 'wuji_live', 'wuji_definer', 'wuji_backup')
union all
select format('setting %s %s', case when setrole = 0 then 'any' else setrole::regrole::text end, setconfig)
  from pg_db_role_setting where setrole in (0, 'wuji_app'::regrole, 'wuji_system'::regrole, 'wuji_live'::regrole, 'wuji_definer'::regrole)
   and setdatabase in (0, (select oid from pg_database where datname = current_database()))
union all
select format('database temporary=%s create=%s public_create=%s', has_database_privilege('wuji_app', current_database(), 'temporary'),
       has_database_privilege('wuji_app', current_database(), 'create'), has_schema_privilege('wuji_app', 'public', 'create'))
