"""What trees that join and part are sent, and what they answer."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.tenancy.models import SIDES, TRANSFER_STATES, TRANSFERS
from wuji.tenancy.schemas import Code, LevelIn, PlaceOut, reason
from wuji.tenancy.schemas.redrawing import ClassOut, CodesOut, LevelsOut, PlannedOut, ReversibleOut, SeenIn

STATES = (*TRANSFER_STATES, "expired")


class WantedIn(In):
    """Adopt: the root `subject` comes to stand below `parent`, as another level or with another code where that is said. Release:
    the tenant `subject` becomes a root. Tenants are named by their codes.
    """

    op = Choice(*TRANSFERS, required=True)
    subject = Code(least=4, most=18, required=True)
    parent = Code(least=4, most=18)
    level = LevelIn()
    code = Code(least=4, most=18)


class TransferIn(WantedIn, SeenIn):
    """What is put before the other side, with the fingerprint of the plan that was seen."""


class AgreeIn(In):
    """The fingerprint of the plan that this side saw."""

    fingerprint = Words(least=64, most=64, required=True)
    reason = reason()


class RootsOut(Out):
    now = fields.Nested(PlaceOut, allow_none=True)
    then = fields.Nested(PlaceOut, allow_none=True)


class ZonesOut(Out):
    """In which days and months are counted."""

    now = fields.String()
    then = fields.String()


class AboveOut(Out):
    """A tenant that comes to lie above what goes, or no longer does; `officials` of it begin or cease to see it (null: not told
    yet).
    """

    tenant = fields.Nested(PlaceOut, allow_none=True)
    officials = fields.Integer(allow_none=True)


class SaidAboveOut(Out):
    """A setting that a tenant above has made, which begins or ceases to count."""

    key = fields.String()
    mode = fields.String()
    tenant = fields.Nested(PlaceOut, allow_none=True)


class RoleAlongOut(Out):
    """A role of one's own: of a tree that is adopted it is given no more; a tree that leaves gets its own copy of those that are
    held there. `taken`: the other tree has one of that name.
    """

    name = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    taken = fields.Boolean()


class TransferPlanOut(PlannedOut):
    """What a transfer would change. Until the other side has asked, its numbers, settings and rules are not told, and
    `complete` is false.
    """

    op = Choice(*TRANSFERS)
    side = Choice(*SIDES)
    complete = fields.Boolean()
    subject = fields.Nested(PlaceOut)
    parent = fields.Nested(PlaceOut)
    root = fields.Nested(RootsOut)
    zone = fields.Nested(ZonesOut)
    level = fields.Nested(LevelsOut)
    code = fields.Nested(CodesOut)
    above = fields.List(fields.Nested(AboveOut))
    people = fields.List(fields.Nested(ClassOut))
    settings = fields.List(fields.Nested(SaidAboveOut))
    roles = fields.List(fields.Nested(RoleAlongOut))


class TransferOut(ReversibleOut):
    """A transfer as it is now. `side` asked, `mine` is the caller's (null: neither); `changed`: the plan is another than when
    it was asked for, so it has to be asked for anew. `undo_side` wants it taken back.
    """

    op = Choice(*TRANSFERS)
    state = Choice(*STATES)
    side = Choice(*SIDES)
    mine = Choice(*SIDES, allow_none=True)
    parent = fields.Nested(PlaceOut, allow_none=True)
    answer = fields.String()
    answered_at = fields.AwareDateTime(allow_none=True)
    plan = fields.Nested(TransferPlanOut, allow_none=True)
    changed = fields.Boolean()
    undo_side = Choice(*SIDES, allow_none=True)
    may_agree = fields.Boolean()
    may_decline = fields.Boolean()
    may_withdraw = fields.Boolean()
