"""Reading the rows of a list: a page, all of them, one, or how many there are. By key and never by offset."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Integer, Row, Select, bindparam, func, literal_column, or_, select, tuple_

from wuji.kit.db.session import ScopedSession
from wuji.kit.http.columns import Asker, Column, List, Rows, python_type, sql_type
from wuji.kit.problem import Fault, invalid

CAP = 1000
SHAPES = 2000  # statements that are kept, for all lists together: a caller can ask for many combinations
Found = Sequence[Row[*tuple[Any, ...]]]


class Shape(NamedTuple):
    """What makes two requests one statement: all but the values, which are parameters. Building one costs more than running
    it.
    """

    names: frozenset[str]
    sort: str
    after: bool


def read_page(session: ScopedSession, list_: List, asked: Mapping[str, Any]) -> dict[str, Any]:
    """{items, next, total}: one page and a total that is exact up to a thousand."""
    limit, cursor = asked.get("limit", 20), asked.get("cursor") or None
    rows = _read(session, list_, asked, cursor, limit + 1)
    names = [c.name for c in list_.columns]
    items = [dict(zip(names, row, strict=False)) for row in rows[:limit]]
    more = len(rows) > limit
    total = len(items) if not more and cursor is None else count_rows(session, list_, asked, CAP + 1)
    return {
        "items": items,
        "next": _cursor(rows[limit - 1], list_, asked) if more else None,
        "total": {"value": min(total, CAP), "capped": total > CAP},
    }


def read_one(session: ScopedSession, list_: List, key: object) -> dict[str, Any] | None:
    """The item with that key, where the actor would find it in the list."""
    row = run(session, _one(list_), {"one": key}).first()
    return dict(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def count_rows(session: ScopedSession, list_: List, asked: Mapping[str, Any], most: int) -> int:
    """How many rows are asked for; counting stops at `most`."""
    statement = _counting(list_, shape_of(list_, asked))
    counted: int = run(session, statement, {**values_of(asked), "most": most}).scalar_one()
    return counted


def read_all(
    session: ScopedSession, list_: List, asked: Mapping[str, Any], chunk: int = 2000
) -> Iterator[Sequence[Any]]:
    """Every row in order, a chunk at a time by key: an export holds no cursor open and no list in memory.

    Each chunk sees what is committed when it is read. A row that nobody changes meanwhile comes exactly once; one whose
    sort value is changed meanwhile may come twice or not at all, as on the pages of a list.
    """
    cursor = None
    while True:
        rows = _read(session, list_, asked, cursor, chunk)
        yield from (row[: len(list_.columns)] for row in rows)
        if len(rows) < chunk:
            return
        cursor = _cursor(rows[-1], list_, asked)


def _read(session: ScopedSession, list_: List, asked: Mapping[str, Any], cursor: str | None, most: int) -> Found:
    values = {**values_of(asked), "most": most}
    if cursor is not None:
        values |= _read_cursor(cursor, list_, asked.get("sort", list_.sort))
    found: Found = run(session, _ordered(list_, shape_of(list_, asked, cursor)), values).all()
    return found


def run(session: ScopedSession, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Any:
    """Past the ORM, which would cost a third of a request and has nothing to add to plain rows."""
    session.flush()
    return session.connection().execute(statement, {**values, **Asker.values(session.actor)})


def shape_of(list_: List, asked: Mapping[str, Any], cursor: str | None = None) -> Shape:
    names = frozenset(asked) - {"limit", "cursor", "sort"} - ({"q"} if not asked.get("q") else set())
    return Shape(names, asked.get("sort", list_.sort), cursor is not None)


def values_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, by the names of its parameters."""
    return {f"asked_{name}": _contained(value) if name == "q" else value for name, value in asked.items()}


def _contained(words: str) -> str:
    for special in "/%_":
        words = words.replace(special, f"/{special}")
    return f"%{words}%"


@lru_cache(SHAPES)
def _ordered(list_: List, shape: Shape) -> Rows:
    column, descending = _order(list_, shape.sort)
    statement = narrowed(list_, shape).add_columns(column.sql.label("_sort"), list_.key.label("_key"))
    if shape.after:
        place = tuple_(column.sql, list_.key)
        after: BindParameter[Any] = bindparam("after", type_=sql_type(column.sql))
        after_key: BindParameter[Any] = bindparam("after_key", type_=sql_type(list_.key))
        last = tuple_(after, after_key)
        statement = statement.where(place < last if descending else place > last)
    return ordered(list_, shape, statement)


def ordered(list_: List, shape: Shape, statement: Rows) -> Rows:
    """The first rows in the order that is asked for."""
    column, descending = _order(list_, shape.sort)
    order = (column.sql.desc(), list_.key.desc()) if descending else (column.sql, list_.key)
    return statement.order_by(*order).limit(_most())


@lru_cache(SHAPES)
def _counting(list_: List, shape: Shape) -> Select[int]:
    inner = narrowed(list_, shape).with_only_columns(literal_column("1")).limit(_most()).subquery()
    return select(func.count()).select_from(inner)


@lru_cache(SHAPES)
def _one(list_: List) -> Rows:
    one: BindParameter[Any] = bindparam("one", type_=sql_type(list_.key))
    return narrowed(list_, Shape(frozenset(), list_.sort, after=False)).where(list_.key == one)


def narrowed(list_: List, shape: Shape) -> Rows:
    """All rows that are asked for, and no more of them than row security shows."""
    given: dict[str, BindParameter[Any]] = {name: bindparam(f"asked_{name}") for name in shape.names}
    shown: list[Any] = [c.sql.label(c.name) for c in list_.columns]
    statement: Rows = list_.source(Asker(), given).with_only_columns(*shown)
    for column in list_.columns:
        if column.filtered and column.name in given:
            statement = statement.where(column.sql == given[column.name])
    if list_.since is not None:
        if "since" in given:
            statement = statement.where(list_.since >= given["since"])
        if "until" in given:
            statement = statement.where(list_.since < given["until"])
    if "q" in given:
        statement = statement.where(or_(*(column.like(given["q"], escape="/") for column in list_.search)))
    return statement


def _most() -> BindParameter[int]:
    return bindparam("most", type_=Integer())


def _order(list_: List, sort: str) -> tuple[Column, bool]:
    return list_.by_name[sort.lstrip("-")], sort.startswith("-")


def _cursor(row: Any, list_: List, asked: Mapping[str, Any]) -> str:
    packed = msgspec.json.encode([asked.get("sort", list_.sort), row._sort, row._key])  # noqa: SLF001 - labels of ours
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read_cursor(cursor: str, list_: List, sort: str) -> dict[str, Any]:
    column, _descending = _order(list_, sort)
    try:
        said, value, key = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list)
        if said != sort:
            raise ValueError(said)  # noqa: TRY301 - one answer for every unusable cursor
        after: object = msgspec.convert(value, column.python_type)
        after_key: object = msgspec.convert(key, python_type(list_.key))
    except (ValueError, TypeError, binascii.Error, msgspec.MsgspecError) as error:
        raise invalid(Fault("?cursor", "kit.invalid.cursor")) from error
    return {"after": after, "after_key": after_key}
