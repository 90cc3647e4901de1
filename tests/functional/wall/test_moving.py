"""Settings that change while a statement runs, and plans that outlive the scope they were made for: neither moves the wall."""

from typing import Any

import psycopg
import pytest

from wuji.kit.rowsec import v1
from wuji.testing import ANONYMOUS, Transaction

OFFICIAL, RESIDENT = ("official@village", "village"), ("resident", "village")
FILE, ROLE, ACCOUNT, RECORD = "wuji.file", "wuji.role", "wuji.account", "wuji.journal_record"
WIDE = "set_config('wuji.lo', '0', true) || set_config('wuji.hi', '999999999999999999', true)"
# every tenant and class that a test server is likely to have
TOKENS = "set_config('wuji.tokens', (select array_agg(x)::text from generate_series(0, 99999) x), true)"
ABOVE = "set_config('wuji.anc', (select array_agg(x)::text from generate_series(0, 9999) x), true)"
PLANS = {
    "sequential": ("enable_indexscan", "enable_bitmapscan", "enable_indexonlyscan"),
    "index": ("enable_seqscan",),
}
LOOPS = ("enable_hashjoin", "enable_mergejoin", "enable_material")
# The change comes first, the scan is started anew after it, for the second and third row of the outer side.
LATERAL = (
    "select x.id from (select g, case when g > 1 then {change} end w from generate_series(1, 3) g offset 0) s "
    "left join lateral (select t.id from {table} t where s.g > 0 offset 0) x on true where x.id is not null"
)
# Static SQL in a loop keeps its plan from one turn to the next.
LOOP = f"""do $$ declare found text[] := '{{}}'; begin
  for n in 1..3 loop
    found := found || array(select id::text from {FILE});
    perform {WIDE};
  end loop;
  perform set_config('moving.found', found::text, true);
end $$"""
ATTACKS = {
    "target list": [f"select id, {WIDE} from {FILE}"],
    "tokens": [f"select id, {TOKENS} from {FILE}"],
    "filter": [f"select id from {FILE} where {WIDE} > ''"],
    "lateral": [LATERAL.format(change=WIDE, table=FILE)],
    "lateral tokens": [LATERAL.format(change=TOKENS, table=FILE)],
    "cursor": [f"declare c cursor for select id from {FILE}", "fetch 1 from c", f"select {WIDE}", "fetch all from c"],
    "hold": [
        f"declare c cursor with hold for select id from {FILE}",
        "fetch 1 from c",
        f"select {WIDE}",
        "commit",
        "fetch all from c",
    ],
    "forged plan": [
        f"prepare p as select id from {FILE}",
        "savepoint a",
        f"select {WIDE}",
        "explain execute p",
        "rollback to a",
        "execute p",
    ],
    "loop": [LOOP, "select unnest(current_setting('moving.found')::uuid[])"],
    "update": [f"update {FILE} set name = left({WIDE}, 0) || name returning id"],
    "delete": [f"with d as (delete from {FILE} where {WIDE} > '' returning id) select id from d"],
}
OTHER_KINDS = {
    "downward": (ROLE, OFFICIAL, f"select id, {WIDE} || {ABOVE} from {ROLE}"),
    "account": (
        ACCOUNT,
        RESIDENT,
        LATERAL.format(change="set_config('wuji.account', '{stranger}', true)", table=ACCOUNT),
    ),
    "own rows": (
        RECORD,
        RESIDENT,
        LATERAL.format(change="set_config('wuji.account', '{stranger}', true)", table=RECORD),
    ),
    "operator": (
        RECORD,
        RESIDENT,
        LATERAL.format(change=f"set_config('wuji.operator', 'yes', true) || {WIDE}", table=RECORD),
    ),
}


def off(tx: Transaction, settings: tuple[str, ...]) -> None:
    for name in settings:
        tx.execute(f"set local {name} = off")


def attacked(tx: Transaction, statements: list[str]) -> set[Any]:
    """The first column of what the last statement returned; empty where the wall raised, which is as good as seeing nothing."""
    try:
        for statement in statements[:-1]:
            tx.execute(statement)
        return set(tx.all(statements[-1]))
    except psycopg.errors.InsufficientPrivilege:
        return set()


def check(stage, table, person, plan, statements):
    """Nobody sees more than with an honest statement; that there is more to see is part of the check."""
    with stage.world.enter(*person) as tx:
        honest = set(tx.all(f"select id from {table}"))
    assert honest
    assert set(stage.rows[table]) - honest
    with stage.world.enter(*person) as tx:
        off(tx, (*PLANS[plan], *LOOPS))
        assert attacked(tx, statements) <= honest


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("who", ["official@grid", ANONYMOUS])
def test_widened_while_it_runs(stage, who, attack, plan):
    check(stage, FILE, (who, "grid"), plan, ATTACKS[attack])


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_other_kinds(stage, kind, plan):
    table, person, statement = OTHER_KINDS[kind]
    check(stage, table, person, plan, [statement.replace("{stranger}", str(stage.world.account["stranger"]))])


