"""What a list consists of, declared once: its columns, what may be asked of it, and the schemas that follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import ARRAY, JSON, BindParameter, Integer, Select, SQLColumnExpression, Uuid, bindparam
from sqlalchemy.types import TypeEngine

from wuji.kit.db.doors import Actor
from wuji.kit.http.fields import Choice, In, Moment, Out, Said, Whole, Words

Rows = Select[*tuple[Any, ...]]
MOST = 100


@dataclass(frozen=True)
class Column:
    """One column of a list: its name in JSON and in an export's header, its SQL, and what may be done with it."""

    name: str
    sql: SQLColumnExpression[Any]
    sortable: bool = False
    filtered: bool = False
    choices: tuple[str, ...] = ()
    nullable: bool = False
    exported: bool = True  # false for what only programs need
    key: Callable[[str], str] | None = None  # of the text that says a value in an export
    # Whether rows are counted by it for a chart. Unless said: choices, flags, moments and dates; never names and free text.
    grouped: bool | None = None
    summed: bool = False  # its numbers are added up in a chart
    named: str = (
        ""  # the column that says in words what this one is in a chart, such as a tenant's name beside its code
    )
    said: Callable[[str], str] | None = None  # like `key`, where an export shows the value itself

    @property
    def python_type(self) -> type:
        return python_type(self.sql)

    @property
    def is_time(self) -> bool:
        return self.python_type in {datetime, date}

    @property
    def is_grouped(self) -> bool:
        if self.grouped is not None:
            return self.grouped
        return bool(self.choices) or self.is_time or self.python_type is bool

    def out(self) -> fields.Field[Any]:
        options: dict[str, Any] = {"allow_none": self.nullable}
        if self.choices:
            return Choice(*self.choices, **options)
        kinds: dict[type, Callable[..., fields.Field[Any]]] = {
            UUID: fields.UUID, int: fields.Integer, float: fields.Float, bool: fields.Boolean, datetime: fields.AwareDateTime,
            date: fields.Date,
        }  # fmt: skip
        if isinstance(sql_type(self.sql), JSON):
            return fields.Dict(keys=fields.String(), values=fields.String(), **options)
        if self.python_type is list:
            return fields.List(kinds.get(_item_type(self.sql), fields.String)(), **options)
        return kinds.get(self.python_type, fields.String)(**options)

    def asked(self) -> fields.Field[Any]:
        if self.choices:
            return Choice(*self.choices)
        if self.python_type is UUID:
            return fields.UUID()
        return Whole() if self.python_type is int else Words(most=200)


class Total(Out):
    """How many rows there are, exact up to a thousand."""

    value = fields.Integer()
    capped = fields.Boolean()


class Asker:
    """Who asks, for a list's source: as parameters, because one statement serves everybody."""

    def __init__(self) -> None:
        self.account_id: BindParameter[UUID | None] = bindparam("asker_account_id", type_=Uuid())
        self.tenant_id: BindParameter[int | None] = bindparam("asker_tenant_id", type_=Integer())

    @staticmethod
    def values(actor: Actor) -> dict[str, object]:
        return {"asker_account_id": actor.account_id, "asker_tenant_id": actor.tenant_id}


@dataclass(frozen=True, eq=False)
class List:
    """A list as a feature declares it; row security does the rest.

    `source` gives FROM and WHERE for who asks and what is asked. It is called once for each set of names that are asked
    and gets parameters in place of values: it may look which names are there, and put them into SQL.
    """

    name: str
    permission: str
    columns: tuple[Column, ...]
    key: SQLColumnExpression[Any]
    source: Callable[[Asker, Mapping[str, Any]], Rows]
    sort: str
    search: tuple[SQLColumnExpression[Any], ...] = ()
    since: SQLColumnExpression[Any] | None = None
    # What else may be asked, which `source` alone knows how to find.
    more: Mapping[str, Callable[[], fields.Field[Any]]] = field(default_factory=dict)
    sensitive: str | None = None  # a feature of plugin.toml: without the root's word the list is not there
    exported: bool = True  # by work's route at a tenant: false for lists that have rows only without one
    outside: bool = False  # by work's route that stands at none: for lists of the deployment and of a person
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            if column.sortable and column.nullable:  # no row comes after null: the pages behind it would be empty
                raise ValueError(f"{self.name}: {column.name} can be null, so no page can begin after it")
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})
        taken = {"by", "of", "per"} & self.asked().keys() if self.grouped else set()
        if taken:  # a chart's own questions
            raise ValueError(f"{self.name}: {taken.pop()} cannot be asked of the rows, a chart asks it")

    @property
    def grouped(self) -> tuple[Column, ...]:
        """What its rows can be counted by."""
        return tuple(column for column in self.columns if column.is_grouped)

    def title_key(self) -> str:
        """Of the text that names the list."""
        feature, _, name = self.name.partition(".")
        return f"{feature}.lists.{name}"

    def header_key(self, column: str) -> str:
        """Of the text that names a column of it."""
        feature, _, name = self.name.partition(".")
        return f"{feature}.list.{name}.{column}"

    def word_key(self, column: Column) -> Callable[[str], str] | None:
        """Of the texts that say what stands in a column; None: it is no word for programs."""
        feature, _, name = self.name.partition(".")
        if column.key is None and column.choices:
            return lambda value: f"{feature}.choice.{name}.{column.name}.{value}"
        return column.key

    @property
    def camel(self) -> str:
        """What its schemas' names begin with."""
        return "".join(part.capitalize() for part in self.name.replace(".", "_").split("_"))

    def item(self) -> type[Out]:
        return Out.from_dict({c.name: c.out() for c in self.columns}, name=f"{self.camel}Item")  # type: ignore[return-value]

    def page(self) -> type[Out]:
        return Out.from_dict(  # type: ignore[return-value]
            {
                "items": fields.List(fields.Nested(self.item())),
                "next": fields.String(allow_none=True),
                "total": fields.Nested(Total),
            },
            name=f"{self.camel}Page",
        )

    def asked(self) -> dict[str, fields.Field[Any]]:
        """What a caller may ask of the rows, for pages and exports alike."""
        sorts = [f"{sign}{c.name}" for c in self.columns if c.sortable for sign in ("", "-")]
        found: dict[str, fields.Field[Any]] = {"sort": Choice(*sorts)}
        found |= {c.name: c.asked() for c in self.columns if c.filtered}
        if self.search:
            found["q"] = Words(most=100)
        if self.since is not None:
            found |= {"since": Moment(), "until": Moment()}
        return found | {name: make() for name, make in self.more.items()}

    def query(self) -> type[In]:
        limit = fields.Integer(
            strict=False, validate=validate.Range(1, MOST, error=Said("kit.invalid.limit", most=MOST))
        )
        return In.from_dict(  # type: ignore[return-value]
            {**self.asked(), "cursor": Words(most=1000), "limit": limit}, name=f"{self.camel}Query"
        )


def sql_type(expression: SQLColumnExpression[Any]) -> TypeEngine[Any]:
    return expression.label(None).type


def python_type(expression: SQLColumnExpression[Any]) -> type:
    return sql_type(expression).python_type


def _item_type(expression: SQLColumnExpression[Any]) -> type:
    kind = sql_type(expression)
    return kind.item_type.python_type if isinstance(kind, ARRAY) else str


def level_key(level: str) -> str:
    """Of the text that says a level of the tree."""
    return f"kit.group.level.{level}"
