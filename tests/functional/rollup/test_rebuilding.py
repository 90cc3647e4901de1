"""Figures can be proven, mended, and follow the tree: what stands is always what counting everything again would give."""

from uuid import uuid4

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.acting import ActingProgram
from wuji.journal.handling import Handlers
from wuji.kit.clock import now
from wuji.plugin.running import Happened
from wuji.rollup.services.counting import hold
from wuji.rollup.services.rebuilding import recount, sweep_figure, verify
from wuji.testing.acting import acting
from wuji.work.services import system_door

NAMES = ("visits", "hours", "guests", "given")
SPOIL = {
    "a sum": "update wuji.rollup set sum = sum + 1 where figure = %s and tenant_id = %s and period = 'month'",
    "a part": "update wuji.rollup set part = part + 1 where figure = %s and tenant_id = %s and period = 'year'",
    "people": "update wuji.rollup set people = people + 1 where figure = %s and tenant_id = %s and period = 'day'",
    "a sum that is gone": "delete from wuji.rollup where figure = %s and tenant_id = %s",
    "a sum of nothing": "insert into wuji.rollup(figure, tenant_id, period, starts_on, sum, part, n, people) "
    "values (%s, %s, 'day', '2020-01-01', 1, 0, 1, 0)",
    "a person": "update wuji.rollup_person set n = n + 1 where figure = %s and tenant_id = %s",
    "a person who is gone": "delete from wuji.rollup_person where figure = %s and tenant_id = %s",
    "a fact": "update wuji.fact set sum = sum + 1, person = 'x' where figure = %s and tenant_id = %s",
    "a fact that is gone": "delete from wuji.fact where figure = %s and tenant_id = %s",
}


@pytest.fixture
def counted(counting):
    for number, (place, day) in enumerate(
        [
            ("village", "01-05"),
            ("village", "03-05"),
            ("sibling", "03-06"),
            ("niece", "03-07"),
            ("street", "03-07"),
            ("city", "03-09"),
        ]
    ):
        counting.fact(str(number), place, f"2026-{day}", "2", part="4", person="wang" if number % 2 else "li")
    counting.count()
    counting.sweep()
    return counting


@pytest.fixture
def system(server):
    engine = server.engine("wuji_system", server.shared)
    yield engine
    engine.dispose()


@pytest.fixture
def check(counted, system):
    """(subjects counted wrongly, sums that are wrong) of a figure; with mend=True afterwards there are none."""

    def run(name, at="city", *, mend=False):
        with system_door(system, "test", tenant_id=counted.world.tenant[at], hold="1 minute") as door:
            if mend:
                recount(counted.deployment, door, counted.figure(name), int)
            found = verify(counted.deployment, door, counted.figure(name), int)
        return found.wrong, found.sums

    return run


def sound(counted, check):
    for name in NAMES:
        assert counted.sums(name) == counted.expected(name), name
        assert check(name) == ([], []), name


def test_what_was_counted_holds(counted, check):
    sound(counted, check)


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [("guests", spoilt) for spoilt in SPOIL] + [("hours", spoilt) for spoilt in SPOIL if "person" not in spoilt],
)
def test_what_differs_is_named_and_mended(counted, check, spoilt, name):
    counted.world.run(SPOIL[spoilt], f"{counted.plugin}.{name}", counted.world.tenant["village"])
    wrong, sums = check(name)
    assert wrong or sums
    assert {one.tenant_id for one in sums} <= {counted.world.tenant[place] for place in counted.world.path("village")}
    assert check(name, at="sibling") == ([], [])
    assert check(name, mend=True) == ([], [])
    assert counted.sums(name) == counted.expected(name)


def test_rows_that_nobody_told_of(counted, check):
    counted.fact("7", "niece", "2026-03-08")
    del counted.facts["0"]
    counted.changed.clear()
    assert check("hours")[0] == ["0", "7"]
    assert check("hours", mend=True) == ([], [])
    assert counted.sums("hours") == counted.expected("hours")


def test_a_part_of_the_tree_alone(counted, check):
    counted.world.run(SPOIL["a sum"], f"{counted.plugin}.hours", counted.world.tenant["village"])
    counted.world.run(SPOIL["a sum"], f"{counted.plugin}.hours", counted.world.tenant["district"])
    assert len(check("hours")[1]) == 4
    assert check("hours", "village", mend=True) == ([], [])
    assert check("hours") == ([], [])  # and all above what was put together anew


