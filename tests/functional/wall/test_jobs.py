"""Jobs: who may ask for work, the lease that lets a worker in, and whose rights it works with."""

from hashlib import sha256

import pytest

from wuji.testing import Transaction, World, factories

FILES = "select tenant_id from wuji.file where audience is null order by tenant_id"
ADD = "select wuji.job_add('export', '{}')"
CLAIM = "select wuji.job_claim(%s, '1 minute')"
FINISH = "select wuji.job_finish(%s, %s, %s, null)"
ENTER = "select * from wuji.enter_job(%s, %s)"


@pytest.fixture
def full(world: World) -> World:
    for name in world.tenant:
        factories["wuji.file"](world, name)
    return world


def add(world: World, who: str, at: str | None):
    with world.enter(who, at) as tx:
        job = tx.one(ADD)
        tx.commit()
    return job


def claim(world: World, job) -> bytes | None:
    with world.enter(login="wuji_system") as tx:
        secret: bytes | None = tx.one(CLAIM, job)
        tx.commit()
    return secret


def test_who_may_ask(stage):
    world = stage.world
    for who, at, state in (
        ("official@village", "village", None),
        ("resident", "village", None),
        ("operator", None, None),
        ("resident", None, "42501"),
        ("anonymous", "village", "42501"),
        ("anonymous", None, "42501"),
        (None, None, "42501"),
    ):
        with world.enter(who, at) as tx:
            assert tx.refused(ADD) == state, (who, at)


def test_only_the_relay_makes_and_claims_work(full: World):
    job = add(full, "official@village", "village")
    for who, at in (("official@village", "village"), ("operator", None), (None, None)):
        with full.enter(who, at) as tx:
            assert tx.refused(CLAIM, job) == "42501"
            assert tx.refused("select wuji.job_add_system('x', '{}', null)") == "42501"
            assert tx.refused("update wuji.job set state = 'running'") == "42501"
            assert tx.refused("delete from wuji.job") == "42501"
    assert claim(full, job)
    assert claim(full, job) is None  # one lease at a time
    full.run("update wuji.job set lease_until = now() - interval '1 s' where id = %s", job)
    assert claim(full, job)  # it was lost, so somebody else takes over
    assert full.one("select attempts from wuji.job where id = %s", job) == 2


def test_the_lease_secret_is_the_proof(full: World):
    job = add(full, "official@village", "village")
    secret = claim(full, job)
    other = claim(full, add(full, "official@city", "city"))
    with full.enter() as tx:
        for wrong in (b"", b"guess", sha256(secret).digest(), other, None):
            assert tx.refused(ENTER, job, wrong) == "28000"
            assert tx.one(FINISH, job, wrong, "done") is False
        actor = tx.row(ENTER, job, secret)
        assert (actor.ranged, actor.account_id, actor.tenant_code) == (
            True,
            full.account["official@village"],
            full.code["village"],
        )
        assert tx.all(FILES) == sorted([full.tenant["village"], full.tenant["grid"]])
    full.run("update wuji.job set lease_until = now() - interval '1 s' where id = %s", job)
    with full.enter() as tx:
        assert tx.refused(ENTER, job, secret) == "28000"
        assert tx.one(FINISH, job, secret, "done") is False


REVOKED = {  # what happened since: what the worker finds
    "update wuji.role_grant set revoked_at = now() where account_id = %s": [],
    "update wuji.role_grant set expires_at = now() where account_id = %s": [],
    "update wuji.account set state = 'suspended' where id = %s": "28000",
}


@pytest.mark.parametrize("change", REVOKED)
def test_rights_are_those_of_now(full: World, change):
    job = add(full, "official@village", "village")
    secret = claim(full, job)
    full.run(change, full.account["official@village"])
    with full.enter() as tx:
        if isinstance(REVOKED[change], str):
            assert tx.refused(ENTER, job, secret) == REVOKED[change]
        else:
            assert tx.row(ENTER, job, secret).ranged is False
            assert tx.all(FILES) == REVOKED[change]


def test_work_for_a_tenant_that_was_suspended(full: World):
    job = add(full, "official@village", "village")
    secret = claim(full, job)
    full.run("update wuji.tenant set state = 'suspended' where id = %s", full.tenant["street"])
    with full.enter() as tx:
        assert tx.refused(ENTER, job, secret) == "P0002"


def test_the_account_system(full: World):
    """Every permission at its tenant and nothing beyond it; without a tenant the operator's scope."""
    with full.enter(login="wuji_system") as tx:
        at, nowhere = (
            tx.one("select wuji.job_add_system('x', '{}', %s)", tenant) for tenant in (full.tenant["village"], None)
        )
        tx.commit()
    with full.enter() as tx:
        actor = tx.row(ENTER, at, claim(full, at))
        assert (actor.permissions, actor.ranged, actor.operator) == (["*"], True, False)
        assert tx.all(FILES) == sorted([full.tenant["village"], full.tenant["grid"]])
        add_tenant = "select wuji.tenant_add(%s, 'x', '', %s, null, 'territory')"
        assert tx.refused(add_tenant, full.tenant["village"], f"a{full.mark}") is None
        assert tx.refused(add_tenant, full.tenant["sibling"], f"b{full.mark}") == "42501"
        assert tx.refused(add_tenant, None, f"c{full.mark}") == "42501"
    with full.enter() as tx:
        actor = tx.row(ENTER, nowhere, claim(full, nowhere))
        assert (actor.permissions, actor.ranged, actor.operator) == (["*"], False, True)
        assert tx.all(FILES) == []
        assert tx.refused(add_tenant, None, f"c{full.mark}") is None
        assert tx.refused(add_tenant, full.tenant["village"], f"a{full.mark}") == "42501"


