"""What is sent of stations, devices and readings, and what is answered."""

from collections.abc import Mapping
from datetime import date, time
from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from wuji.api.http import Choice, In, Moment, Out, Said, Whole, Words
from wuji_station_watch.models import (
    ALL_MEASURES,
    DEVICE_KINDS,
    DEVICE_STATES,
    MEASURES,
    SERVICES,
    STATION_KINDS,
    STATION_STATES,
)

MOST_SPANS, MOST_DAYS, BATCH = 4, 60, 1000
MAY = ("edit", "devices")


class Within(Whole):
    """A whole number of a range."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(metadata={"minimum": least, "maximum": most}, **options)
        self.least, self.most = least, most

    def _validated(self, value: Any) -> int:
        number = super()._validated(value)
        if not self.least <= number <= self.most:
            raise ValidationError(Said("station_watch.invalid.range", least=self.least, most=self.most))
        return number


class Degrees(fields.Float):
    """A longitude or latitude in decimal degrees (CGCS2000, WGS 84)."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(metadata={"minimum": -most, "maximum": most}, **options)
        self.most = most

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        number = super()._validated(value)
        if not -self.most <= number <= self.most:
            raise ValidationError(Said("station_watch.invalid.range", least=-self.most, most=self.most))
        return number


class Spans(fields.Field[list[list[str]]]):
    """When it is open on one weekday: [["08:00", "12:00"], ["14:00", "21:00"]], in order; "24:00" ends a day."""

    def __init__(self, **options: Any) -> None:
        pair = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
        super().__init__(metadata={"type": "array", "items": pair, "maxItems": MOST_SPANS}, **options)

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002 - marshmallow's signature
        **_kwargs: Any,
    ) -> list[list[str]]:
        if not isinstance(value, list) or len(value) > MOST_SPANS:
            raise ValidationError(Said("station_watch.invalid.spans", most=MOST_SPANS))
        times = [one for span in value for one in _pair(span)]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValidationError(Said("station_watch.invalid.order"))
        return [list(span) for span in value]


def _pair(span: Any) -> list[str]:
    if not isinstance(span, list) or len(span) != 2 or not all(_is_time(one) for one in span):  # noqa: PLR2004 - from, to
        raise ValidationError(Said("station_watch.invalid.span"))
    return list(span)


def _is_time(sent: Any) -> bool:
    if sent == "24:00":
        return True
    try:
        return isinstance(sent, str) and sent == f"{time.fromisoformat(sent):%H:%M}"
    except ValueError:
        return False


class Week(Schema):
    """A weekday without spans is a day off."""

    mon = Spans()
    tue = Spans()
    wed = Spans()
    thu = Spans()
    fri = Spans()
    sat = Spans()
    sun = Spans()


class StationHoursIn(Week, In):
    """When it is open, by weekday."""


class StationClosedIn(In):
    on = fields.Date(required=True)
    reason = Words(least=1, most=60, required=True)


