"""What is asked of an export, and what a job answers."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.work.models import STATES

FORMATS = ("csv", "xlsx")


class ExportIn(In):
    """A list by its name, e.g. tenancy.tenants; `filters` is what that list takes as a query, its order included."""

    list = Words(least=1, most=100, required=True)
    format = Choice(*FORMATS, required=True)
    filters = fields.Dict(keys=fields.String(), load_default=dict)


class OwnExportIn(ExportIn):
    """A list that stands at no tenant, e.g. tenancy.roots for the operator, journal.own_records for everybody."""


class JobOut(Out):
    """A job of the account that asks. Its file lies at …/file until it expires."""

    id = fields.UUID()
    kind = fields.String()
    state = Choice(*STATES)
    progress = fields.Integer()
    fault = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)
    file_name = fields.String(allow_none=True)
    file_size = fields.Integer(allow_none=True)
    file_expires_at = fields.AwareDateTime(allow_none=True)
