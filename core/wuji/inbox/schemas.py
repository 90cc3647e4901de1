"""What is asked of the inbox, and what it answers."""

from typing import Any

from marshmallow import fields

from wuji.inbox.services.choosing import TIMINGS
from wuji.kit.http.columns import Total
from wuji.kit.http.fields import Choice, In, Moment, Out, Said, Words


class Hour(fields.Time):
    """A time of day as HH:MM."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", metadata={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, **options)
        self.error_messages = {**self.error_messages, "invalid": Said("inbox.invalid.hour")}


class HappenedAtOut(Out):
    """A tenant, as it is called now."""

    code = fields.String()
    name = fields.String()


class NotificationOut(Out):
    """What somebody was told, in the reader's language; `path` leads to what it is about, empty where nothing does."""

    id = fields.UUID()
    topic = fields.String()
    title = fields.String()
    body = fields.String()
    path = fields.String()
    tenant = fields.Nested(HappenedAtOut, allow_none=True)
    created_at = fields.AwareDateTime()
    read_at = fields.AwareDateTime(allow_none=True)


class NotificationsOut(Out):
    """One page, the newest first."""

    items = fields.List(fields.Nested(NotificationOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)


class ReadUntilIn(In):
    """`until`: created_at of the newest one that was on the screen."""

    until = Moment(required=True)


class ReadOut(Out):
    """How many were not read before."""

    read = fields.Integer()


class QuietIn(In):
    """From when until when nothing goes out, also across midnight."""

    from_ = Hour(required=True, data_key="from")
    until = Hour(required=True)


class QuietOut(Out):
    """The same, as HH:MM."""

    from_ = fields.String(data_key="from")
    until = fields.String()


class ChoicesIn(In):
    """All that somebody has chosen. `chosen`: {topic: {channel: timing}}, what is not there follows what is usual."""

    chosen = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=Choice(*TIMINGS)), required=True
    )
    quiet = fields.Nested(QuietIn, required=True, allow_none=True)
    digest_at = Hour(required=True)
    zone = Words(most=64, required=True, allow_none=True)


class TopicChoiceOut(Out):
    """A topic; `timings` what holds by channel, `chosen` the part of it that the person chose."""

    topic = fields.String()
    label = fields.String()
    timings = fields.Dict(keys=fields.String(), values=Choice(*TIMINGS))
    chosen = fields.Dict(keys=fields.String(), values=Choice(*TIMINGS))


class ChannelOut(Out):
    """A way to be reached; not `ready`: no address of it is verified yet."""

    channel = fields.String()
    label = fields.String()
    ready = fields.Boolean()
    timings = fields.List(Choice(*TIMINGS))


class ChoicesOut(Out):
    """Everything that can be chosen, as it stands. `zone` null: that of the place that something comes from."""

    topics = fields.List(fields.Nested(TopicChoiceOut))
    channels = fields.List(fields.Nested(ChannelOut))
    quiet = fields.Nested(QuietOut, allow_none=True)
    digest_at = fields.String()
    zone = fields.String(allow_none=True)


class AddressIn(In):
    """Where one of the channels reaches the person."""

    channel = Words(least=1, most=100, required=True)
    address = Words(least=1, most=2000, required=True)


class VerificationIn(In):
    """The six digits that were sent."""

    code = Words(least=6, most=6, required=True)


class AddressOut(Out):
    """An address of the person's own. `refused`: the other side takes nothing more, `fault` says in its words why."""

    id = fields.UUID()
    channel = fields.String()
    address = fields.String()
    state = Choice("unverified", "verified", "refused")
    fault = fields.String()
    created_at = fields.AwareDateTime()
    verified_at = fields.AwareDateTime(allow_none=True)


class NewAddressOut(AddressOut):
    """`secret` signs what a webhook gets (Standard Webhooks) and is shown this once; empty for other channels."""

    secret = fields.String()


class AddressesOut(Out):
    """Few enough for one answer."""

    items = fields.List(fields.Nested(AddressOut))
