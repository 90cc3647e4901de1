"""Whatever is done to a tree, in whatever order: ranges nest and are disjoint, no row is lost, undoing restores what was."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from wuji.testing import World, factories

RUNS, STEPS, LEAST, FEW, CROWD = 6, 18, 3, 8, 24
DIGITS = (0, 4, 6, 9, 12, 15)
ROWS = "select tenant_id, count(*) from wuji.file where owner_kind = 'test' and tenant_id = any(%s) group by 1"
CITY = ("official@city", "city")
DAY = "2025-12-31"
AGE = "update wuji.{} set valid_from = '2025-06-01' where tenant_id = any(%s)"
TENANTS = st.integers(0, 40)  # one of those that there are, by its place in the list


@dataclass
class Known:
    """A change that was carried out, and how everything stood before it."""

    id: str
    before: list[tuple[Any, ...]]
    made: str | None = None
    transfer: str | None = None  # the tenant that went with both sides' consent
    merged: tuple[str, str, int, str] | None = None  # which into what, and its id and code
    disturbed: bool = False  # by what was added or published since, which may contradict taking it back


@dataclass
class Tree:
    """One world that is redrawn, and what is known of it."""

    redraw: Any
    rows: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    undone: int = 0
    transferred: int = 0
    before: str = ""
    changes: list[Known] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=count)

    @property
    def world(self) -> World:
        found: World = self.redraw.world
        return found

    @property
    def few(self) -> bool:
        """Rules ask this themselves: what may be drawn must not depend on a tree that outlives the run."""
        return len(self.world.tenant) < CROWD

    @property
    def inside(self) -> list[str]:
        return [name for name in self.world.tenant if self.world.path(name)[0] == "city" and name != "city"]

    def pick(self, number: int) -> str:
        return self.inside[number % len(self.inside)]

    def alone(self) -> list[str]:
        return [name for name, above in self.world.parent.items() if above is None and name not in {"city", "other"}]

    def level(self, name: str) -> int:
        found: int = self.world.one("select level from wuji.tenant where id = %s", self.world.tenant[name])
        return found

    def grow(self, parent: str, level: int) -> None:
        """As the world does, but under a number that nothing had before: merged tenants are counted no more."""
        number = next(self.names)
        name, start = f"new{number}", self.world.code[parent].ljust(DIGITS[level - 1], "0")
        self.world.code[name] = start + str(100 + number).rjust(DIGITS[level] - len(start), "0")
        self.world.parent[name] = parent
        self.world.tenant[name] = self.world.one(
            "select wuji.tenant_make(%s, %s, %s, %s, %s, 'territory')",
            *(self.world.tenant[parent], name, name, self.world.code[name], level),
        )
        self.disturb()

    def disturb(self) -> None:
        for known in self.changes:
            known.disturbed = True

    def learn(self) -> None:
        """Parents as the database has them now."""
        ids = {number: name for name, number in self.world.tenant.items()}
        for number, parent in self.world.run("select id, parent_id from wuji.tenant where id = any(%s)", list(ids)):
            self.world.parent[ids[number]] = ids.get(parent)

    def change(self, wish: dict[str, Any], made: str | None = None) -> bool:
        """Carries it out where it can be; what cannot be is refused with words and leaves everything as it was."""
        before = self.redraw.places()
        planned = self.redraw.plan(wish, *CITY)
        if planned.status_code != HTTPStatus.OK:
            assert planned.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, planned.text
            assert planned.json["errors"]
            assert self.redraw.places() == before
            return False
        answer = self.redraw.apply(wish, *CITY, planned.json["fingerprint"])
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        if made:
            self.world.code[made] = wish["code"]
            self.world.tenant[made] = self.world.one(
                "select tenant_id from wuji.tenant_code where code = %s and valid_to is null", wish["code"]
            )
        self.carried += 1
        self.changes.append(Known(answer.json["id"], before, made))
        self.learn()
        return True

    def look_back(self) -> str:
        """The tree of a day before anything was done."""
        answer = self.redraw.ask("official@city", "GET", f"/tree?as_of={DAY}", at="city")
        assert answer.status_code == HTTPStatus.OK, answer.text
        return str(answer.text)

    def transfer(self, wish: dict[str, Any], name: str) -> None:
        """The envoy of what goes asks, the city agrees; what cannot be is refused."""
        world, ask = self.world, self.redraw.ask
        world.grant("envoy", name, "head")
        before, sent = self.redraw.places(), {**wish, "subject": world.code[name]}
        planned = ask("envoy", "POST", "/transfer-plans", at=name, json=sent)
        if planned.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            return
        sent |= {"fingerprint": planned.json["fingerprint"], "reason": "both want it"}
        asked = ask("envoy", "POST", "/tenant-transfers", at=name, json=sent)
        assert asked.status_code == HTTPStatus.CREATED, asked.text
        agreed = {"fingerprint": sent["fingerprint"], "reason": ""}
        done = ask("official@city", "POST", f"/tenant-transfers/{asked.json['id']}/agree", at="city", json=agreed)
        assert done.status_code == HTTPStatus.OK, done.text
        self.transferred += 1
        self.disturb()
        self.changes.append(Known(asked.json["id"], before, transfer=name))
        self.learn()

    def undo(self, last: Known) -> TestResponse:
        if last.transfer is None:
            found: TestResponse = self.redraw.undo(last.id, *CITY)
            return found
        address, ask = f"/tenant-transfers/{last.id}/undo", self.redraw.ask
        wanted = ask("envoy", "POST", address, at=last.transfer, json={"reason": "a mistake"})
        if wanted.status_code != HTTPStatus.OK:
            return wanted
        return ask(CITY[0], "POST", address, at=CITY[1], json={"reason": "so be it"})

    def part(self, which: str, to: str, number: int, code: str) -> None:
        """What a merge had joined; rows that were published since stay where they are."""
        self.world.tenant[which], self.world.code[which], self.world.parent[which] = number, code, None
        self.rows[which] = self.world.one("select count(*) from wuji.file where tenant_id = %s", number)
        self.rows = +(self.rows - Counter({to: self.rows[which]}))

    def take_back(self) -> None:
        """Nothing contradicts the last one, but what was added or published after it."""
        last = self.changes.pop()
        answer = self.undo(last)
        # over a border that was drawn since nobody answers for both ends
        if last.disturbed and answer.status_code in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            assert answer.status_code == HTTPStatus.NOT_FOUND or answer.json["errors"]
            self.changes.clear()
            return
        assert answer.status_code == HTTPStatus.OK, answer.text
        self.undone += 1
        if last.merged:
            self.part(*last.merged)
        if last.made:
            for known in (self.world.tenant, self.world.parent, self.world.code):
                del known[last.made]
            self.disturb()  # it stays where it was, closed, and may keep one above it from its former level
        self.learn()
        there = {row[0] for row in last.before}
        assert [row for row in self.redraw.places() if row[0] in there] == last.before


class Surgery(RuleBasedStateMachine):
    """A new world is too dear for each run: one is redrawn again and again, and every run goes on where the last one ended."""

    tree: ClassVar[Tree]

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
        name = self.tree.pick(which)
        children = [n for n, parent in self.tree.world.parent.items() if parent == name]
        if children and self.tree.few:
            made, parent = f"half{next(self.tree.names)}", self.tree.world.code[self.tree.world.path(name)[-2]]
            width = DIGITS[self.tree.level(name)]
            code = parent + str(900 + next(self.tree.names)).rjust(width - len(parent), "0")
            chosen = [self.tree.world.tenant[n] for n in children[: half + 1]]
            self.tree.change(self.tree.redraw.wish("split", name, name=made, code=code, children=chosen), made)

    @rule(which=TENANTS, to=TENANTS)
    def merge(self, which: int, to: int) -> None:
        name, into = self.tree.pick(which), self.tree.pick(to)
        if len(self.tree.world.tenant) > FEW and self.tree.change(self.tree.redraw.wish("merge", name, into)):
            world = self.tree.world
            self.tree.changes[-1].merged = (name, into, world.tenant.pop(name), world.code.pop(name))
            del world.parent[name]
            self.tree.rows[into] += self.tree.rows.pop(name, 0)
            self.tree.rows = +self.tree.rows
            self.tree.learn()

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
        name = self.tree.pick(which)
        factories["wuji.file"](self.tree.world, name)
        self.tree.rows[name] += 1
        self.tree.disturb()

    @rule(which=TENANTS)
    def grant(self, which: int) -> None:
        self.tree.world.grant("member", self.tree.pick(which), "member")

    @rule()
    def undo(self) -> None:
        if self.tree.changes:
            self.tree.take_back()

    def teardown(self) -> None:
        while self.tree.changes:
            self.tree.take_back()
            self.sound()

    @invariant()
    def sound(self) -> None:
        self.tree.redraw.check_sound()

    @invariant()
    def as_it_was(self) -> None:
        assert self.tree.look_back() == self.tree.before

    @invariant()
    def nothing_lost(self) -> None:
        named = {number: name for name, number in self.tree.world.tenant.items()}
        found = self.tree.world.run(ROWS, list(named))
        assert {named[number]: rows for number, rows in found} == self.tree.rows


@pytest.mark.parametrize("number", [1, 2])
def test_any_sequence(redraw, number):
    tree, world = Tree(redraw), redraw.world
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        world.run(AGE.format(table), list(world.tenant.values()))
    world.person("envoy")
    tree.before = tree.look_back()
    tree.transfer({"op": "release"}, "second")  # so that there is one that may join
    tree.learn()
    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # the tree goes on from run to run, so a run that is repeated is another one
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(type("Machine", (Surgery,), {"tree": tree})), settings=chosen)
    assert tree.carried >= LEAST
    assert tree.undone >= LEAST
    assert tree.transferred
