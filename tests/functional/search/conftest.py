"""Files as something that can be found, beside tenants; an application that serves both."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from wuji.app import create_app
from wuji.files.models import File
from wuji.journal.services import record
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.plugin.records import Facet, SearchDocument, SearchKind
from wuji.search.postgres import PostgresBackend
from wuji.search.projector import projections
from wuji.search.registry import Search, register_kinds
from wuji.search.services.writing import chunks, write
from wuji.search.tenants import TENANTS
from wuji.testing import Server, World
from wuji.testing.application import make_app

COOKIE = "wuji-8000"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def read(session: ScopedSession, ids: Sequence[str]) -> list[SearchDocument]:
    """A file named `title|body`; its size says how many days after the first of 2020 it was published."""
    rows = session.scalars(select(File).where(File.id.in_(ids), File.owner_kind == "note"))
    return [
        SearchDocument(
            id=str(row.id),
            version=row.version,
            tenant_id=row.tenant_id,
            audience=row.audience and tuple(row.audience),
            title=row.name.partition("|")[0],
            body=row.name.partition("|")[2],
            published_at=EPOCH + timedelta(days=row.size) if row.size else None,
            facets={"crop": tuple(row.owner_id.split(","))} if row.owner_id else {},
        )
        for row in rows
    ]


def scan(session: ScopedSession) -> Iterator[list[str]]:
    inside = File.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    ids = [str(id_) for id_ in session.scalars(select(File.id).where(inside))]
    yield from (list(ids[n : n + 3]) for n in range(0, len(ids), 3))


NOTES = SearchKind(
    name="file",
    title="search.kind.tenant",
    icon="leaf",
    path="x/notes/{id}",
    read=read,
    scan=scan,
    facets=(Facet("crop", "search.facet.kind", lambda locale, value: f"{locale} {value}"),),
    synonyms=(("纹枯病", "烂脚瘟"),),
)


@dataclass
class Finder:
    """One world, searched over HTTP."""

    app: Flask
    world: World
    deployment: Deployment
    kinds: dict[str, SearchKind] = field(default_factory=dict)

    def ask(self, path: str, who: str = "anonymous", at: str | None = "village", **asked: Any) -> TestResponse:
        client = self.app.test_client()
        if who in self.world.cookie:
            client.set_cookie(COOKIE, self.world.cookie[who])
        given = {"tenant": self.world.code[at], **asked} if at else asked
        language = {"Accept-Language": given.pop("language", "zh-CN")}
        return client.get(f"/api/v1/{path}", query_string=given, headers=language)

    def found(self, q: str, who: str = "anonymous", at: str = "village", **asked: Any) -> dict[str, Any]:
        answer = self.ask("search", who, at, q=q, **asked)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json

    def titles(self, q: str, who: str = "anonymous", at: str = "village", **asked: Any) -> list[str]:
        return [item["title"] for item in self.found(q, who, at, **asked)["items"]]

    def note(self, name: str, at: str = "village", audience: object = "village", days: int = 0, crops: str = "") -> str:
        """A note by the tenant's official, shown to all who are there unless `audience` is None."""
        shown = [self.world.token(audience, 0)] if isinstance(audience, str) else audience
        with self.deployment.work(self.world.door(f"official@{at}", at)) as session:
            values = {"sha256": sha256(b"").digest(), "media": "text/plain", "owner_kind": "note", "owner_id": crops}
            row = File(tenant_id=self.world.tenant[at], name=name, audience=shown, size=days, **values)
            session.add(row)
            session.flush()
            record(session, "test.note.add", "file", row.id, tenant_id=row.tenant_id)
            return str(row.id)

    def index(self, at: str = "city", kind: str = "tenant") -> None:
        """What a rebuild does, for a tree that the stage made behind search's back."""
        search = self.deployment.part(Search)
        with self.deployment.work(self.world.door(f"official@{at}", at)) as session:
            for ids in search.kinds[kind].scan(session):
                for chunk in chunks(ids):
                    write(session, search.backend, search.kinds[kind], chunk)


@pytest.fixture(scope="module")
def found_app(server: Server) -> Iterator[Flask]:
    plain = make_app(server).extensions["wuji"]
    search = register_kinds((TENANTS, NOTES, replace(NOTES, name="notes.note", synonyms=())), PostgresBackend())
    projectors = {p.kind: [p.project] for p in projections(search)}
    switched = {"notes"}
    made = create_app(
        replace(
            plain,
            parts={**plain.parts, Search: search},
            projectors=projectors,
            active=lambda _session, plugin: plugin in switched,
        )
    )
    made.testing = False
    made.extensions["switched"] = switched
    yield made
    plain.engine.dispose()


@pytest.fixture
def finder(found_app: Flask, world: World) -> Finder:
    return Finder(found_app, world, found_app.extensions["wuji"])


@pytest.fixture
def faults() -> Callable[[TestResponse], dict[str, str]]:
    def read_faults(answer: TestResponse) -> dict[str, str]:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        return {fault["pointer"]: fault["message"] for fault in answer.json["errors"]}

    return read_faults
