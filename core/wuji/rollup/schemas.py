"""What figures are asked, and what they answer."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from wuji.kit.http.fields import Choice, In, Out, Said
from wuji.rollup.models import MEASURES, PERIODS
from wuji.tenancy.schemas import TotalOut

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def period(**options: Any) -> Choice:
    return Choice(*PERIODS, **options)


def day(**options: Any) -> fields.Date:
    """One of which there is also a day before and a year earlier."""
    return fields.Date(
        validate=validate.Range(EARLIEST, LATEST, error=Said("rollup.invalid.day", first=EARLIEST, last=LATEST)),
        **options,
    )


class ValuesQuery(In):
    """The period that a day lies in; without one today's. `as_of`: by the tree of that day."""

    period = period(load_default="month")
    on = day()
    as_of = day()


class SpanQuery(In):
    """Every period from that of one day to that of another. `as_of`: by the tree of that day; what begins later is null."""

    period = period(load_default="month")
    first = day(required=True)
    last = day(required=True)
    as_of = day()


class ChildrenQuery(SpanQuery):
    """`together`: one number of the whole span. Not of figures that are about people, or count each person once."""

    together = fields.Boolean(load_default=False)


class FigureCellOut(Out):
    """One number. Null where it is withheld, because it would say something of a few people, and where nobody knows it; `n` is
    how many facts it comes from.
    """

    value = fields.Float(allow_none=True)
    withheld = fields.Boolean()
    n = fields.Integer(allow_none=True)


class FigureOut(Out):
    """What is counted, in the reader's language. `share`: shown in hundredths. `target`: what a ratio is held against.
    `counted_at`: everything up to then is in it; null while it is being counted for the first time. `card`: its place among
    those on the first page, which the tenant chooses; null: it does not stand there.
    """

    name = fields.String()
    plugin = fields.String()
    plugin_name = fields.String()
    title = fields.String()
    unit = fields.String()
    measure = Choice(*MEASURES)
    better = Choice("up", "down", "none")
    decimals = fields.Integer()
    share = fields.Boolean()
    people = fields.Boolean()
    target = fields.Float(allow_none=True)
    counted_at = fields.AwareDateTime(allow_none=True)
    card = fields.Integer(allow_none=True)


class FiguresPage(Out):
    """All of them at once."""

    items = fields.List(fields.Nested(FigureOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(TotalOut)


class FigureDatedOut(FigureCellOut):
    starts_on = fields.Date()


class FigureValueOut(Out):
    """One figure with what it is compared with."""

    figure = fields.String()
    now = fields.Nested(FigureDatedOut)
    before = fields.Nested(FigureDatedOut)
    year_ago = fields.Nested(FigureDatedOut)


class FigureValuesOut(Out):
    """`complete`: the period has ended."""

    period = period()
    starts_on = fields.Date()
    complete = fields.Boolean()
    items = fields.List(fields.Nested(FigureValueOut))


class FigureSeriesOut(Out):
    """Cells in the order of `starts`."""

    figure = fields.String()
    period = period()
    starts = fields.List(fields.Date())
    cells = fields.List(fields.Nested(FigureCellOut))


class FigureTenantOut(Out):
    """A tenant right below; `children`: how many it has itself."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    level = fields.Integer()
    state = fields.String()
    children = fields.Integer()


class FigureChildOut(Out):
    tenant = fields.Nested(FigureTenantOut)
    cells = fields.List(fields.Nested(FigureCellOut))


class FigureChildrenOut(FigureSeriesOut):
    """`cells` are of the acting tenant as a whole, `rest` of what lies below none of the others: null where persons are counted
    once.
    """

    rest = fields.List(fields.Nested(FigureCellOut), allow_none=True)
    items = fields.List(fields.Nested(FigureChildOut))