def test_an_insert_that_widens_itself(stage):
    """The second row goes to the neighbours, in a range that is only now theirs."""
    world = stage.world
    insert = (
        "insert into wuji.file(tenant_id, name, sha256, size, media, owner_kind, owner_id) "
        "select x, left(w, 0) || 'moved', sha256('x'), 1, 'text/plain', 'test', 'moved' || n "
        "from (values (1, %s::int), (2, %s)) v(n, x), "
        f"lateral (select case when n > 1 then {WIDE} else '' end w offset 0) s"
    )
    with world.enter("official@village", "village") as tx:
        assert tx.refused(insert, world.tenant["village"], world.tenant["grid"]) is None
    with world.enter("official@village", "village") as tx:
        assert tx.refused(insert, world.tenant["village"], world.tenant["sibling"]) == "42501"


def test_a_plan_meets_the_next_scope(stage):
    """Never the rows of the scope it was made for: the new scope's, none, or an error."""
    world = stage.world
    people = (
        ("official@grid", "grid"),
        ("official@sibling", "sibling"),
        ("official@city", "city"),
        ("official@other", "other"),
    )
    with world.enter() as tx:
        tx.execute(f"prepare q as select id from {FILE}")
        tx.commit()
        for who, at in (*people, (None, None), *reversed(people)):
            tx.rollback()
            if who:
                tx.row("select * from wuji.enter_session(%s, %s)", world.proof(who), world.code[at])
            honest = set(tx.all(f"select id from {FILE}"))
            assert bool(honest) == bool(who)
            assert attacked(tx, ["execute q"]) <= honest, who


def test_only_policies_use_what_planning_folds(stage):
    """An index, a view, a default or a function would keep the value of whoever was there first."""
    world = stage.world
    users = world.run(
        "select distinct d.classid::regclass::text from pg_depend d join pg_proc p on p.oid = d.refobjid "
        "where d.refclassid = 'pg_proc'::regclass and p.pronamespace = 'wuji'::regnamespace and p.proname like 'plan\\_%'"
    )
    assert [row[0] for row in users] == ["pg_policy"]
    bodies = world.run(  # the body of a function is a text: PostgreSQL knows no dependency
        "select proname from pg_proc where pronamespace::regnamespace::text ~ '^(wuji|plugin_)' "
        "and prosrc ~* '\\mplan_\\w+\\s*\\('"
    )
    assert bodies.fetchall() == []


def test_every_accessor_is_proven(stage):
    """Each value that planning folds is compared with the signed one, under its own name, in every policy that uses any."""
    accessors = stage.world.one(
        "select array_agg(proname::text) from pg_proc where pronamespace = 'wuji'::regnamespace and proname like 'plan\\_%'"
    )
    takes = stage.world.one("select proargnames from pg_proc where oid = 'wuji.scope_is'::regproc")
    assert sorted(f"plan_{name}" for name in takes) == sorted(accessors)
    proof = f"SELECT wuji.scope_is({', '.join(f'wuji.plan_{name}()' for name in takes)}) AS scope_is) IS NOT NULL"
    assert proof in v1.OK
    said = stage.world.run(
        "select schemaname || '.' || tablename || ' ' || policyname, said "
        "from pg_policies, lateral (values (qual), (with_check)) v(said) where said ~ 'plan_'"
    ).fetchall()
    assert said
    assert [name for name, predicate in said if proof not in predicate] == []


def test_the_proof_is_true_or_null_and_never_false(stage):
    """A policy asks whether it is null: false would count as proven."""
    world, proof = stage.world, "select wuji.scope_is({})"
    names = ("lo", "hi", "tokens", "anc", "account", "operator")
    honest = [f"wuji.scope_{name}()" for name in names]
    wrong = ("0", "0", "'{0}'", "'{0}'", "'00000000-0000-0000-0000-000000000000'", "null")
    with world.enter() as tx:
        for given in (honest, wrong, ["null"] * len(names)):
            assert tx.row(proof.format(", ".join(given))) == (None,)
    for who, at in (("official@village", "village"), ("resident", "village"), ("operator", None), (ANONYMOUS, "grid")):
        with world.enter(who, at) as tx:
            assert tx.one(proof.format(", ".join(honest))) is True
            for n, value in enumerate(wrong):
                given = [*honest[:n], value, *honest[n + 1 :]]
                if tx.one(f"select {value} is distinct from {honest[n]}"):
                    assert tx.refused(proof.format(", ".join(given))) == "42501", (who, names[n])
