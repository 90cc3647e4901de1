"""People of a world before the product's own HTTP."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.testing import Server, World
from wuji.testing.application import make_app

COOKIE = "wuji-8000"
Ask = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """`ask(who, method, path, at="village", version=1, json=...)`: as somebody, below a tenant's address or (at=None) not."""

    def send(
        who: str, method: str, path: str = "", *, at: str | None = None, version: object = None, **given: Any
    ) -> TestResponse:
        client = app.test_client()
        if who in world.cookie:
            client.set_cookie(COOKIE, world.cookie[who])
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        place = f"/tenants/{world.code[at]}" if at else ""
        return client.open(f"/api/v1{place}{path}", method=method, headers=headers, **given)

    return send


@pytest.fixture(scope="session")
def faults() -> Callable[[TestResponse], dict[str, str]]:
    """Pointer to message of a problem that names fields."""

    def read(answer: TestResponse) -> dict[str, str]:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert answer.content_type == "application/problem+json"
        return {fault["pointer"]: fault["message"] for fault in answer.json["errors"]}

    return read


@pytest.fixture
def journal(world: World) -> Callable[[str | None], list[tuple[Any, ...]]]:
    """(verb, subject, fields, reason) of what is recorded at a tenant, oldest first."""

    def read(tenant: str | None) -> list[tuple[Any, ...]]:
        rows = world.run(
            "select verb, subject_id, fields, reason from wuji.journal_record "
            "where tenant_id is not distinct from %s and account_id = any(%s) order by id",
            tenant and world.tenant[tenant],
            list(world.account.values()),
        )
        return list(rows)

    return read


# Everything that a change must leave, and undoing it must bring back, of these tenants. Slots, versions and history are not.
STANDING = """
  select t.id, t.parent_id, t.root_id, t.level, t.category, t.name, t.state, t.ancestors, c.code, p.parent_id, p.level
    from wuji.tenant t left join wuji.tenant_code c on c.tenant_id = t.id and c.valid_to is null
    left join wuji.tenant_place p on p.tenant_id = t.id and p.valid_to is null where t.id = any(%s) order by t.id"""
# The journal, and what follows the rows.
GROWING = {"wuji.journal_record", "wuji.tenant_change", "wuji.search_document"}
KEYED = """
  select c.conrelid::regclass::text from pg_constraint c
   where c.confrelid = 'wuji.tenant'::regclass and cardinality(c.conkey) = 2 and c.contype = 'f' order by 1"""
ROWS = """
  select '{0}', tenant_id, (to_jsonb(x) - '{{pos,version,updated_at}}'::text[])::text
    from {0} x where tenant_id = any(%s) order by 2, 3"""
LOST = """
  select count(*) from {} x left join wuji.tenant t on t.id = x.tenant_id and t.pos = x.pos
   where x.tenant_id is not null and t.id is null"""
SOUND = """
  select t.id from wuji.tenant t join wuji.tenant p on p.id = t.parent_id
   where t.root_id = any(%s) and not (t.pos > p.pos and t.pos_hi <= p.pos_hi and t.level > p.level
     and t.ancestors = p.ancestors || t.id and t.root_id = p.root_id)
  union all
  select a.id from wuji.tenant a join wuji.tenant b on a.id <> b.id and a.pos between b.pos and b.pos_hi
   where a.root_id = any(%s) and not b.id = any(a.ancestors)"""


@dataclass(frozen=True)
class Redrawing:
    """Plans, carries out and takes back as somebody at a tenant."""

    ask: Ask
    world: World

    def wish(self, op: str, which: str, to: str | None = None, /, **more: Any) -> dict[str, Any]:
        parent = {"parent_id": self.world.tenant[to]} if to else {}
        return {"op": op, "tenant_id": self.world.tenant[which], **parent, **more}

    def plan(self, wish: Mapping[str, Any], who: str = "official@district", at: str = "district") -> TestResponse:
        return self.ask(who, "POST", "/tenant-plans", at=at, json=wish)

    def apply(
        self, wish: Mapping[str, Any], who: str = "official@district", at: str = "district", fingerprint: str = ""
    ) -> TestResponse:
        """As it was planned just now, unless a fingerprint says what was seen."""
        if not fingerprint:
            planned = self.plan(wish, who, at)
            assert planned.status_code == HTTPStatus.OK, planned.text
            fingerprint = planned.json["fingerprint"]
        sent = {**wish, "fingerprint": fingerprint, "reason": "boundaries of 2026"}
        return self.ask(who, "POST", "/tenant-changes", at=at, json=sent)

    def undo(self, change: str, who: str = "official@district", at: str = "district") -> TestResponse:
        return self.ask(who, "POST", f"/tenant-changes/{change}/undo", at=at, json={"reason": "a mistake"})

    def places(self) -> list[tuple[Any, ...]]:
        """What every tenant of the world is, and where."""
        found: list[tuple[Any, ...]] = self.world.run(STANDING, list(self.world.tenant.values())).fetchall()
        return found

    def standing(self) -> list[tuple[Any, ...]]:
        """Of all tenants of the world, with every row that each has in any table, so that what differs is named."""
        ours = list(self.world.tenant.values())
        found = self.places()
        for (table,) in self.world.run(KEYED).fetchall():
            if table not in GROWING:
                found += self.world.run(ROWS.format(table), ours).fetchall()
        return found

    def check_sound(self) -> None:
        """Ranges nest and are disjoint, ancestors are right, every row stands where its tenant does."""
        roots = [self.world.tenant[name] for name, parent in self.world.parent.items() if parent is None]
        assert self.world.run(SOUND, roots, roots).fetchall() == []
        for (table,) in self.world.run(KEYED).fetchall():
            assert self.world.one(LOST.format(table)) == 0, table


@pytest.fixture
def redraw(ask: Ask, world: World) -> Redrawing:
    """With a second street, to which the village can go."""
    world.grow("second", "district", 3)
    return Redrawing(ask, world)
