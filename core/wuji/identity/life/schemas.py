"""What the life of an account is sent, and answers."""

from marshmallow import fields

from wuji.identity.schemas import Login, OwnGrantOut
from wuji.kit.http.fields import In, Out, Whole, Words


class ConsentIn(In):
    """`edition`: of the text that the person was shown."""

    purpose = Words(least=1, most=64, required=True)
    edition = Whole(required=True)


class ClosureIn(In):
    """One's own login, so that nobody ends the wrong account by a slip."""

    login = Login(most=100, required=True)


class ClosureOut(Out):
    """`due_at`: when it ends, unless that is taken back. `offices`: roles to hand over first."""

    asked_at = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    offices = fields.List(fields.Nested(OwnGrantOut))


class MergeIn(In):
    code = Words(least=1, most=40, required=True)


class MergeCodeOut(Out):
    """Shown this once; to be typed into the account that goes."""

    code = fields.String()
    expires_at = fields.AwareDateTime()


class MergeIntoOut(Out):
    login = fields.String()
    name = fields.String()


class MergeGrantOut(Out):
    """`held`: the account that stays has the same already."""

    code = fields.String(allow_none=True)
    place = fields.String(allow_none=True)
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    held = fields.Boolean()


class MergeRowsOut(Out):
    title = fields.String()
    count = fields.Integer()


class MergePreviewOut(Out):
    """What goes along to which account."""

    into = fields.Nested(MergeIntoOut)
    grants = fields.List(fields.Nested(MergeGrantOut))
    rows = fields.List(fields.Nested(MergeRowsOut))


class PurposeOut(Out):
    """What is agreed to, in the reader's language."""

    purpose = fields.String()
    edition = fields.Integer()
    title = fields.String()
    text = fields.String()


class ConsentOut(PurposeOut):
    given_at = fields.AwareDateTime()
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    due = fields.Boolean()


class ConsentsOut(Out):
    """`asked`: what there is to agree to now."""

    items = fields.List(fields.Nested(ConsentOut))
    asked = fields.List(fields.Nested(PurposeOut))
