"""What is asked of an export, and what a job answers."""

from marshmallow import fields

from wuji.kit.http.columns import Total
from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.work.lists import SHOWN

FORMATS = ("csv", "xlsx")


class ExportIn(In):
    """A list by its name, e.g. tenancy.tenants; `filters` is what that list takes as a query, its order included."""

    list = Words(least=1, most=100, required=True)
    format = Choice(*FORMATS, required=True)
    filters = fields.Dict(keys=fields.String(), load_default=dict)


class OwnExportIn(ExportIn):
    """A list that stands at no tenant, e.g. tenancy.roots for the operator, journal.own_records for everybody."""


class WhyOut(Out):
    """What kept a job from being done, in the reader's words."""

    title = fields.String()
    detail = fields.String()


class JobOut(Out):
    """A job of the account that asks. Its file lies at …/file until it expires. `problem` is also what the last attempt met
    that will be made again at `next_at`.
    """

    id = fields.UUID()
    kind = fields.String()
    title = fields.String()
    state = Choice(*SHOWN)
    progress = fields.Integer()
    cancel_asked = fields.Boolean()
    attempts = fields.Integer()
    next_at = fields.AwareDateTime(allow_none=True)
    fault = fields.String(allow_none=True)
    problem = fields.Nested(WhyOut, allow_none=True)
    tenant_code = fields.String(allow_none=True)
    tenant_name = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)
    file_name = fields.String(allow_none=True)
    file_size = fields.Integer(allow_none=True)
    file_expires_at = fields.AwareDateTime(allow_none=True)


class JobsPage(Out):
    """Jobs of the account that asks, newest first."""

    items = fields.List(fields.Nested(JobOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)


class ScheduleOut(Out):
    """A schedule of the deployment: `next_at` is the earliest of all roots, none while it is paused."""

    id = fields.String()
    owner = fields.String()
    title = fields.String()
    cron = fields.String()
    task = fields.String()
    missed = Choice("skip", "once", "all")
    paused = fields.Boolean()
    per_root = fields.Boolean()
    runs = fields.Integer()
    last_at = fields.AwareDateTime(allow_none=True)
    next_at = fields.AwareDateTime(allow_none=True)


class SchedulesPage(Out):
    """All of them."""

    items = fields.List(fields.Nested(ScheduleOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)
