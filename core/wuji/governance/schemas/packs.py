"""What is answered about packs."""

from marshmallow import fields

from wuji.kit.http.columns import Total
from wuji.kit.http.fields import Out


class PackJobOut(Out):
    """What is done, or was done last, with a pack: kind pack.compare or pack.apply; `outcome` says what would change, or has."""

    kind = fields.String()
    state = fields.String()
    progress = fields.Integer()
    problem = fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)
    outcome = fields.Dict(keys=fields.String(), allow_none=True)
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)


class PackOut(Out):
    """A pack that lies beside the program: the code and the name of its root, without a code where it cannot be read."""

    id = fields.String()
    code = fields.String(allow_none=True)
    name = fields.String()
    job = fields.Nested(PackJobOut, allow_none=True)


class PacksPage(Out):
    """All of them."""

    items = fields.List(fields.Nested(PackOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)
