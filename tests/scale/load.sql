-- One city: 10 districts, each 10 streets, each 10 communities, each 5 grids: 6,111 tenants. Settings scale.* say how much of everything.
-- Statements end with a semicolon at the end of a line; the last character of a statement is nowhere else at one.
set session_replication_role = replica;

insert into wuji.tenant(id, root_id, parent_id, level, name, name_key, pos, pos_hi, ancestors) overriding system value
with c as (select c, (c - 1) * 6111 + 1 id, c * wuji.span(1) pos from generate_series(1, current_setting('scale.cities')::int) c),
  d as (select c.id cid, d, c.id + d id, c.pos + d * wuji.span(2) pos from c, generate_series(1, 10) d),
  s as (select d.*, s, cid + 10 + (d - 1) * 10 + s sid, pos + s * wuji.span(3) spos from d, generate_series(1, 10) s),
  v as (select s.*, v, cid + 110 + ((d - 1) * 10 + s - 1) * 10 + v vid, spos + v * wuji.span(4) vpos from s, generate_series(1, 10) v),
  g as (select v.*, cid + 1110 + (((d - 1) * 10 + s - 1) * 10 + v - 1) * 5 + g gid, vpos + g gpos from v, generate_series(1, 5) g)
select id, id, null::int, 1, 'city ' || id, 'c', pos, pos + wuji.span(1) - 1, array[id] from c
union all select id, cid, cid, 2, 'district ' || id, 'd', pos, pos + wuji.span(2) - 1, array[cid, id] from d
union all select sid, cid, id, 3, 'street ' || sid, 's', spos, spos + wuji.span(3) - 1, array[cid, id, sid] from s
union all select vid, cid, sid, 4, 'village ' || vid, 'v', vpos, vpos + wuji.span(4) - 1, array[cid, id, sid, vid] from v
union all select gid, cid, vid, 5, 'grid ' || gid, 'g', gpos, gpos, array[cid, id, sid, vid, gid] from g;

update wuji.tenant set next_child = '{1,11,11,11,11}';
select setval(pg_get_serial_sequence('wuji.tenant', 'id'), 1000000);
select setval('wuji.root_slot', 100);
insert into wuji.tenant_code(tenant_id, code) select id, 't' || id from wuji.tenant;

-- The person with the number n is head of the first tenant of level n; everybody has the same password's hash.
insert into wuji.account(login, name) select 'head-' || n, 'head ' || n from generate_series(1, 5) n;
insert into wuji.account(login, name) select 'person-' || n, 'person ' || n from generate_series(1, current_setting('scale.people')::int) n;
insert into wuji.credential(account_id, kind, secret) select id, 'password', current_setting('scale.secret') from wuji.account where type = 'person';
insert into wuji.role_grant(tenant_id, pos, account_id, account_name, role_id, given_by)
select t.id, t.pos, a.id, a.name, (select id from wuji.role where tenant_id is null and name = 'head'), (select id from wuji.account where type = 'system')
  from (values (1, 1), (2, 2), (3, 12), (4, 112), (5, 1112)) head(n, tenant_id) join wuji.account a on a.login = 'head-' || n join wuji.tenant t on t.id = head.tenant_id;
insert into wuji.role_grant(tenant_id, pos, account_id, account_name, role_id, given_by)
select t.id, t.pos, a.id, a.name, (select id from wuji.role where tenant_id is null and name = 'resident'), (select id from wuji.account where type = 'system')
  from generate_series(1, current_setting('scale.people')::int) n join wuji.account a on a.login = 'person-' || n join wuji.tenant t on t.id = 112 + n % 100;
-- The mayor of each city, to write at its root.
insert into wuji.account(login, name) select 'mayor-' || c, 'mayor ' || c from generate_series(1, current_setting('scale.cities')::int) c;
insert into wuji.role_grant(tenant_id, pos, account_id, account_name, role_id, given_by)
select t.id, t.pos, a.id, a.name, (select id from wuji.role where tenant_id is null and name = 'head'), (select id from wuji.account where type = 'system')
  from generate_series(1, current_setting('scale.cities')::int) c
  join wuji.account a on a.login = 'mayor-' || c join wuji.tenant t on t.id = (c - 1) * 6111 + 1;
insert into wuji.account_session(token_hash, account_id, idle_at, ends_at)
select sha256(login::bytea), id, now() + interval '9 h', now() + interval '9 h' from wuji.account where login ~ '^(head|mayor)-';

insert into wuji.journal_record(tenant_id, pos, root_id, account_id, verb, kind, subject_id, fields, at)
select t.id, t.pos, t.root_id, p.id, 'scale.tip.changed', 'tip', wuji.new_id()::text, '{title,text}', now() - g * interval '1 minute'
  from generate_series(1, current_setting('scale.records')::int) g
  join wuji.tenant t on t.id = 1 + g::bigint * 7919 % (select count(*) from wuji.tenant)
  join wuji.account p on p.login = 'person-' || 1 + g % current_setting('scale.people')::int;

-- Four fifths at grids, fewer at every level above. Every fortieth tip is shown to holders of a role in one district, every fiftieth to
-- residents of its own city, three of a hundred of the others to somebody anywhere: heavy and rare tokens.
insert into plugin_bench.tip(tenant_id, pos, title, audience)
select t.id, t.pos, md5(g::text), case when g % 40 = 1 then array[2 * 8 + 2] when g % 50 = 1 then array[t.root_id * 8 + 1]
       when rare < .03 then array[(1 + floor(rare / .03 * (select count(*) from wuji.tenant)))::int * 8 + g % 3] end
  from (select g, g % current_setting('scale.cities')::int c, random() r, random() q, random() rare from generate_series(1, current_setting('scale.tips')::int) g) x,
  lateral (select c * 6111 + case when r < .8 then 1112 + floor(q * 4999)::int when r < .95 then 112 + floor(q * 999)::int when r < .99 then 12 + floor(q * 99)::int when r < .999 then 2 + floor(q * 10)::int else 1 end tenant_id) y
  join wuji.tenant t on t.id = y.tenant_id;

vacuum analyze;
