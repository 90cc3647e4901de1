"""What redrawing the tree is sent, and what it answers."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Whole, Words
from wuji.tenancy.models import CHANGE_STATES, OPS
from wuji.tenancy.schemas import Code, LevelIn, PlaceOut
from wuji.tenancy.schemas.redrawing import ClassOut, CodesOut, LeftOut, LevelsOut, PlannedOut, ReversibleOut, SeenIn

BIG = 2**31 - 1


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


class TenantChangeIn(WishIn, SeenIn):
    """What was planned, with the fingerprint of the plan that was seen."""


class StepOut(Out):
    """One tenant with all below it."""

    tenant = fields.Nested(PlaceOut)
    from_ = fields.Nested(PlaceOut, data_key="from")
    to = fields.Nested(PlaceOut)
    level = fields.Nested(LevelsOut)
    code = fields.Nested(CodesOut)


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


class AudienceOut(ClassOut):
    """People who leave or join those whom a tenant's rows are shown to."""

    tenant = fields.Nested(PlaceOut)
    change = Choice("leaves", "joins")


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


class PlanOut(PlannedOut):
    """What a change would change."""

    op = Choice(*OPS)
    steps = fields.List(fields.Nested(StepOut))
    absorbed = fields.Nested(AbsorbedOut, allow_none=True)
    absorbed_rows = fields.List(fields.Nested(AbsorbedRowsOut))
    redirects = fields.List(fields.Nested(RedirectOut))
    sight = fields.List(fields.Nested(SightOut))
    audiences = fields.List(fields.Nested(AudienceOut))


class TenantChangeOut(ReversibleOut):
    """A change that was carried out, as it was planned, and what is left of the way back. `left` is what taking it back would
    leave as it is, said as long as nothing contradicts that; then what it has left.
    """

    op = Choice(*OPS)
    state = Choice(*CHANGE_STATES)
    plan = fields.Nested(PlanOut)
    left = fields.List(fields.Nested(LeftOut))
