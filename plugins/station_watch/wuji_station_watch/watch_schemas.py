"""How stations are, what is expected of them, alarms and rules: what is asked and answered."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from wuji.api.http import Choice, In, Out, Said, Words
from wuji_station_watch.alarm_models import ALARM_STATES, RULE_KINDS, RULED
from wuji_station_watch.models import SERVICES, STATION_KINDS, STATION_STATES
from wuji_station_watch.schemas import StationClosedOut, StationHoursOut, StationPlaceOut, Within

MOST_LIMIT = 100_000
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def amount() -> fields.Field[Any]:
    """A number that may be unknown."""
    return fields.Float(allow_none=True)


class OnQuery(In):
    """A day by the clock of the root; without one, today. It is shown beside the same of a week before."""

    on = fields.Date(
        validate=validate.Range(EARLIEST, LATEST, error=Said("station_watch.invalid.day", first=EARLIEST, last=LATEST))
    )


class StationOverviewOut(Out):
    """Sums of the stations in use, at the tenant and below; people and room only of those that are open now."""

    stations = fields.Integer()
    open = fields.Integer()
    present = fields.Integer()
    capacity = fields.Integer()
    share = fields.Integer(allow_none=True)
    entered_today = fields.Integer()
    over = fields.Integer()
    silent = fields.Integer()
    alarms = fields.Integer()
    as_of = fields.AwareDateTime(allow_none=True)


class StationNowOut(Out):
    state = Choice(*STATION_STATES)
    present = fields.Integer(allow_none=True)
    capacity = fields.Integer()
    share = fields.Integer(allow_none=True)
    entered_today = fields.Integer(allow_none=True)
    left_today = fields.Integer(allow_none=True)
    as_of = fields.AwareDateTime(allow_none=True)
    level = fields.Integer(allow_none=True)
    words = fields.String()
    open_now = fields.Boolean()
    closes_at = fields.AwareDateTime(allow_none=True)
    opens_at = fields.AwareDateTime(allow_none=True)
    closed_reason = fields.String()


class StationPointOut(Out):
    at = fields.AwareDateTime()
    present = fields.Float()


class StationSlotOut(StationPointOut):
    most = fields.Integer()
    entered = fields.Integer()
    left = fields.Integer()


class StationDayOut(Out):
    """In quarter hours; `last_week` at this day's times."""

    on = fields.Date()
    capacity = fields.Integer()
    hours = fields.List(fields.List(fields.String()))
    closed_reason = fields.String()
    slots = fields.List(fields.Nested(StationSlotOut))
    last_week = fields.List(fields.Nested(StationPointOut))


class StationExpectedOut(Out):
    """The band holds four of five."""

    at = fields.AwareDateTime()
    p50 = fields.Float()
    low = amount()
    high = amount()


class StationErrorsOut(Out):
    """mae: mean error in people over the last 28 days, naive_mae: of copying the week before, better: percent."""

    mae = amount()
    naive_mae = amount()
    better = fields.Integer(allow_none=True)
    samples = fields.Integer()


class StationCurveOut(StationErrorsOut):
    """All stations as if they were one; the forecast has been tried as such."""

    on = fields.Date()
    slots = fields.List(fields.Nested(StationPointOut))
    last_week = fields.List(fields.Nested(StationPointOut))
    forecast = fields.List(fields.Nested(StationExpectedOut))


class StationForecastOut(StationErrorsOut):
    """Of one station."""

    made_at = fields.AwareDateTime()
    slots = fields.List(fields.Nested(StationExpectedOut))
    peak = fields.Nested(StationPointOut, allow_none=True)


class StationHourOut(Out):
    hour = fields.Integer()
    present = amount()


class StationWeekdayOut(Out):
    weekday = fields.Integer()
    hours = fields.List(fields.Nested(StationHourOut))


class StationWeekOut(Out):
    """Mean people of the last eight weeks; empty until the first night."""

    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    capacity = fields.Integer()
    computed_at = fields.AwareDateTime(allow_none=True)
    days = fields.List(fields.Nested(StationWeekdayOut))


class StationUseOut(Out):
    """Hours are those of a week."""

    open_hours = amount()
    mean_share = amount()
    peak = fields.Integer(allow_none=True)
    peak_at = fields.AwareDateTime(allow_none=True)
    hours_over_80 = amount()
    hours_over_100 = amount()
    visits = amount()
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)


