"""Every function that wuji_app may call × the ids of others: nothing comes out or changes, and foreign looks like absent."""

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from wuji.wall import functions

CALLABLE = sorted(f.name for f in functions() if "wuji_app" in f.to)
VALUES = {  # by type: literals that belong to others, with placeholders of the prey
    "integer": ("{sibling}", "{city}", "null"),
    "bigint": ("{sibling_lo}",),
    "bigint[]": ("array[{sibling_lo}]::bigint[]", "'{{}}'"),
    "uuid": ("'{victim}'", "'{victim_grant}'", "'{victim_session}'", "'{job_city}'", "'{file_sibling}'", "null"),
    "uuid[]": ("array['{victim}'::uuid]", "'{{}}'"),
    "text": ("'{victim_login}'", "'{city_code}'", "''", "null"),
    "text[]": ("'{{x}}'",),
    "bytea": ("sha256('guess')", "null"),
    "bytea[]": ("array[sha256('guess')]",),
    "timestamp with time zone": ("'infinity'",),
    "interval": ("'1 h'",),
    "date": ("'infinity'",),
    "date[]": ("'{{infinity}}'", "'{{}}'"),
    "numeric[]": ("'{{1}}'", "'{{}}'"),
    "jsonb": ("'{{}}'",),
    "boolean": ("true",),
    "integer[]": ("'{{0}}'",),
    "timestamp with time zone[]": ("'{{infinity}}'",),
}


def signatures(stage: psycopg.Connection, name: str) -> list[str]:
    row = stage.execute(
        "select array(select format_type(t, null) from unnest(proargtypes) t) from pg_proc "
        "where proname = %s and pronamespace = 'wuji'::regnamespace",
        (name,),
    ).fetchone()
    return list(row[0]) if row else []


@pytest.mark.parametrize("name", CALLABLE)
def test_with_the_ids_of_others(attack, prey, name):
    choices = [VALUES[kind] for kind in signatures(prey.world.stage, name)]
    for turn in range(max(map(len, choices), default=1) * 2):
        call = [values[(turn + place * (turn // len(values))) % len(values)] for place, values in enumerate(choices)]
        attack(f"select * from wuji.{name}({', '.join(call)})")


# What a function says of an id of another tenant, it must say of one that nobody has.
ALIKE = {
    "select wuji.role_take('{id}', '')": "victim_grant",
    "select * from wuji.account_state('{id}')": "victim",
    "select wuji.account_standing('{id}')": "victim",
    "select wuji.enter_job('{id}', 'guess')": "job_city",
    "select wuji.job_finish('{id}', 'guess', 'done', null)": "job_city",
    "select wuji.link_make('{id}', sha256('x'), 'infinity', '', {seal})": "victim",
    "select wuji.account_state_set('{id}', 'suspended', null, '', {seal_state})": "victim",
    "select wuji.application_reject('{id}', 1, '')": "application_sibling",
    "select wuji.application_accept('{id}', 1, '')": "application_sibling",
    "select wuji.invitation_revoke('{id}')": "invitation_sibling",
    "update wuji.file set name = 'x' where id = '{id}'": "file_sibling",
    "delete from wuji.file where id = '{id}'": "file_sibling",
    "select * from wuji.role_grant where id = '{id}' for update": "victim_grant",
    "select * from wuji.account where id = '{id}'": "victim",
    "select wuji.job_done(wuji.new_id(), 'x', '{{}}', '{id}')": "file_sibling",
}


@pytest.mark.parametrize("statement", ALIKE)
@pytest.mark.parametrize(
    ("who", "at"), [("official@village", "village"), ("resident", "village"), ("anonymous", "village"), (None, None)]
)
def test_foreign_and_absent_look_alike(prey, statement, who, at):
    def answer(number: object) -> tuple:
        seal = prey.world.server.seal
        made = f"'\\x{seal.over('link_make', number, bytes.fromhex(X)).hex()}'"
        state = f"'\\x{seal.over('account_state_set', number, 'suspended').hex()}'"
        with prey.world.enter(who, at) as tx:
            state = tx.refused(statement.format(id=number, seal=made, seal_state=state))
            return state, str(tx.error).replace(str(number), "…")

    assert answer(prey.facts[ALIKE[statement]]) == answer(uuid4())


X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # sha256('x')


def statements() -> Iterator[str]:
    """Of all lists beside this file."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and node.targets[0].id == "HOSTILE"
            ):
                yield from ast.literal_eval(node.value)


def test_there_are_enough():
    found = list(statements())
    assert len(found) == len(set(found)) >= 300
