"""Rows of a list counted by a column, for a chart: under the same permission, row security and filters as its pages, in the
database, which stops counting at a hundred thousand rows. Nothing is withheld: whoever may chart a list may read its rows.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from marshmallow import fields
from sqlalchemy import ColumnElement, Date, DateTime, Float, Text, case, cast, func, literal, null, select
from sqlalchemy.sql.selectable import Subquery

from wuji.kit.db.session import ScopedSession
from wuji.kit.http.columns import Column, List, Rows, sql_type
from wuji.kit.http.fields import Choice, In, Out
from wuji.kit.http.rows import SHAPES, Shape, narrowed, ordered, run, shape_of, values_of
from wuji.kit.texts import Texts

Period = Literal["day", "month", "year"]
PERIODS: Mapping[Period, str] = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}
MOST = 50  # groups; what is left is one more
CAP = 100_000  # rows
OWN = {"by", "of", "per"}


class GroupColumnOut(Out):
    """What the rows can be counted by, or what is added up."""

    name = fields.String()
    said = fields.String()
    time = fields.Boolean()


class GroupOut(Out):
    """`value` as the list's filter takes it, a day, month or year (2026-03) of a time; null: rows without one. `said` in the
    reader's words. `sum` is null where nothing was to be added up.
    """

    value = fields.String(allow_none=True)
    said = fields.String()
    count = fields.Integer()
    sum = fields.Float(allow_none=True)


class OtherGroupsOut(Out):
    """All groups beyond the fifty that are shown: the smallest, or the oldest."""

    groups = fields.Integer()
    count = fields.Integer()
    sum = fields.Float(allow_none=True)


class CountedOut(Out):
    """How many rows were counted; `capped`: there may be more, counting stopped."""

    value = fields.Integer()
    capped = fields.Boolean()


class GroupsOut(Out):
    """Rows by a column: times from the earliest, other values from the most frequent. `per`: of what length the times are."""

    by = fields.String()
    of = fields.String(allow_none=True)
    per = Choice(*PERIODS, allow_none=True)
    columns = fields.List(fields.Nested(GroupColumnOut))
    sums = fields.List(fields.Nested(GroupColumnOut))
    groups = fields.List(fields.Nested(GroupOut))
    other = fields.Nested(OtherGroupsOut, allow_none=True)
    counted = fields.Nested(CountedOut)


class Grouping(NamedTuple):
    """What is counted by what; `per` is of no account where that is no time."""

    by: str
    of: str | None
    per: Period


def groups_query(list_: List) -> type[In]:
    """What may be asked: all that its pages take, and by which column, the sum of which, in days, months or years."""
    sums = [column.name for column in list_.columns if column.summed]
    own: dict[str, fields.Field[Any]] = {
        "by": Choice(*(column.name for column in list_.grouped)),
        "per": Choice(*PERIODS, load_default="month"),
    }
    own |= {"of": Choice(*sums)} if sums else {}
    asked = {name: field for name, field in list_.asked().items() if name != "sort"}
    return In.from_dict({**asked, **own}, name=f"{list_.camel}GroupsQuery")  # type: ignore[return-value]


def read_groups(
    session: ScopedSession, list_: List, asked: Mapping[str, Any], texts: Texts, locale: str
) -> dict[str, Any]:
    """As GroupsOut has it, in the reader's words."""
    grouping = Grouping(asked.get("by", list_.grouped[0].name), asked.get("of"), asked["per"])
    filters = {name: value for name, value in asked.items() if name not in OWN}
    statement = _grouped(list_, shape_of(list_, filters), grouping)
    rows = run(session, statement, {**values_of(filters), "most": CAP}).all()
    column, total = list_.by_name[grouping.by], sum(row.count for row in rows)
    said = _speaker(list_, column, texts, locale)
    groups = [
        {"value": row.value, "said": said(row.value, row.name), "count": row.count, "sum": row.sum}
        for row in rows
        if row.place <= MOST
    ]
    others = [{"groups": row.groups, "count": row.count, "sum": row.sum} for row in rows if row.place > MOST]
    return {
        "by": grouping.by,
        "of": grouping.of,
        "per": grouping.per if column.is_time else None,
        "columns": _told(list_, list_.grouped, texts, locale),
        "sums": _told(list_, [one for one in list_.columns if one.summed], texts, locale),
        "groups": sorted(groups, key=_by_time if column.is_time else _by_count),
        "other": others[0] if others else None,
        "counted": {"value": total, "capped": total >= CAP},
    }


