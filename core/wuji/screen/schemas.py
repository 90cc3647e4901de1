"""What the screen answers."""

from marshmallow import fields

from wuji.kit.http.fields import Out
from wuji.tenancy.schemas import LevelCountOut, PlaceOut


class HappeningOut(Out):
    """One thing that everybody may know of, in the reader's language."""

    id = fields.UUID()
    at = fields.AwareDateTime()
    text = fields.String()
    tenant = fields.Nested(PlaceOut)


class ScreenOut(Out):
    """What stands around the figures. `below` counts active tenants by level, `figures` are the chosen ones that are counted
    here, `today` is the day at the root.
    """

    tenant = fields.Nested(PlaceOut)
    below = fields.List(fields.Nested(LevelCountOut))
    zone = fields.String()
    today = fields.Date()
    figures = fields.List(fields.String())
    happenings = fields.List(fields.Nested(HappeningOut))
