"""Whatever is done to a tree, in whatever order: ranges nest and are disjoint, no row is lost, sums equal a recount, undoing
restores what was.
"""

from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from wuji.kit.clock import now
from wuji.plugin.figures import Fact, Figure
from wuji.plugin.running import Happened
from wuji.rollup.following import follower
from wuji.rollup.registry import register_figures
from wuji.rollup.services.counting import count, hold
from wuji.rollup.services.rebuilding import SUMS, sweep_figure
from wuji.testing.acting import acting
from wuji.testing.world import DIGITS

RUNS, STEPS, LEAST, FEW = 5, 16, 3, 8
TENANTS = st.integers(0, 40)  # one of those that there are, by its place in the list


NAME, ON = "tests.files", date(2026, 3, 5)
FOUND = text("select id, tenant_id from wuji.file where cast(id as text) = any(:ids) and owner_kind = 'test'")
ALL = text("""
  select cast(id as text) from wuji.file where owner_kind = 'test' and pos between wuji.scope_lo() and wuji.scope_hi()""")
TOLD = ("id", "event_id", "verb", "kind", "subject_id", "tenant_id", "account_id", "fields", "at")
RECORDS = f"""
  select {", ".join(f"r.{name}" for name in TOLD)} from wuji.journal_record r join wuji.tenant t on t.id = r.tenant_id
   where r.kind = 'tenant' and t.root_id = %s and r.account_id = any(%s) and r.id <> all(%s) order by r.id"""
SAID = "select tenant_id, period, sum, n from wuji.rollup where figure = %s and tenant_id = any(%s)"
RECOUNT = """
  select a, p, count(distinct right(f.id::text, 1)), count(*) from wuji.file f join wuji.tenant t on t.id = f.tenant_id
   cross join unnest(t.ancestors) a cross join unnest('{day,month,year}'::text[]) p
   where f.owner_kind = 'test' and t.root_id = %s group by 1, 2"""


def read(session, ids):
    """Files as if each had to do with one of sixteen people."""
    rows = session.execute(FOUND, {"ids": list(ids)})
    return [Fact(subject_id=str(row.id), tenant_id=row.tenant_id, on=ON, person=str(row.id)[-1]) for row in rows]


def scan(session):
    yield session.execute(ALL).scalars().all()


FILES = Figure(name=NAME, title=NAME, unit=NAME, measure="distinct", read=read, scan=scan, kind="file")
FOLLOW = follower(register_figures([FILES]))