def happened(counted, tenant, kind="tenant", fields=("parent_id",), subject=None):
    key = counted.world.tenant[tenant]
    return Happened(
        id=uuid4(),
        event_id=uuid4(),
        verb="tenancy.tenant.move",
        kind=kind,
        subject_id=subject or str(key),
        tenant_id=key,
        account_id=None,
        fields=fields,
        at=now(),
    )


def tell(counted, record, handler="rollup.follow", at="city"):
    with acting(counted.app, counted.world, at) as session:
        counted.deployment.part(Handlers).by_name[handler].handle(session, record)


def move(counted, tenant, parent, level):
    world = counted.world
    world.run(
        "select wuji.tenant_put(%s, %s, %s, %s)", world.tenant[tenant], world.tenant[parent], level, world.code[tenant]
    )
    world.parent[tenant] = parent


def test_a_street_moves_and_back(counted, check):
    counted.world.grow("second", "city", 2)
    move(counted, "street", "second", 3)
    assert counted.sums("hours") != counted.expected("hours")
    tell(counted, happened(counted, "street"))
    sound(counted, check)
    assert ("district", "year", "2026-01-01") not in counted.sums("visits")
    move(counted, "street", "district", 3)
    tell(counted, happened(counted, "street"))
    sound(counted, check)


def test_what_is_counted_between_a_move_and_its_following_is_not_lost(counted, check):
    counted.world.grow("second", "district", 3)
    move(counted, "sibling", "second", 4)
    del counted.facts["2"]
    counted.fact("9", "niece", "2026-03-20", person="zhou")
    counted.count()
    tell(counted, happened(counted, "sibling"))
    sound(counted, check)


def test_a_village_becomes_part_of_another(counted, check):
    for subject in ("0", "1"):  # the rows of the village
        day = str(counted.facts[subject].pop().on)
        counted.fact(subject, "sibling", day, "2", part="4", person="wang" if subject == "1" else "li")
    tell(counted, happened(counted, "village", fields=("state", "code")))
    sound(counted, check)
    with acting(counted.app, counted.world, "city") as session:
        assert hold(session, counted.figure("hours")) is None  # and the clock counts everything once more


def test_another_time_zone_has_everything_counted_anew(counted):
    with acting(counted.app, counted.world, "city") as session:
        for figure in counted.figures.values():
            sweep_figure(session, figure, now)
            assert hold(session, figure) is not None
    tell(counted, happened(counted, "city", "setting_value", ("value",), "tenancy.time_zone"))
    with acting(counted.app, counted.world, "city") as session:
        assert [hold(session, figure) for figure in counted.figures.values()] == [None] * len(counted.figures)


def test_a_figure_that_is_measured_otherwise_now_is_counted_anew(counted):
    with acting(counted.app, counted.world, "city") as session:
        sweep_figure(session, counted.figure("hours"), now)
    counted.world.run("update wuji.rollup_state set measure = 'count' where figure = %s", f"{counted.plugin}.hours")
    with acting(counted.app, counted.world, "city") as session:
        assert hold(session, counted.figure("hours")) is None


@pytest.fixture
def run(counted, system):
    """`wuji rollup …` on the test server."""

    def invoke(*words):
        program = ActingProgram()
        vars(program).update(deployment=counted.deployment, system=system)
        return CliRunner().invoke(main, ["rollup", *words], obj=program)

    return invoke


def test_the_command_line(counted, run):
    world, figure = counted.world, f"{counted.plugin}.hours"
    code = world.code["city"]
    world.run(
        "update wuji.rollup set sum = 40 where figure = %s and tenant_id = %s and period = 'year'",
        figure,
        world.tenant["village"],
    )
    said = run("verify", "--tenant", code, "--figure", figure)
    assert said.exit_code == 1
    assert f"wrong sum: {figure} tenant {world.tenant['village']} year 2026-01-01: 40, should be 4" in said.output
    counted.fact("9", "village", "2026-03-20")
    assert "counted wrongly:" not in run("verify", "--tenant", code).output  # the clock comes to it
    assert counted.sums("hours") != counted.expected("hours")
    counted.changed.clear()
    assert f"counted wrongly: {figure} 9" in run("verify", "--tenant", code, "--figure", figure).output
    assert run("verify", "--tenant", code, "--figure", f"{counted.plugin}.visits").exit_code == 1
    said = run("rebuild", "--tenant", code)
    assert said.exit_code == 0, said.output
    assert f"{figure}: 1 facts counted anew" in said.output
    assert "Every fact was counted as it should be." in run("rebuild", "--tenant", code).output
    assert run("verify", "--tenant", code).exit_code == 0
    assert run("verify", "--figure", "x.y").exit_code == 2
    assert run("rebuild", "--tenant", "nowhere").exit_code == 2
