"""The unit of work and the engine: one scope a session, nothing left on a connection, whatever was done to it."""

from threading import Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, InternalError, ProgrammingError
from sqlalchemy.orm import Session

from wuji.files.models import File
from wuji.kit.db.engine import make_engine
from wuji.kit.db.session import NoScopeError, ScopedSession, unit_of_work
from wuji.testing import World, factories

CASES = (
    ("official@village", "village"),
    (None, None),
    ("official@sibling", "sibling"),
    ("anonymous", "village"),
    ("official@street", "street"),
    (None, None),
)
SEEN = {None: [], "anonymous": [], "official@village": ["grid", "village"], "official@sibling": ["niece", "sibling"]}
SEEN["official@street"] = sorted(["street", *SEEN["official@village"], *SEEN["official@sibling"]])
OURS = text("select name from wuji.file where name = any(:names) and tenant_id = any(:tenants) order by name")


@pytest.fixture
def tree(world: World) -> World:
    for name in world.tenant:
        factories["wuji.file"](world, name, name=name)
    return world


@pytest.fixture
def engine(world: World):
    made = make_engine(world.server.url("wuji_app", world.database), pool_size=1)
    yield made
    made.dispose()


def names(session: Session, world: World) -> list[str]:
    return list(session.scalars(OURS, {"names": list(world.tenant), "tenants": list(world.tenant.values())}))


def test_one_connection_serves_one_scope_after_the_other(tree: World, engine):
    processes = set()
    for who, at in CASES:
        with ScopedSession(engine, tree.door(who, at) if who else None) as session:
            assert names(session, tree) == SEEN[who]
            processes.add(session.scalar(text("select pg_backend_pid()")))
            with session.begin_nested() as nested:
                assert names(session, tree) == SEEN[who]
                nested.rollback()
            assert names(session, tree) == SEEN[who]
            session.commit()
            assert (
                names(session, tree) == SEEN[who]
            )  # a second transaction of the same session goes through the door again
            session.rollback()
            assert names(session, tree) == SEEN[who]
    assert len(processes) == 1
    with engine.connect() as raw:
        assert raw.execute(OURS, {"names": list(tree.tenant), "tenants": list(tree.tenant.values())}).all() == []


def test_a_session_keeps_its_door(tree: World, engine):
    """With another scope its identity map would hand out the first one's objects."""
    with ScopedSession(engine, tree.door("official@village", "village")) as session:
        with pytest.raises(NoScopeError):
            _ = session.actor
        with pytest.raises(AttributeError):
            session.door = tree.door("official@city", "city")
        mine = session.scalars(
            select(File).where(File.name == "village", File.tenant_id == tree.tenant["village"])
        ).one()
        number = mine.id
    with ScopedSession(engine, tree.door("official@sibling", "sibling")) as session:
        assert session.get(File, number) is None


def test_a_door_that_does_not_open(tree: World, engine):
    """Nothing runs, and the connection serves the next one."""
    tree.cookie["nobody"] = "guess"
    with pytest.raises(DBAPIError, match="no live session"), unit_of_work(engine, tree.door("nobody", "village")):
        pytest.fail("the block must not run")
    with unit_of_work(engine, tree.door("official@village", "village")) as session:
        assert names(session, tree) == SEEN["official@village"]
        assert session.actor.may("identity.grant.give")


def test_a_unit_of_work_commits_at_its_end_and_else_nothing(tree: World, engine):
    key = factories["wuji.file"](tree, "village")
    change = text("update wuji.file set media = :media where id = :key")
    with unit_of_work(engine, tree.door("official@village", "village")) as session:
        session.execute(change, {"media": "kept", "key": key})

    def fail() -> None:
        with unit_of_work(engine, tree.door("official@village", "village")) as session:
            session.execute(change, {"media": "lost", "key": key})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert tree.one("select media from wuji.file where id = %s", key) == "kept"


def test_a_read_only_unit_of_work(tree: World, engine):
    door = tree.door("official@village", "village")

    def write(statement: str) -> None:
        with unit_of_work(engine, door, read_only=True) as session:
            assert names(session, tree) == SEEN["official@village"]
            session.execute(text(statement))

    for statement in (
        "delete from wuji.file",
        "select wuji.job_add('x', '{}')",
        "set transaction read write; delete from wuji.file",
    ):
        with pytest.raises((InternalError, ProgrammingError)):
            write(statement)
    with unit_of_work(engine, door) as session:  # the same connection, and it may write again
        assert (
            session.execute(
                text("update wuji.file set media = 'y' where name = 'village' and tenant_id = :t"),
                {"t": tree.tenant["village"]},
            ).rowcount
            == 1
        )


