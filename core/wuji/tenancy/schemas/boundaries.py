"""What outlines are sent as, and what maps answer."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.tenancy.models import FRAMES
from wuji.tenancy.schemas import PlaceOut

APPROVED = 100


class BoundaryIn(In):
    """`geojson`: a Polygon or MultiPolygon, alone or as a Feature. `frame`: in which coordinates; `plan` are metres of a drawing.
    `approved`: the approval number of the map (审图号), empty for a sketch.
    """

    geojson = fields.Dict(required=True)
    frame = Choice(*FRAMES, required=True)
    approved = Words(most=APPROVED, load_default="")


class BoundaryOut(Out):
    """An outline; all null and version 0 where there is none."""

    geometry = fields.Dict(allow_none=True)
    bbox = fields.List(fields.Float(), allow_none=True)
    centre = fields.List(fields.Float(), allow_none=True)
    frame = Choice(*FRAMES, allow_none=True)
    approved = fields.String()
    version = fields.Integer()


class MapPropertiesOut(PlaceOut):
    """`centre` is where a name stands."""

    centre = fields.List(fields.Float())


class MapFeatureOut(Out):
    """`id` is the code."""

    type = Choice("Feature")
    id = fields.String()
    properties = fields.Nested(MapPropertiesOut)
    geometry = fields.Dict()


class MapOut(Out):
    """Tenants right below, by code, with simplified outlines, as GeoJSON. All in one `frame`, that of most; `missing` have none,
    or one in another frame. `approved` are the approval numbers; empty where any outline is a sketch.
    """

    type = Choice("FeatureCollection")
    features = fields.List(fields.Nested(MapFeatureOut))
    frame = Choice(*FRAMES, allow_none=True)
    approved = fields.String()
    missing = fields.List(fields.Nested(PlaceOut))


class BoundaryImportQuery(In):
    """With `replace`, tenants that have an outline get the new one."""

    frame = Choice(*FRAMES, required=True)
    approved = Words(most=APPROVED, load_default="")
    replace = fields.Boolean(load_default=False)


class UnmatchedOut(Out):
    """A feature that belongs to no tenant; `index` is its place in the file."""

    index = fields.Integer()
    code = fields.String()
    name = fields.String()


class BoundaryImportOut(Out):
    """`put` have the outline of the file now, `kept` had one before; `missing` are tenants right below that still have none."""

    put = fields.List(fields.Nested(PlaceOut))
    kept = fields.List(fields.Nested(PlaceOut))
    unmatched = fields.List(fields.Nested(UnmatchedOut))
    missing = fields.List(fields.Nested(PlaceOut))