class StationIn(In):
    """Any part of a station; what is not named stays as it is. A new one needs name, kind and capacity."""

    name = Words(least=2, most=60)
    kind = Choice(*STATION_KINDS)
    address = Words(most=120)
    phone = Words(most=30)
    longitude = Degrees(180, allow_none=True)
    latitude = Degrees(90, allow_none=True)
    capacity = Within(1, 100_000)
    services = fields.List(Choice(*SERVICES))
    hours = fields.Nested(StationHoursIn)
    closed_on = fields.List(fields.Nested(StationClosedIn))
    state = Choice(*STATION_STATES)
    public = fields.Boolean()

    @validates_schema
    def _belongs(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if ("longitude" in data) != ("latitude" in data) or (data.get("longitude") is None) != (
            data.get("latitude") is None
        ):
            raise ValidationError(Said("station_watch.invalid.place"), "latitude")
        days: list[date] = [one["on"] for one in data.get("closed_on", ())]
        if len(days) > MOST_DAYS or len(days) != len(set(days)):
            raise ValidationError(Said("station_watch.invalid.days", most=MOST_DAYS), "closed_on")


class StationHoursOut(Week, Out):
    """As they were sent, each weekday named."""


class StationClosedOut(Out):
    on = fields.Date()
    reason = fields.String()


class StationPlaceOut(Out):
    code = fields.String()
    name = fields.String()
    level = fields.Integer()


class StationOut(Out):
    """With its ETag. `may` names what whoever asks may do with it."""

    id = fields.UUID()
    name = fields.String()
    kind = Choice(*STATION_KINDS)
    address = fields.String()
    phone = fields.String()
    longitude = fields.Float(allow_none=True)
    latitude = fields.Float(allow_none=True)
    capacity = fields.Integer()
    services = fields.List(Choice(*SERVICES))
    hours = fields.Nested(StationHoursOut)
    closed_on = fields.List(fields.Nested(StationClosedOut))
    state = Choice(*STATION_STATES)
    public = fields.Boolean()
    tenant = fields.Nested(StationPlaceOut)
    may = fields.List(Choice(*MAY))
    created_at = fields.AwareDateTime()
    updated_at = fields.AwareDateTime()


class StationDeviceIn(In):
    """A device; which measures it has follows from its kind where they are not named."""

    name = Words(least=1, most=60, required=True)
    kind = Choice(*DEVICE_KINDS, required=True)
    measures = fields.List(Choice(*ALL_MEASURES))
    interval_seconds = Within(10, 3600, load_default=60)

    @validates_schema
    def _fits(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        fit = MEASURES[data["kind"]]
        if "measures" in data and (not data["measures"] or not set(data["measures"]) <= set(fit)):
            raise ValidationError(Said("station_watch.invalid.measures", measures=", ".join(fit)), "measures")


class StationDeviceChangeIn(In):
    name = Words(least=1, most=60)
    interval_seconds = Within(10, 3600)


class StationDeviceOut(Out):
    """With its ETag. `last_values` are the newest by measure; `skew_seconds` how far its clock goes ahead."""

    id = fields.UUID()
    station_id = fields.UUID()
    name = fields.String()
    kind = Choice(*DEVICE_KINDS)
    measures = fields.List(Choice(*ALL_MEASURES))
    interval_seconds = fields.Integer()
    state = Choice(*DEVICE_STATES)
    silent = fields.Boolean()
    registered_at = fields.AwareDateTime()
    revoked_at = fields.AwareDateTime(allow_none=True)
    last_at = fields.AwareDateTime(allow_none=True)
    last_received_at = fields.AwareDateTime(allow_none=True)
    last_values = fields.Dict(keys=fields.String(), values=fields.Float())
    skew_seconds = fields.Integer()
    gaps = fields.Integer()
    repeated = fields.Integer()
    conflicts = fields.Integer()
    rejected = fields.Integer()


class StationDevicesOut(Out):
    items = fields.List(fields.Nested(StationDeviceOut))


class StationDeviceSecretOut(Out):
    """The token is shown this once; it goes into `Authorization: Bearer …` of every push."""

    device = fields.Nested(StationDeviceOut)
    token = fields.String()
    push_path = fields.String()
    # of the token before this one, which still works until then
    old_until = fields.AwareDateTime(allow_none=True)


class StationReadingIn(In):
    """One number. What is wrong with one is answered by its place, and the others are kept."""

    measure = fields.Raw(allow_none=True)
    at = fields.Raw(allow_none=True)
    value = fields.Raw(allow_none=True)
    unit = fields.Raw(allow_none=True)

    error_messages = {**In.error_messages, "unknown": Said("station_watch.invalid.only_counts")}  # noqa: RUF012 - marshmallow's form


class StationReadingsIn(In):
    """At most a thousand readings of the device that sends them, and what time it has."""

    sent_at = Moment(required=True)
    readings = fields.List(fields.Nested(StationReadingIn), required=True)

    error_messages = {**In.error_messages, "unknown": Said("station_watch.invalid.only_counts")}  # noqa: RUF012 - marshmallow's form

    @validates_schema
    def _bounded(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not 1 <= len(data["readings"]) <= BATCH:
            raise ValidationError(Said("station_watch.invalid.batch", most=BATCH), "readings")


class StationRejectedOut(Out):
    index = fields.Integer()
    reason = fields.String()


class StationReadingsOut(Out):
    """`repeated` were known already; `conflicts` of them said something else, and the first stays."""

    accepted = fields.Integer()
    repeated = fields.Integer()
    conflicts = fields.Integer()
    rejected = fields.List(fields.Nested(StationRejectedOut))
    skew_seconds = fields.Integer()