def test_operators_work(full: World):
    job = add(full, "operator", None)
    with full.enter() as tx:
        assert tx.row(ENTER, job, claim(full, job)).operator is True
    full.run("update wuji.role_grant set revoked_at = now() where account_id = %s", full.account["operator"])
    full.run("update wuji.job set lease_until = now() - interval '1 s' where id = %s", job)
    with full.enter() as tx:
        assert tx.row(ENTER, job, claim(full, job)).operator is False


def test_finishing(full: World):
    def state(job) -> tuple:
        return full.run(
            "select state, progress, lease_hash, finished_at is not null from wuji.job where id = %s", job
        ).fetchone()

    def finish(tx: Transaction, job, secret: bytes | None, how: str) -> bool:
        return tx.one(FINISH, job, secret, how)

    for how, progress in (("done", 100), ("failed", 0)):
        job = add(full, "resident", "village")
        secret = claim(full, job)
        with full.enter() as tx:
            assert finish(tx, job, secret, how) is True
            assert finish(tx, job, secret, "done") is False  # the lease ended with it
            tx.commit()
        assert state(job) == (how, progress, None, True)
        assert claim(full, job) is None
    job = add(full, "resident", "village")
    with full.enter() as tx:
        assert tx.refused(FINISH, job, claim(full, job), "lost") == "23514"


def test_the_secret_stands_nowhere(full: World):
    job = add(full, "official@village", "village")
    secret = claim(full, job)
    row = full.one("select j::text from wuji.job j where id = %s", job)
    assert secret.hex() not in row
    assert sha256(secret).hexdigest() in row


BEGIN = "select kind from wuji.job_begin(%s, %s)"
BEAT = "select wuji.job_beat(%s, %s, 10, 60)"
FAIL = "select wuji.job_fail(%s, %s, 'x', null, true)"


def due(world: World) -> dict:
    """What a relay claims, job to secret."""
    with world.enter(login="wuji_system") as tx:
        claimed = dict(tx.execute("select job_id, secret from wuji.job_claim_due(1000)").fetchall())
        tx.commit()
    return claimed


def test_what_a_worker_may_do_with_its_secret(server, make_database):
    """Begin once, prolong what was begun, and nothing with another one; what was claimed is claimed by nobody else."""
    world = World(server, make_database())
    job = add(world, "official@village", "village")
    secret = due(world)[job]
    assert due(world) == {}
    with world.enter() as tx:
        for wrong in (b"", sha256(secret).digest(), None):
            assert tx.one(BEGIN, job, wrong) is None
        assert tx.one(BEAT, job, secret) is None  # nothing was begun
        assert tx.one(BEGIN, job, secret) == "export"
        assert tx.one(BEGIN, job, secret) is None
        assert tx.one(BEAT, job, b"guess") is None
        assert tx.one(BEAT, job, secret) is False
        assert tx.one(FAIL, job, b"guess") is None
        tx.commit()
    with world.enter("official@village", "village") as tx:
        assert tx.one("select wuji.job_cancel(%s)", job) is True
        tx.commit()
    with world.enter() as tx:
        assert tx.one(BEAT, job, secret) is True
        assert tx.one(FAIL, job, secret) == "failed"
        tx.commit()
    assert world.one("select fault from wuji.job where id = %s", job) == "cancelled"
    world.close()


def test_a_bell_that_nobody_heard_is_no_attempt(server, make_database):
    world = World(server, make_database())
    job = add(world, "official@village", "village")
    first = due(world)[job]
    world.run("update wuji.job set lease_until = now() - interval '1 s' where id = %s", job)
    second = due(world)[job]
    assert first != second
    assert world.one("select attempts from wuji.job where id = %s", job) == 0
    with world.enter() as tx:
        assert tx.one(BEGIN, job, first) is None
        assert tx.one(BEGIN, job, second) == "export"
        tx.commit()
    world.run("update wuji.job set lease_until = now() - interval '1 s' where id = %s", job)
    assert due(world) == {}  # it comes back after a while
    assert world.run("select state, attempts, due_at > now() from wuji.job where id = %s", job).fetchone() == (
        "waiting",
        1,
        True,
    )
    world.close()


def test_work_for_a_closed_tenant_waits(server, make_database):
    world = World(server, make_database())
    job = add(world, "official@village", "village")
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["street"])
    assert due(world) == {}
    world.run("update wuji.tenant set state = 'active' where id = %s", world.tenant["street"])
    assert list(due(world)) == [job]
    world.close()


def test_nobody_but_their_owner_cancels_and_repeats(full: World):
    job = add(full, "official@village", "village")
    for what in ("job_cancel", "job_retry"):
        for who, at in (
            ("official@street", "street"),
            ("clerk", "village"),
            ("operator", None),
            ("anonymous", None),
            (None, None),
        ):
            with full.enter(who, at) as tx:
                assert tx.refused(f"select wuji.{what}(%s)", job) == "P0002", (what, who)
    with full.enter("official@village", "village") as tx:
        assert tx.one("select wuji.job_retry(%s)", job) is False
        assert tx.one("select wuji.job_cancel(%s)", job) is True
        assert tx.one("select wuji.job_cancel(%s)", job) is False
        assert tx.one("select wuji.job_retry(%s)", job) is True


def test_a_key_makes_a_job_once(full: World):
    with full.enter(login="wuji_system") as tx:
        make = "select wuji.job_make('x', '{}', %s, key => 'once')"
        assert tx.one(make, full.tenant["village"]) is not None
        assert tx.one(make, full.tenant["village"]) is None
