"""What redrawing the tree is sent, and what it answers."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Whole, Words
from wuji.tenancy.models import CHANGE_STATES, OPS
from wuji.tenancy.schemas import Code, LevelCountOut, LevelIn, PlaceOut, reason

MOST = 200
BIG = 2**31 - 1
WHYS = (
    "moved", "recoded", "code_taken", "parent_closed", "parent_below", "parent_level", "children", "new_child", "rows",
    "closed", "asker_gone",
)  # fmt: skip


class WishIn(In):
    """A move takes a parent, and a level where a level is skipped; a new level takes a level; both may take a new code, and
    a territory of another level must. A merge takes the parent that a tenant becomes part of; dissolved, it becomes part of
    its own. A split takes the children that go, and name and code of the tenant they go to.
    """

    op = Choice(*OPS, required=True)
    tenant_id = Whole(required=True, metadata={"minimum": 1, "maximum": BIG})
    parent_id = Whole(metadata={"minimum": 1, "maximum": BIG})
    level = LevelIn()
    code = Code(least=4, most=18)
    name = Words(least=1, most=100)
    children = fields.List(Whole())


class TenantChangeIn(WishIn):
    """What was planned, with the fingerprint of the plan that was seen."""

    fingerprint = Words(least=64, most=64, required=True)
    reason = reason(least=1)


class UndoIn(In):
    """Whoever takes a change back says why."""

    reason = reason(least=1)


class LevelsOut(Out):
    now = fields.Integer()
    then = fields.Integer()


class CodesOut(Out):
    """`prefix` is the code of the nearest territory above, `fits` whether the code then begins with it."""

    now = fields.String()
    then = fields.String()
    prefix = fields.String(allow_none=True)
    fits = fields.Boolean()


class StepOut(Out):
    """One tenant with all below it."""

    tenant = fields.Nested(PlaceOut)
    from_ = fields.Nested(PlaceOut, data_key="from")
    to = fields.Nested(PlaceOut)
    level = fields.Nested(LevelsOut)
    code = fields.Nested(CodesOut)


class TableRowsOut(Out):
    table = fields.String()
    rows = fields.Integer()


class HeldOut(Out):
    """A grant that reaches a subtree; `label` and `labels` say its role, as they do in lists of grants."""

    id = fields.UUID()
    account_name = fields.String()
    role = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())


class SightOut(Out):
    """Officials of a tenant whose range loses or gains what is moved."""

    tenant = fields.Nested(PlaceOut)
    change = Choice("loses", "gains")
    grants = fields.List(fields.Nested(HeldOut))


class AudienceOut(Out):
    """How many people of a class (1 resident, 2 member, 3 official) leave or join those whom a tenant's rows are shown to."""

    tenant = fields.Nested(PlaceOut)
    change = Choice("leaves", "joins")
    class_ = fields.Integer(data_key="class")
    people = fields.Integer()


class SilencedOut(Out):
    """A rule about a plugin whose setter will lie above no more: it stays, and says nothing."""

    plugin_id = fields.String()
    rule = fields.String()
    tenant = fields.Nested(PlaceOut)
    by = fields.Nested(PlaceOut)


class SwitchedLevelOut(Out):
    level = fields.Integer()
    on = fields.Integer()
    off = fields.Integer()


class SwitchedOut(Out):
    """At how many tenants a plugin becomes active, and stops being so."""

    plugin_id = fields.String()
    name = fields.String()
    on = fields.Integer()
    off = fields.Integer()
    levels = fields.List(fields.Nested(SwitchedLevelOut))


class RedirectOut(Out):
    """Addresses with the old code lead to the new one."""

    old = fields.String()
    new = fields.String()


class AbsorbedOut(Out):
    """A tenant that closes, whom it becomes part of, and who holds what at it: they will hold it at the other."""

    tenant = fields.Nested(PlaceOut)
    into = fields.Nested(PlaceOut)
    grants = fields.List(fields.Nested(HeldOut))


class AbsorbedRowsOut(Out):
    """Rows of a table that become the other tenant's, and rows that stay because it has such a one."""

    table = fields.String()
    goes = fields.Integer()
    stays = fields.Integer()


class PlanOut(Out):
    """What a change would change. The fingerprint is of all of it but the numbers of rows and people."""

    op = Choice(*OPS)
    steps = fields.List(fields.Nested(StepOut))
    absorbed = fields.Nested(AbsorbedOut, allow_none=True)
    absorbed_rows = fields.List(fields.Nested(AbsorbedRowsOut))
    redirects = fields.List(fields.Nested(RedirectOut))
    tenants = fields.List(fields.Nested(LevelCountOut))
    sight = fields.List(fields.Nested(SightOut))
    rules = fields.List(fields.Nested(SilencedOut))
    namesakes = fields.List(fields.Nested(PlaceOut))
    rows = fields.List(fields.Nested(TableRowsOut))
    audiences = fields.List(fields.Nested(AudienceOut))
    plugins = fields.List(fields.Nested(SwitchedOut))
    fingerprint = fields.String()


class ContradictionOut(Out):
    """Why a change cannot be taken back, and because of which tenant."""

    why = Choice(*WHYS)
    name = fields.String()
    code = fields.String(allow_none=True)


class TenantChangeOut(Out):
    """A change that was carried out, as it was planned, and what is left of the way back. `by` is null where they are
    out of sight.
    """

    id = fields.UUID()
    op = Choice(*OPS)
    state = Choice(*CHANGE_STATES)
    subject = fields.Nested(PlaceOut, allow_none=True)
    reason = fields.String()
    by = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    undone_at = fields.AwareDateTime(allow_none=True)
    undo_reason = fields.String()
    version = fields.Integer()
    plan = fields.Nested(PlanOut)
    contradictions = fields.List(fields.Nested(ContradictionOut))
    may_undo = fields.Boolean()
