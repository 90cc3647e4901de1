"""The demo's data: both cities of the repository, and people who can log in where they should."""

import click
import pytest
from sqlalchemy import text

from wuji.cli.demo_data import PACKS, PEOPLE, PHRASE, fill
from wuji.cli.packs import make_plan, open_pack
from wuji.identity.factors.services.entering import log_in
from wuji.identity.services.attempts import Attempt
from wuji.kit.db.doors import by_public, by_session
from wuji.kit.options import CHECKOUT

COUNT = "select count(*) from wuji.tenant_code where code like %s"
PERSON = "insert into wuji.account(login, name) values ('somebody', 'somebody')"
CUT_OFF = "delete from wuji.credential where account_id = (select id from wuji.account where login = 'grid')"
CHANGES = (
    "update wuji.tenant_code set valid_to = now() where code = '9901'",
    "update wuji.tenant set state = 'suspended' where id = (select tenant_id from wuji.tenant_code where code = '3407')",
)
ACCOUNTS = "select count(*) from wuji.account where type = 'person'"


@pytest.fixture
def program(make_program, own_database):
    return make_program(own_database, "demo")


@pytest.fixture
def stage(server, own_database):
    with server.connect("wuji_stage", own_database) as connection:
        yield connection


def log_in_as(program, person):
    with program.deployment.work(by_public(None)) as session:
        return log_in(session, program.deployment, Attempt(person.login, "127.0.0.1"), PHRASE, "test")


def test_the_demo_is_filled_once_and_mended(program, stage):
    fill(program)
    assert [stage.execute(COUNT, [f"{code}%"]).fetchone()[0] for code in PACKS] == [1905, 94]
    for name in PACKS.values():
        pack = open_pack(program, CHECKOUT / "tenants" / name)
        assert not pack.warnings
        assert make_plan(program, pack).empty
    for person in PEOPLE:
        token = log_in_as(program, person)
        with program.deployment.work(by_session(token, person.code), read_only=True) as session:
            assert session.actor.held
            assert session.actor.ranged == (person.role == "head")
            assert session.actor.operator == (person.login == "operator")
    stage.execute(CUT_OFF)  # a first start that ended between account and password
    before = stage.execute(ACCOUNTS).fetchone()
    fill(program)
    assert log_in_as(program, next(person for person in PEOPLE if person.login == "grid"))
    assert stage.execute(ACCOUNTS).fetchone() == before
    for change in CHANGES:  # whoever tries out what can be done with a city still has a demo that starts
        stage.execute(change)
        fill(program)
    assert stage.execute("select count(*) from wuji.tenant where parent_id is null").fetchone() == (2,)


def test_another_mode_is_refused(make_program, own_database, stage):
    with pytest.raises(click.ClickException, match="demo mode only"):
        fill(make_program(own_database, "production"))
    assert stage.execute(ACCOUNTS).fetchone() == (0,)


def test_a_deployment_with_people_of_its_own_is_refused(program, stage):
    stage.execute(PERSON)
    with pytest.raises(click.ClickException, match="people of its own"):
        fill(program)
    with program.deployment.work(by_public(None), read_only=True) as session:
        assert session.execute(text("select count(*) from wuji.tenant")).scalar_one() == 0