def test_autocommit_gives_no_scope_beyond_its_statement(tree: World, engine):
    """A scope is a transaction's; whoever asks for AUTOCOMMIT gets none, and the pool takes the mode back."""
    bind = engine.execution_options(isolation_level="AUTOCOMMIT")
    with ScopedSession(bind, tree.door("official@village", "village")) as session:
        assert names(session, tree) == []
    with unit_of_work(engine, tree.door("official@village", "village")) as session:
        assert names(session, tree) == SEEN["official@village"]
        assert session.scalar(text("select pg_current_xact_id()")) == session.scalar(
            text("select pg_current_xact_id()")
        )


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "fail"])
def test_nothing_survives_check_in(tree: World, engine, end):
    statements = (
        "set session search_path = pg_temp",
        "set session statement_timeout = '9s'",
        "set session timezone = 'Asia/Shanghai'",
        "listen wuji",
        "select pg_advisory_lock(7)",
        "declare c cursor with hold for select name from wuji.file",
        "prepare p as select 1",
        "select set_config('wuji.loot', 'x', false)",
        "set session characteristics as transaction isolation level serializable",
    )
    with ScopedSession(engine, tree.door("official@village", "village")) as session:
        for statement in statements:
            session.execute(text(statement))
        if end == "fail":
            with pytest.raises(DBAPIError):
                session.execute(text("select 1/0"))
        else:
            getattr(session, end)()
    with engine.connect() as connection:
        assert connection.scalar(text("show statement_timeout")) == "30s"
        assert connection.scalar(text("show search_path")) == "pg_catalog"
        assert connection.scalar(text("show timezone")) == "UTC"
        assert connection.scalar(text("show transaction_isolation")) == "read committed"
        assert not connection.scalar(text("select current_setting('wuji.loot', true)"))
        for left in (
            "pg_cursors",
            "pg_prepared_statements",
            "pg_listening_channels() x",
            "pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
        ):
            assert connection.scalar(text(f"select count(*) from {left}")) == 0, left


def test_a_connection_that_died_is_replaced(tree: World, engine):
    with unit_of_work(engine, tree.door("official@village", "village")) as session:
        process = session.scalar(text("select pg_backend_pid()"))
    tree.run("select pg_terminate_backend(%s)", process)
    with unit_of_work(engine, tree.door("official@village", "village")) as session:
        assert names(session, tree) == SEEN["official@village"]

    def die() -> None:
        with unit_of_work(engine, tree.door("official@village", "village")) as session:
            tree.run("select pg_terminate_backend(%s)", session.scalar(text("select pg_backend_pid()")))
            names(session, tree)

    with pytest.raises(DBAPIError):
        die()
    with unit_of_work(engine, tree.door("official@sibling", "sibling")) as session:
        assert names(session, tree) == SEEN["official@sibling"]


def test_many_threads_on_three_connections(tree: World):
    wrong = []
    pool = make_engine(tree.server.url("wuji_app", tree.database), pool_size=3)

    def work(start: int) -> None:
        for turn in range(25):
            who, at = CASES[(start + turn) % len(CASES)]
            with ScopedSession(pool, tree.door(who, at) if who else None) as session:
                if (got := names(session, tree)) != SEEN[who]:
                    wrong.append((who, got))
                (session.commit, session.rollback, session.close)[turn % 3]()

    threads = [Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.dispose()
    assert wrong == []


@pytest.mark.parametrize("setting", ["lo", "hi", "sig", "operator"])
def test_a_setting_of_the_whole_connection_meets_no_later_scope(tree: World, engine, setting):
    with ScopedSession(engine, tree.door("official@village", "village")) as session:
        session.execute(text(f"set session wuji.{setting} = 'yes'"))
        session.commit()
    with unit_of_work(engine, tree.door("official@sibling", "sibling")) as session:
        assert names(session, tree) == SEEN["official@sibling"]
    with engine.connect() as connection:
        assert not connection.scalar(text(f"select current_setting('wuji.{setting}', true)"))
