"""The journal is written in one place, by nobody but definer functions, where the actor stands, and never changed."""

import pytest

from wuji.testing import World

RECORD = "select wuji.record('test.thing.made', 'thing', %s, %s, %s, null, null)"


@pytest.mark.parametrize(
    ("who", "at", "open_to"),
    [
        ("official@village", "village", {"village", "grid"}),
        ("official@street", "village", {"village", "grid"}),
        ("official@street", "street", {"street", "village", "sibling", "grid", "niece"}),
        ("official@village", "sibling", {"sibling"}),
        ("resident", "village", {"village"}),
        ("anonymous", "village", {"village"}),
        ("resident", None, set()),
        ("operator", None, {"city", "other"}),  # what an operator does to a root is told there
        ("anonymous", None, set()),
        (None, None, set()),
    ],
)
def test_fences(stage, who, at, open_to):
    """At the acting tenant (a reader is counted there) and in the range, nowhere else."""
    world = stage.world
    with world.enter(who, at) as tx:
        for name, number in world.tenant.items():
            assert tx.refused(RECORD, "1", number, ["a"]) == (None if name in open_to else "42501"), name
        deployment = None if who not in (None, "anonymous") else "42501"
        assert tx.refused(RECORD, "1", None, None) == deployment
        assert tx.refused(RECORD, "1", 2**31 - 1, None) == "42501"


def test_what_is_written(world: World):
    with world.enter("official@village", "village") as tx:
        number = tx.one(
            "select wuji.record('test.thing.made', 'thing', '7', %s, '{a,b}', null, 'why')", world.tenant["grid"]
        )
        row = tx.row("select * from wuji.journal_record where id = %s", number)
        assert (row.root_id, row.tenant_id, row.account_id) == (
            world.tenant["city"],
            world.tenant["grid"],
            world.account["official@village"],
        )
        assert (row.verb, row.kind, row.subject_id, row.fields, row.reason) == (
            "test.thing.made",
            "thing",
            "7",
            ["a", "b"],
            "why",
        )
        assert tx.one("select xid = pg_current_xact_id() from wuji.journal_record where id = %s", number)
        assert row.at == tx.one("select now()")
        assert row.event_id


def test_nobody_changes_it(world: World):
    with world.enter("official@city", "city") as tx:
        tx.execute(RECORD, "1", world.tenant["village"], None)
        tx.commit()
    everybody = (("official@city", "city", "wuji_app"), ("operator", None, "wuji_app"), (None, None, "wuji_system"))
    for who, at, login in everybody:
        with world.enter(who, at, login) as tx:
            if login == "wuji_system":
                tx.execute("select wuji.enter_system()")
            for statement in (
                "insert into wuji.journal_record(verb, kind) values ('x', 'y')",
                "update wuji.journal_record set verb = 'x'",
                "delete from wuji.journal_record",
                "truncate wuji.journal_record",
                "update wuji.journal_seal set hash = ''",
                "delete from wuji.journal_seal",
                "select wuji.journal_add('x', 'y', null, null, null, null, null, null)",
            ):
                assert tx.refused(statement) == "42501", (who, login, statement)
    with world.server.connect("wuji_owner", world.database) as owner:
        owner.execute("set role wuji_definer")
        for verb in ("update wuji.journal_record set verb = 'x'", "delete from wuji.journal_record"):
            with pytest.raises(Exception, match="permission denied"):
                owner.execute(verb)


def test_it_is_written_in_the_transaction_it_tells_of(world: World):
    with world.enter("official@city", "city") as tx:
        number = tx.one(RECORD, "1", world.tenant["village"], None)
        tx.rollback()
    assert world.one("select count(*) from wuji.journal_record where id = %s", number) == 0
