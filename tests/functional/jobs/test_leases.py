"""A job whose worker is gone does not wait until its lease runs out."""

import pytest
from sqlalchemy import text

from wuji.kit.db.engine import make_engine
from wuji.work.heartbeat import at_work
from wuji.work.running import BEGIN

CLAIM = text("select job_id, secret from wuji.job_claim_due(2)")


@pytest.fixture
def engine(crew):
    """By login."""
    made = []

    def connect(login):
        made.append(make_engine(crew.world.server.url(login, crew.world.database)))
        return made[-1]

    yield connect
    for one in made:
        one.dispose()


def test_it_is_given_to_another_as_soon_as_nobody_is_at_it(crew, engine):
    job, app, system = crew.add("works.make"), engine("wuji_app"), engine("wuji_system")

    def claim():
        with system.begin() as connection:
            return connection.execute(CLAIM).all()

    [(claimed, secret)] = claim()
    assert claimed == job
    with at_work(app, job) as line:
        with line.begin():
            assert line.execute(BEGIN, {"job_id": job, "secret": secret}).one()
        assert claim() == []
        assert crew.state(job) == "running"
    assert claim() == []  # it comes back after a moment, spread out
    row = crew.row(job)
    assert (row.state, row.attempts, row.fault) == ("waiting", 1, None)
    crew.world.run("update wuji.job set due_at = now() where id = %s", job)
    assert [one for one, _ in claim()] == [job]


def test_workers_that_died_at_it_are_no_attempts_of_its_own(crew, engine):
    """Up to twenty: then it may be what kills them."""
    job, app, system = crew.add("works.make", most_attempts=2), engine("wuji_app"), engine("wuji_system")
    deaths = 0
    while crew.state(job) == "waiting":
        crew.world.run("update wuji.job set due_at = now() where id = %s", job)
        with system.begin() as connection:
            [(_, secret)] = connection.execute(CLAIM).all()
        with at_work(app, job) as line, line.begin():
            assert line.execute(BEGIN, {"job_id": job, "secret": secret}).one()
        with system.begin() as connection:
            connection.execute(CLAIM)
        deaths += 1
    assert deaths == 20
    assert (crew.state(job), crew.row(job).fault) == ("failed", "lapsed")
