"""What the wall costs a search, and how long a page of it takes: a city over all its articles, facets included."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import psycopg
from tests.scale.articles import ARTICLES, KIND, NOW, load_articles
from tests.scale.caller import Caller
from tests.scale.ground import HEADS, RAW, Ground
from tests.scale.measure import Figure, fitting, times
from tests.scale.wall import enter

import wuji.search
from wuji.app import create_app
from wuji.kit.http.request import cookie_name
from wuji.search.postgres import PostgresBackend
from wuji.search.registry import Search, register_kinds
from wuji.search.tenants import TENANTS
from wuji.search.text import pack, tokens
from wuji.testing import STAGE
from wuji.testing.application import make_app

RATIO, PAGE = 1.3, 60.0
LOOSE_RATIO, LOOSE_PAGE = 3.0, 400.0
CALL = (
    "select part, name, value, n, at from {}(%(sets)s::text[], 1, %(phrase)s, %(kinds)s::text[], null, null, null, null, "
    "null, '{{}}', %(years)s::timestamptz[], false, null, null, 100) order by 1, 2, 3"
)
BARE = "plugin_bench.search_bare"


def searching(ground: Ground) -> Iterator[Figure]:
    short, long = load_articles(ground, ground.size.articles)
    for length, questions in (("2 characters", short), ("6 characters", long)):
        yield wall(ground, length, questions)
        yield page(ground, length, questions)


def values(question: str) -> dict[str, Any]:
    codes = ",".join(str(pack(token)) for token in tokens(question))
    year = NOW.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    years = [year, year.replace(year=year.year - 1)]
    return {"sets": ["{" + codes + "}"], "phrase": question, "kinds": [KIND, "tenant"], "years": years}


def wall(ground: Ground, length: str, questions: Sequence[str]) -> Figure:
    """The function as it is, and the same text as a function of a login that no policy binds, its tokens written out."""
    app, raw = ground.connect("wuji_app"), ground.connect(RAW)
    enter(app, HEADS[0])
    written = app.execute("select wuji.search_tokens()").fetchone()
    make_bare(ground, written[0] if written else [])
    ours, theirs = CALL.format("wuji.search_ids"), CALL.format(BARE)
    for question in questions[:5]:
        mine, bare = (c.execute(s.encode(), values(question)).fetchall() for c, s in ((app, ours), (raw, theirs)))
        if mine != bare or not mine:
            raise RuntimeError(f"{question}: with and without the wall the index answers differently")
    acts = [partial(ask, c, s, cycle(questions)) for c, s in ((raw, theirs), (app, ours))]
    base, mine_ms = times(fitting(2.0 if ground.size.short else 12.0, *acts), *acts)
    app.close()
    raw.close()
    return Figure(
        what=f"index of {ground.size.articles:,} articles, city, {length}",
        asked=f"≤ {RATIO}×",
        measured=f"{mine_ms:.2f} ms ({mine_ms / base:.2f}×)",
        baseline=f"{base:.2f} ms",
        value=mine_ms / base,
        most=RATIO,
        loose=LOOSE_RATIO,
    )


def ask(connection: psycopg.Connection, statement: str, questions: Iterator[str]) -> object:
    return connection.execute(statement.encode(), values(next(questions))).fetchall()


def make_bare(ground: Ground, written: Sequence[int]) -> None:
    source = (Path(wuji.search.__file__).parent / "functions" / "reading.sql").read_text(encoding="utf-8")
    body = source[source.index("create function wuji.search_ids(") :]
    body = body[: body.index("$$;") + 3].replace(
        "create function wuji.search_ids", f"create or replace function {BARE}"
    )
    literal = ",".join(map(str, written))
    for asked, given in (
        ("security definer", "security invoker"),
        ("search_tokens()", f"'{{{literal}}}'::int[]"),
        ("search_closed()", "'{}'::int[]"),
        ("scope_tenant()", "1"),
    ):
        if asked not in body:
            raise RuntimeError(f"the function asks for no {asked}")
        body = body.replace(asked, given)
    with ground.connect(STAGE, autocommit=True) as stage:
        stage.execute(body.replace("search_ids.", "search_bare.").encode())
        stage.execute(f"grant execute on function {BARE} to {RAW}")


def page(ground: Ground, length: str, questions: Sequence[str]) -> Figure:
    """The whole request: door, index, rows under row security, ranking, marks, facets in words."""
    plain = make_app(ground.server).extensions["wuji"]
    kinds = register_kinds((TENANTS, ARTICLES), PostgresBackend())
    served = create_app(replace(plain, parts={**plain.parts, Search: kinds}, active=lambda _session, _plugin: True))
    caller = Caller(served, cookie_name(plain.options.base_url, plain.options.port))
    asked = [caller.asking(HEADS[0], "search", q=question, tenant=HEADS[0].code) for question in questions]
    taken = []
    for environ in [*asked[:5], *asked * (1 if ground.size.short else 5)]:
        began = perf_counter()
        caller.ask(environ)
        taken.append((perf_counter() - began) * 1000)
    plain.engine.dispose()
    late = quantiles(taken[5:], n=20)[-1]
    middle = quantiles(taken[5:], n=2)[0]
    return Figure(
        what=f"GET /search, city, {length}, facets included",
        asked=f"p95 ≤ {PAGE:.0f} ms",
        measured=f"p95 {late:.1f} ms, median {middle:.1f} ms",
        baseline="none: the bar is absolute",
        value=late,
        most=PAGE,
        loose=LOOSE_PAGE,
    )