class Surgery(RuleBasedStateMachine):
    """A new world is too dear for each run: one is redrawn again and again, and every run goes on where the last one ended."""

    tree: ClassVar[Any]
    app: ClassVar[Any]
    told: ClassVar[set[Any]]  # records that the consumer has been told of

    @initialize()
    def forget(self) -> None:
        """Changes of an earlier run may stand in each other's way by now."""
        self.tree.changes.clear()

    @rule(parent=TENANTS)
    def add(self, parent: int) -> None:
        name = self.tree.pick(parent)
        level = self.tree.level(name) + 1
        if level < len(DIGITS) and self.tree.few:
            self.tree.grow(name, level)

    @rule(which=TENANTS, to=TENANTS)
    def move(self, which: int, to: int) -> None:
        self.tree.change(self.tree.redraw.wish("move", self.tree.pick(which), self.tree.pick(to)))

    @rule(which=TENANTS, level=st.integers(2, 5))
    def relevel(self, which: int, level: int) -> None:
        name = self.tree.pick(which)
        parent = self.tree.world.code[self.tree.world.path(name)[-2]]
        code = f"{parent}{str(next(self.tree.names)).rjust(15, '0')}"[: DIGITS[level]]
        self.tree.change(self.tree.redraw.wish("relevel", name, level=level, code=code))

    @rule(which=TENANTS, half=st.integers(0, 3))
    def split(self, which: int, half: int) -> None:
        above = [name for name in self.tree.inside if name in self.tree.world.parent.values()]
        if above and self.tree.few:
            name = above[which % len(above)]
            children = [n for n, parent in self.tree.world.parent.items() if parent == name]
            made, parent = f"half{next(self.tree.names)}", self.tree.world.code[self.tree.world.path(name)[-2]]
            width = DIGITS[self.tree.level(name)]
            code = parent + str(900 + next(self.tree.names)).rjust(width - len(parent), "0")
            chosen = [self.tree.world.tenant[n] for n in children[: half + 1]]
            self.tree.change(self.tree.redraw.wish("split", name, name=made, code=code, children=chosen), made)

    @rule(which=TENANTS, to=TENANTS)
    def merge(self, which: int, to: int) -> None:
        if len(self.tree.world.tenant) > FEW:
            self.tree.merge(self.tree.pick(which), self.tree.pick(to))

    @rule(which=TENANTS, to=TENANTS, change=st.sampled_from(["move", "merge"]))
    def there_and_back(self, which: int, to: int, change: str) -> None:
        """So that nothing comes between."""
        carried = self.tree.carried
        getattr(self, change)(which, to)
        if self.tree.carried > carried:
            self.tree.take_back()

    @rule(which=TENANTS)
    def release(self, which: int) -> None:
        name = self.tree.pick(which)
        if len([one for one in self.tree.inside if name not in self.tree.world.path(one)]) > LEAST:
            self.tree.transfer({"op": "release"}, name)

    @rule(which=TENANTS, to=TENANTS)
    def adopt(self, which: int, to: int) -> None:
        if alone := self.tree.alone():
            parent = self.tree.world.code[self.tree.pick(to)]
            self.tree.transfer({"op": "adopt", "parent": parent}, alone[which % len(alone)])

    @rule(which=TENANTS)
    def publish(self, which: int) -> None:
        self.tree.publish(self.tree.pick(which))

    @rule(which=TENANTS)
    def grant(self, which: int) -> None:
        self.tree.grant("member", self.tree.pick(which), "member")

    @rule(which=TENANTS, kind=st.sampled_from(["publish", "grant"]))
    def settle(self, which: int, kind: str) -> None:
        """In the new half of a split, which is seldom hit otherwise."""
        self.split(which, 0)
        made = [known.made for known in self.tree.changes if known.made in self.tree.inside]
        if made and kind == "grant":
            self.tree.grant("member", made[-1], "member")
        elif made:
            self.tree.publish(made[-1])

    @rule()
    def undo(self) -> None:
        if self.tree.changes:
            self.tree.take_back()

    @rule()
    def catch_up(self) -> None:
        """Consumer and clock do what has come up meanwhile, at each root; then sums are what counting everything comes to."""
        world, fresh = self.tree.world, self.tree.fresh
        for root in ("city", *self.tree.alone()):
            rows = world.run(RECORDS, world.tenant[root], list(world.account.values()), list(self.told))
            happened = [Happened(**dict(zip(TOLD, row, strict=True))) for row in rows]
            with acting(self.app, world, root) as session:
                for record in happened:
                    FOLLOW.handle(session, record)
                if hold(session, FILES) is None:
                    sweep_figure(session, FILES, now)
                count(session, FILES, fresh)
                assert session.execute(SUMS, {"figure": NAME, "most": 9}).all() == []
            self.told.update(record.id for record in happened)
        fresh.clear()
        self.tree.write()
        for root in ("city", *self.tree.alone()):
            tenants = [world.tenant[name] for name in world.tenant if world.path(name)[0] == root]
            expected = {row[:2]: row[2:] for row in world.run(RECOUNT, world.tenant[root])}
            assert {row[:2]: row[2:] for row in world.run(SAID, NAME, tenants)} == expected

    def teardown(self) -> None:
        while self.tree.changes:
            self.tree.take_back()
            self.sound()
        self.catch_up()

    @invariant()
    def sound(self) -> None:
        self.tree.redraw.check_sound()

    @invariant()
    def as_it_was(self) -> None:
        assert self.tree.look_back() == self.tree.before

    @invariant()
    def nothing_lost(self) -> None:
        assert self.tree.found() == self.tree.rows


@pytest.mark.parametrize("number", [1, 2])
def test_any_sequence(tree, app, number):
    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # the tree goes on from run to run, so a run that is repeated is another one
        suppress_health_check=list(HealthCheck),
    )
    machine = type("Machine", (Surgery,), {"tree": tree, "app": app, "told": set()})
    run_state_machine_as_test(seed(number)(machine), settings=chosen)
    assert tree.carried >= LEAST
    assert tree.undone >= LEAST
    assert tree.settled
    assert tree.restored
    assert tree.transferred