class StationChildOut(Out):
    code = fields.String()
    name = fields.String()
    level = fields.Integer()
    stations = fields.Integer()
    capacity = fields.Integer()
    present = fields.Integer()
    mean_share = amount()
    hours_over_80 = amount()
    visits = amount()


class StationComparisonOut(Out):
    """By code, which is no rank. Means of stations, weighted by their room and hours; visits a week."""

    children = fields.List(fields.Nested(StationChildOut))


class AlarmOut(Out):
    """taken_role: by language. Whoever may know names gets `taken_by`, everybody role and place."""

    id = fields.UUID()
    station_id = fields.UUID()
    station = fields.String()
    device = fields.String(allow_none=True)
    kind = Choice(*RULE_KINDS)
    measure = fields.String()
    bound = fields.Float()
    value = fields.Float()
    since = fields.AwareDateTime()
    opened_at = fields.AwareDateTime()
    state = Choice(*ALARM_STATES)
    told_name = fields.String()
    told_level = fields.Integer()
    taken_at = fields.AwareDateTime(allow_none=True)
    taken_role = fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)
    taken_name = fields.String(allow_none=True)
    taken_by = fields.String(allow_none=True)
    note = fields.String()
    result = fields.String()
    closed_at = fields.AwareDateTime(allow_none=True)
    by_itself = fields.Boolean()
    tenant = fields.String()
    tenant_name = fields.String()
    tenant_level = fields.Integer()


class AlarmTakeIn(In):
    note = Words(most=200, lines=True, load_default="")


class AlarmCloseIn(In):
    result = Words(least=2, most=500, lines=True, required=True)


class Limit(fields.Decimal):
    """A limit of a measure, with two places at most."""

    def __init__(self) -> None:
        bounds = validate.Range(-MOST_LIMIT, MOST_LIMIT)
        super().__init__(places=2, allow_nan=False, allow_none=True, validate=bounds)


class AlarmRuleIn(In):
    """kind silent: a device said nothing for so many minutes; full: so many percent of its room for so long; reading: a
    measure below `low` or above `high` for so long.
    """

    kind = Choice(*RULE_KINDS, required=True)
    measure = Choice(*RULED, allow_none=True)
    share = Within(10, 200, allow_none=True)
    low = Limit()
    high = Limit()
    minutes = Within(0, 1440, required=True)
    escalate_minutes = Within(1, 1440, allow_none=True)
    is_on = fields.Boolean()


class AlarmRuleChangeIn(AlarmRuleIn):
    """What is not named stays."""

    kind = Choice(*RULE_KINDS)
    minutes = Within(0, 1440)


class AlarmRuleOut(Out):
    id = fields.UUID()
    kind = Choice(*RULE_KINDS)
    measure = fields.String()
    share = fields.Integer(allow_none=True)
    low = amount()
    high = amount()
    minutes = fields.Integer()
    escalate_minutes = fields.Integer(allow_none=True)
    is_on = fields.Boolean()
    own = fields.Boolean()
    tenant = fields.Nested(StationPlaceOut)


class UsualHourOut(Out):
    hour = fields.Integer()
    level = fields.Integer(allow_none=True)


class UsualDayOut(Out):
    weekday = fields.Integer()
    hours = fields.List(fields.Nested(UsualHourOut))


class PublicStationOut(Out):
    """level: five steps, or nothing where it is closed or nobody knows; present only from ten people on."""

    id = fields.UUID()
    name = fields.String()
    kind = Choice(*STATION_KINDS)
    state = Choice(*STATION_STATES)
    address = fields.String()
    phone = fields.String()
    longitude = amount()
    latitude = amount()
    capacity = fields.Integer()
    services = fields.List(Choice(*SERVICES))
    hours = fields.Nested(StationHoursOut)
    closed_on = fields.List(fields.Nested(StationClosedOut))
    tenant = fields.Nested(StationPlaceOut)
    open_now = fields.Boolean()
    closes_at = fields.AwareDateTime(allow_none=True)
    opens_at = fields.AwareDateTime(allow_none=True)
    closed_reason = fields.String()
    level = fields.Integer(allow_none=True)
    present = fields.Integer(allow_none=True)
    words = fields.String()
    as_of = fields.AwareDateTime(allow_none=True)
    typical = fields.List(fields.Nested(UsualDayOut))
    best = fields.String()
