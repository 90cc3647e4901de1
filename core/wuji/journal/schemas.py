"""What the operator asks of consumers, and what they answer."""

from marshmallow import fields

from wuji.kit.http.columns import Total
from wuji.kit.http.fields import Choice, In, Moment, Out, Words


class ReplayIn(In):
    """From the first record that is as young as this on; null: from the very first."""

    since = Moment(allow_none=True, required=True)


class PoisonRetryIn(In):
    """A consumer's name."""

    consumer = Words(least=1, most=100, required=True)


class ConsumerOut(Out):
    """How far it has come. `unread` and `lag_seconds`, the age of the oldest, are of its kinds; all kinds where it names none.
    `set_aside`: records that it failed on. Those that run as `chore` are neither paused nor set back.
    """

    name = fields.String()
    title = fields.String()
    owner = fields.String()
    kinds = fields.List(fields.String())
    runs = Choice("relay", "job", "chore")
    paused = fields.Boolean()
    unread = fields.Nested(Total)
    lag_seconds = fields.Float(allow_none=True)
    fault = fields.String(allow_none=True)
    fault_at = fields.AwareDateTime(allow_none=True)
    moved_at = fields.AwareDateTime()
    set_aside = fields.Integer()


class ConsumersPage(Out):
    """All of them, by name."""

    items = fields.List(fields.Nested(ConsumerOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)


class AskedOut(Out):
    """How many records will be told again."""

    asked = fields.Integer()
