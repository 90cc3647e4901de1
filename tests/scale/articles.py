"""Articles of one city with made-up words, some said often and most of them seldom, and the documents of search about them."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from tests.scale.ground import Ground

from wuji.kit.db.among import among
from wuji.kit.db.model import At, Key, Model, Numbers, Owned, Wall, Words
from wuji.kit.db.session import ScopedSession
from wuji.plugin.records import Facet, SearchDocument, SearchKind
from wuji.search.documents import index_document
from wuji.search.text import normalise, pack
from wuji.testing import STAGE

KIND = "bench.article"
CITY = 6111  # tenants of the first city
VOCABULARY = 4000
SENTENCES = 18
NOW = datetime.now(UTC)
INDEX = "ix_search_document_words_access"


class Article(Owned, Model):
    """As a plugin would have it."""

    __tablename__ = "article"
    __schema__ = "plugin_bench"
    __wall__ = Wall(kind="tenant", audience=True, versioned=False)

    id: Mapped[Key]
    audience: Mapped[Numbers | None]
    title: Mapped[Words]
    body: Mapped[Words]
    crop: Mapped[Words]
    published_at: Mapped[At]


TABLE = Article.__table__.c
ROWS = select(TABLE.id, TABLE.tenant_id, TABLE.audience, TABLE.title, TABLE.body, TABLE.crop, TABLE.published_at)


def document(row: tuple[UUID, int, Sequence[int] | None, str, str, str, datetime]) -> SearchDocument:
    id_, tenant_id, audience, title, body, crop, published_at = row
    return SearchDocument(
        id=str(id_),
        version=1,
        tenant_id=tenant_id,
        audience=audience and tuple(audience),
        title=title,
        body=body,
        published_at=published_at,
        facets={"crop": (crop,)},
    )


def read(session: ScopedSession, ids: Sequence[str]) -> Sequence[SearchDocument]:
    return [document(row) for row in session.connection().execute(ROWS.where(among(TABLE.id, ids)))]


def scan(_session: ScopedSession) -> Iterator[Sequence[str]]:
    return iter(())


ARTICLES = SearchKind(
    name=KIND,
    title="search.kind.tenant",
    icon="leaf",
    path="x/bench/{id}",
    read=read,
    scan=scan,
    facets=(Facet("crop", "search.facet.kind", lambda _locale, value: value),),
)


def make_words(chance: random.Random) -> list[str]:
    """Of two characters each, no two alike."""
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found[normalise("".join(chr(chance.randrange(0x5000, 0x5400)) for _ in range(2)))] = None
    return list(found)


def load_articles(ground: Ground, number: int) -> tuple[list[str], list[str]]:
    """Fills both tables; returns questions of two characters and of six that have answers."""
    chance = random.Random(7)  # noqa: S311 - the same articles in every run
    words = make_words(chance)
    weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    rows = [_article(chance, words, weights) for _ in range(number)]
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute("set session_replication_role = replica")
        stage.execute(f"drop index wuji.{INDEX}")
        places = dict(stage.execute("select id, pos from wuji.tenant where id <= %s", (CITY,)).fetchall())
        ancestors = dict(stage.execute("select id, ancestors from wuji.tenant where id <= %s", (CITY,)).fetchall())
        _copy(stage, rows, places, ancestors)
        stage.execute(f"create index {INDEX} on wuji.search_document using gin (words, access) with (fastupdate = off)")
        stage.execute("vacuum analyze wuji.search_document")
        stage.execute("vacuum analyze plugin_bench.article")
    bodies = [row[4] for row in chance.sample(rows, 40)]
    # words that one article in seven has, down to one in eighty
    return [words[n] for n in range(60, 860, 20)], [body[:6] for body in bodies]


def _article(
    chance: random.Random, words: Sequence[str], weights: Sequence[float]
) -> tuple[UUID, int, list[int] | None, str, str, str, datetime]:
    def sentence(length: int) -> str:
        return "".join(chance.choices(words, cum_weights=weights, k=length))

    tenant = chance.randrange(1, CITY + 1)
    audience = [tenant * 8] if chance.random() < 0.5 else [1 * 8] if chance.random() < 0.5 else None  # noqa: PLR2004
    body = "，".join(sentence(5) for _ in range(SENTENCES))
    at = NOW - timedelta(days=chance.randrange(1500), seconds=chance.randrange(86400))
    return UUID(int=chance.getrandbits(128)), tenant, audience, sentence(4), body, f"crop {chance.randrange(12)}", at


def _copy(
    stage: psycopg.Connection,
    rows: Sequence[tuple[UUID, int, list[int] | None, str, str, str, datetime]],
    places: dict[int, int],
    ancestors: dict[int, list[int]],
) -> None:
    columns = "id, tenant_id, pos, audience, title, body, crop, published_at"
    with stage.cursor().copy(f"copy plugin_bench.article({columns}) from stdin".encode()) as into:
        for row in rows:
            into.write_row((row[0], row[1], places[row[1]], *row[2:]))
    columns = "kind, id, version, tenant_id, pos, words, access, title, facets, published_at"
    with stage.cursor().copy(f"copy wuji.search_document({columns}) from stdin".encode()) as into:
        for row in rows:
            made = index_document(ARTICLES, document(row))
            codes = sorted({pack(token) for token in made.tokens})
            access = sorted({*made.audience, *(up * 8 + 4 for up in ancestors[row[1]])})
            place = (row[1], places[row[1]])
            into.write_row((KIND, made.id, 1, *place, codes, access, made.title, list(made.facets), made.published_at))
