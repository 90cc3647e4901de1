"""What plugins have to show, as it is answered."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, Out


class CardRowOut(Out):
    title = fields.String()
    text = fields.String()
    note = fields.String()
    path = fields.String(allow_none=True)
    icon = fields.String(allow_none=True)
    lang = fields.String()
    tone = Choice("", "warn", "bad")


class CurveLineOut(Out):
    title = fields.String()
    values = fields.List(fields.Float(allow_none=True))
    look = Choice("", "forecast", "earlier")
    low = fields.List(fields.Float(allow_none=True))
    high = fields.List(fields.Float(allow_none=True))


class CurveOut(Out):
    labels = fields.List(fields.String())
    lines = fields.List(fields.Nested(CurveLineOut))
    unit = fields.String()
    now = fields.Integer(allow_none=True)
    every = fields.Integer()


class CardOut(Out):
    """A card of a plugin; paths lie below x/<plugin>/."""

    plugin = fields.String()
    name = fields.String()
    place = Choice("head", "main", "side")
    title = fields.String()
    text = fields.String()
    note = fields.String()
    rows = fields.List(fields.Nested(CardRowOut))
    empty = fields.String()
    more = fields.String()
    path = fields.String(allow_none=True)
    order = fields.Integer()
    curve = fields.Nested(CurveOut, allow_none=True)
    live = fields.String()
    picture = fields.String(allow_none=True)
    icon = fields.String(allow_none=True)


class CardsOut(Out):
    """`failed`: plugins that are active here and could not say what they have to show."""

    items = fields.List(fields.Nested(CardOut))
    failed = fields.List(fields.String())
