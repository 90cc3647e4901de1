"""A world that is redrawn at random, and what is known of it: which change left what, and which rows stand where."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from wuji.testing import World, factories
from wuji.testing.world import DIGITS

CROWD = 24
ROWS = {
    "file": "select tenant_id, count(*) from wuji.file where owner_kind = 'test' and tenant_id = any(%s) group by 1",
    "role_grant": "select tenant_id, count(*) from wuji.role_grant where tenant_id = any(%s) group by 1",
}
CITY = ("official@city", "city")
DAY = "2025-12-31"
AGE = "update wuji.{} set valid_from = '2025-06-01' where tenant_id = any(%s)"


@dataclass(frozen=True)
class Merged:
    """Which into what; its id and code, its rows by table, and those that the other then had."""

    name: str
    to: str
    number: int
    code: str
    rows: Mapping[str, int]
    then: Mapping[str, int]


@dataclass
class Known:
    """A change that was carried out, and how everything stood before it."""

    id: str
    before: list[tuple[Any, ...]]
    made: str | None = None
    transfer: str | None = None  # the tenant that went with both sides' consent
    merged: Merged | None = None
    disturbed: bool = False  # by what was added or published since, which may contradict taking it back
    rows: list[tuple[Any, ...]] | None = None  # every row of every tenant before, as long as nobody wrote any since


@dataclass
class Tree:
    """One world that is redrawn, and what is known of it."""

    redraw: Any
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)  # by table and tenant
    carried: int = 0
    undone: int = 0
    settled: int = 0  # that is, contradicted by what stood in the new half of a split
    restored: int = 0  # to the last row
    transferred: int = 0
    before: str = ""
    changes: list[Known] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=count)
    fresh: list[str] = field(default_factory=list)  # files that nobody has counted yet

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
        self.write()

    def write(self) -> None:
        """Somebody has written rows: all are no longer as they were before a change, whatever is taken back."""
        for known in self.changes:
            known.rows = None

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
        rows = self.redraw.standing()
        answer = self.redraw.apply(wish, *CITY, planned.json["fingerprint"])
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        if made:
            self.world.code[made] = wish["code"]
            self.world.tenant[made] = self.world.one(
                "select tenant_id from wuji.tenant_code where code = %s and valid_to is null", wish["code"]
            )
        self.carried += 1
        self.changes.append(Known(answer.json["id"], before, made, rows=rows))
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
        self.grant("envoy", name, "head")
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

    def publish(self, name: str) -> None:
        self.fresh.append(str(factories["wuji.file"](self.world, name)))
        self.rows["file", name] += 1
        self.disturb()

    def grant(self, who: str, name: str, role: str) -> None:
        self.world.grant(who, name, role)
        self.write()
        self.rows["role_grant", name] += 1

    def found(self) -> Counter[tuple[str, str]]:
        """Rows as the database has them."""
        named = {number: name for name, number in self.world.tenant.items()}
        return Counter(
            {
                (table, named[number]): rows
                for table, asked in ROWS.items()
                for number, rows in self.world.run(asked, list(named))
            }
        )

    def merge(self, name: str, to: str) -> None:
        if not self.change(self.redraw.wish("merge", name, to)):
            return
        rows = {table: self.rows.pop((table, name), 0) for table in ROWS}
        self.rows.update({(table, to): n for table, n in rows.items()})
        then = {table: self.rows[table, to] for table in ROWS}
        number, code = self.world.tenant.pop(name), self.world.code.pop(name)
        self.changes[-1].merged = Merged(name, to, number, code, rows, then)
        del self.world.parent[name]
        self.learn()

    def part(self, merged: Merged) -> dict[tuple[str, ...], int]:
        """What a merge had joined goes back; returns what the other has come to hold since, which stays."""
        name, to = merged.name, merged.to
        self.world.tenant[name], self.world.code[name], self.world.parent[name] = merged.number, merged.code, None
        since = {("added", to, table): self.rows[table, to] - merged.then[table] for table in ROWS}
        for table, rows in merged.rows.items():
            self.rows[table, name] = rows
            self.rows[table, to] -= rows
        return {one: rows for one, rows in since.items() if rows}

    def take_back(self) -> None:
        """Nothing contradicts the last one, but what was added or published after it."""
        last = self.changes.pop()
        settled = any(self.rows[table, last.made] for table in ROWS if last.made)
        answer = self.undo(last)
        if settled and answer.status_code != HTTPStatus.NOT_FOUND:
            assert answer.status_code == HTTPStatus.CONFLICT, answer.text
            assert any(
                f"{last.made} (" in one["message"] and "of its own" in one["message"] for one in answer.json["errors"]
            )
            self.settled += 1
            self.changes.clear()
            return
        # over a border that was drawn since nobody answers for both ends
        if last.disturbed and answer.status_code in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            assert answer.status_code == HTTPStatus.NOT_FOUND or answer.json["errors"]
            self.changes.clear()
            return
        assert answer.status_code == HTTPStatus.OK, answer.text
        self.undone += 1
        left = self.part(last.merged) if last.merged else {}
        told = answer.json.get("left", [])
        assert {(one["why"], one["name"], row["table"]): row["rows"] for one in told for row in one["rows"]} == left
        if last.made:
            for known in (self.world.tenant, self.world.parent, self.world.code):
                del known[last.made]
            self.disturb()  # it stays where it was, closed, and may keep one above it from its former level
        self.learn()
        there = {row[0] for row in last.before}
        assert [row for row in self.redraw.places() if row[0] in there] == last.before
        if last.rows is not None:
            assert self.redraw.standing() == last.rows
            self.restored += 1


@pytest.fixture
def tree(redraw: Any) -> Tree:
    """Of a city that has stood for a while, with a street that has left it, so that there is one that may join."""
    made = Tree(redraw)
    for table in ("tenant_place", "tenant_name", "tenant_code"):
        made.world.run(AGE.format(table), list(made.world.tenant.values()))
    made.world.person("envoy")
    made.rows = made.found()
    made.before = made.look_back()
    made.transfer({"op": "release"}, "second")
    made.learn()
    return made