@lru_cache(SHAPES)
def _grouped(list_: List, shape: Shape, grouping: Grouping) -> Rows:
    """The most frequent values, or the latest times, each with its place; what comes after them is the last place."""
    row = _counted(list_, shape, grouping)
    count = func.count().label("count")
    name = func.min(row.c.name).label("name")
    each = select(row.c.value, name, count, func.sum(row.c.amount).label("sum")).group_by(row.c.value).subquery()
    frequent = (each.c.count.desc(), each.c.value.asc().nulls_last())
    order = (each.c.value.desc().nulls_last(),) if list_.by_name[grouping.by].is_time else frequent
    place = func.least(func.row_number().over(order_by=order), MOST + 1).label("place")
    ranked = select(each, place).subquery()
    kept = ranked.c.place <= MOST
    return (
        select(
            ranked.c.place,
            func.min(case((kept, ranked.c.value))).label("value"),
            func.min(case((kept, ranked.c.name))).label("name"),
            func.sum(ranked.c.count, type_=each.c.count.type).cast(each.c.count.type).label("count"),
            func.sum(ranked.c.sum).cast(Float).label("sum"),
            func.count().label("groups"),
        )
        .group_by(ranked.c.place)
        .order_by(ranked.c.place)
    )


def _counted(list_: List, shape: Shape, grouping: Grouping) -> Subquery:
    column = list_.by_name[grouping.by]
    amount = cast(list_.by_name[grouping.of].sql if grouping.of else null(), Float)
    name = cast(list_.by_name[column.named].sql, Text) if column.named else cast(null(), Text)
    shown = (_value(column, grouping.per).label("value"), name.label("name"), amount.label("amount"))
    return ordered(list_, shape, narrowed(list_, shape).with_only_columns(*shown)).subquery()


def _value(column: Column, per: Period) -> ColumnElement[Any]:
    """A time as the day, month or year in which it lies where the root counts its days."""
    if not column.is_time:
        return cast(column.sql, Text)
    zone = select(func.wuji.scope_zone()).scalar_subquery()
    local: ColumnElement[Any] = cast(column.sql, Date)
    if isinstance(sql_type(column.sql), DateTime):
        local = func.timezone(zone, column.sql)
    return func.to_char(local, literal(PERIODS[per], Text, literal_execute=True))


def _by_time(group: Mapping[str, Any]) -> tuple[bool, str]:
    return group["value"] is None, group["value"] or ""


def _by_count(group: Mapping[str, Any]) -> tuple[int, bool, str]:
    return -group["count"], *_by_time(group)


def _told(list_: List, columns: Sequence[Column], texts: Texts, locale: str) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "said": texts.say(locale, list_.header_key(one.name)), "time": one.is_time}
        for one in columns
    ]


def _speaker(list_: List, column: Column, texts: Texts, locale: str) -> Callable[[str | None, str | None], str]:
    catalogue = texts.catalogue(locale)
    key = column.said or list_.word_key(column)
    name_key = list_.by_name[column.named].key if column.named else None

    def said(value: str | None, name: str | None) -> str:
        if value is None:
            return catalogue["kit.group.none"]
        if column.python_type is bool:
            return catalogue["kit.group.yes" if value == "true" else "kit.group.no"]
        if name:
            return catalogue.get(name_key(name), name) if name_key else name
        return catalogue.get(key(value), value) if key else value

    return said
