"""The scope's settings, forged, before the statement and while it runs; and what signs them."""

import pytest

HOSTILE = {
    "select {wide}; select * from wuji.file": "42501",
    "{widen}; select count(*), string_agg(name, ',') from wuji.file": "42501",
    "set local wuji.lo = '{sibling_lo}'; set local wuji.hi = '{sibling_hi}'; select * from wuji.file": "42501",
    "set local wuji.lo = '{city_lo}'; select * from wuji.tenant_profile": "42501",
    "set local wuji.hi = '{city_hi}'; select * from wuji.role_grant": "42501",
    "set local wuji.tokens = '{{0,{sibling_official}}}'; select * from wuji.file": "42501",
    "set local wuji.anc = '{{{other}}}'; select * from wuji.role": "42501",
    "set local wuji.account = '{victim}'; select * from wuji.account": "42501",
    "set local wuji.account = '{victim}'; select * from wuji.idempotency": "",
    "set local wuji.account = '{victim}'; select * from wuji.session_list()": "42501",
    "set local wuji.account = '{victim}'; select * from wuji.grants_mine()": "42501",
    "set local wuji.account = '{victim}'; update wuji.account set name = 'x'": "42501",
    "set local wuji.account = '{victim}'; select wuji.job_add('x', '{{}}')": "42501",
    "set local wuji.account = '{system}'; select wuji.tenant_add({sibling}, 'x', '', 'y', null, 'territory')": "42501",
    "set local wuji.operator = 'yes'; select * from wuji.role_grant": "42501",
    "set local wuji.operator = 'yes'; select wuji.tenant_add(null, 'x', '', 'y', 1, 'territory')": "42501",
    "set local wuji.operator = 'yes'; select wuji.role_give('{my_login}', {operator}, null, null, '')": "42501",
    "set local wuji.operator = 'yes'; select wuji.account_find('{victim_login}')": "42501",
    "set local wuji.tenant = '{city}'; select wuji.record('x', 'y', null, {city}, null, null, null)": "42501",
    "set local wuji.tenant = '{city}'; select wuji.job_add('x', '{{}}')": "42501",
    "set local wuji.until = '99999999999'; select * from wuji.role_grant": "42501",
    "set local wuji.until = ''; select * from wuji.role_grant": "42501",
    "set local wuji.until = 'infinity'; select * from wuji.role_grant": "42501",
    "set local wuji.sig = ''; {widen}; select * from wuji.file": "ok",
    "reset wuji.sig; {widen}; select * from wuji.file": "ok",
    "set local wuji.sig = '0'; select * from wuji.file": "42501",
    "set local wuji.sig = '0000000000000000000000000000000000000000000000000000000000000000'; select * from "
    "wuji.job": "42501",
    "set local wuji.sig to default; select * from wuji.role": "ok",
    "set local wuji.lo = '0|999999999999999999'; select * from wuji.file": "",
    "set local wuji.lo = ' {village_lo} '; select * from wuji.file": "42501",
    "set local wuji.lo = '+{village_lo}'; select * from wuji.file": "42501",
    "set local wuji.lo = ''; select * from wuji.file": "42501",
    "set local wuji.lo = 'null'; select * from wuji.file": "",
    "set local wuji.hi = '1e18'; select * from wuji.file": "",
    "set local wuji.tokens = '[0:1]={{0,8}}'; select * from wuji.file": "42501",
    "set wuji.lo = '0'; set wuji.hi = '999999999999999999'; select * from wuji.file": "42501",
    "set wuji.lo = '0'; set wuji.hi = '999999999999999999'; commit; select * from wuji.file": "",
    "set local wuji.lo = '0'; select * from wuji.file where name > ''": "42501",
    "set local wuji.lo = '0'; update wuji.file set name = 'x'": "42501",
    "set local wuji.lo = '0'; delete from wuji.file": "42501",
    "set local wuji.lo = '0'; select * from wuji.tenant where state <> 'active'": "",
    "set local wuji.lo = '0'; select wuji.tenant_add({sibling}, 'x', '', 'y', null, 'territory')": "42501",
    "set local wuji.lo = '0'; select wuji.role_take('{victim_grant}', '')": "42501",
    "select set_config(name, '0', true) from pg_settings where name like 'wuji.%'; select * from wuji.file": "",
    "alter role wuji_app set wuji.sig = 'x'": "42501",
    "alter database hostile set wuji.lo = '0'": "42501",
    "autocommit; alter system set wuji.lo = '0'": "",
    "set local wuji.plan = 'x'; select * from wuji.file": "ok",
    "select wuji.plan_lo(), wuji.plan_hi(), wuji.scope_tokens(), wuji.scope_text()": "ok",
    "set local wuji.lo = '0'; select wuji.scope_ok()": "42501",
    # while a statement runs
    "select name, {wide} from wuji.file": "",
    "{seq}; select name, {wide} from wuji.file": "",
    "{seq}; select name, set_config('wuji.tokens', '{{0,{sibling_official}}}', true) from wuji.file": "",
    "{seq}; select account_name, set_config('wuji.account', '{victim}', true) from wuji.role_grant": "",
    "{seq}; select verb, set_config('wuji.operator', 'yes', true) from wuji.journal_record": "",
    "{seq}; select name, set_config('wuji.anc', '{{{other},{sibling}}}', true) from wuji.role": "",
    "{seq}; select login, set_config('wuji.account', '{victim}', true) from wuji.account": "",
    "set local enable_seqscan = off; select name, {wide} from wuji.file": "",
    "select name from wuji.file where {widened} > ''": "",
    "select name from wuji.file order by {widened} || name": "",
    "{seq}; declare c cursor for select name from wuji.file; fetch 1 from c; {widen}; fetch all from c": "",
    "{seq}; declare c cursor for select login from wuji.account; set local wuji.account = '{victim}'; fetch "
    "all from c": "",
    "declare c cursor with hold for select name from wuji.file; fetch 1 from c; {widen}; commit; fetch all from c": "",
    "{widen}; declare c cursor for select name from wuji.file; set local wuji.lo = '{village_lo}'; set local "
    "wuji.hi = '{village_hi}'; fetch all from c": "",
    "savepoint a; {widen}; prepare p as select name from wuji.file; explain execute p; rollback to a; execute p": "",
    "set local plan_cache_mode = force_generic_plan; prepare p as select name from wuji.file; execute p; "
    "{widen}; execute p": "",
    "select x.name from (select g, case when g > 1 then {widened} end from generate_series(1, 3) g offset 0) "
    "s left join lateral (select f.name from wuji.file f where s.g > 0 offset 0) x on true": "",
    "set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_material = off; "
    "{seq}; select b.name from (select {wide} from wuji.file offset 0) a, wuji.file b": "",
    "update wuji.file set media = left({widened}, 0) || media returning name": "",
    "with d as (delete from wuji.file where {widened} > '' returning name) select * from d": "",
    "{row} select t, left(set_config('wuji.hi', '999999999999999999', true) || set_config('wuji.lo', '0', "
    "true), 0), sha256('x'), 1, 'x', 'x', 'x' from unnest(array[{village}, {sibling}]) t": "42501",
    "do $$ declare r record; begin for r in select name from wuji.file loop raise notice '%', r; perform "
    "{wide}; end loop; end $$": "",
    "do $$ declare c cursor for select name from wuji.file; r record; begin open c; fetch c into r; perform "
    "{wide}; loop fetch c into r; exit when not found; raise notice '%', r; end loop; end $$": "",
    "select wuji.session_list(), set_config('wuji.account', '{victim}', true)": "",
    "select wuji.grants_mine(), set_config('wuji.account', '{victim}', true)": "",
    "select wuji.link_notices(null), set_config('wuji.account', '{victim}', true)": "",
    "{seq}; select wuji.session_list(), set_config('wuji.account', '{victim}', true)": "",
    # what signs
    "select wuji.scope_bind('{victim}', t, true, now() + interval '1 d') from wuji.tenant t where id = {city}": "42501",
    "select wuji.scope_sign(0, 999999999999999999, '{{0}}', '{{}}', '{victim}', {city}, true, 'infinity')": "42501",
    "select * from wuji.signing_key": "42501",
    "select inner_pad from wuji.signing_key limit 1": "42501",
    "select count(*) from wuji.signing_key": "42501",
    "select wuji.key_rotate()": "42501",
    "select wuji.key_put('scope', sha256('x'))": "42501",
    "select wuji.key_put('seal', sha256('x'))": "42501",
    "select wuji.seal_ok('x', 'y')": "42501",
    "select wuji.seal_demand('x', 'y')": "42501",
    "insert into wuji.signing_key(use, inner_pad, outer_pad) values ('scope', '', '')": "42501",
    "update wuji.signing_key set outer_pad = ''": "42501",
    "delete from wuji.signing_key": "42501",
    "select wuji.may('tenancy.tenant.add', t) from wuji.tenant t": "42501",
    "select wuji.demand('x', t) from wuji.tenant t": "42501",
    "select wuji.tenant_open('{city_code}')": "42501",
    "select wuji.grants_live('{victim}')": "42501",
    "set local search_path = wuji; set local wuji.lo = '0'; select encode(sha256(convert_to(scope_text(), "
    "'UTF8')), 'hex'); select scope_ok()": "42501",
    "select set_config('wuji.sig', encode(sha256(convert_to(wuji.scope_text(), 'UTF8')), 'hex'), true); "
    "select * from wuji.file": "42501",
}


@pytest.mark.parametrize("statement", HOSTILE)
def test_settings(attack, statement):
    attack(statement, HOSTILE[statement])
