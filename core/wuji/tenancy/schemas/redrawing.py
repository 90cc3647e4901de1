"""What changes and transfers have in common: a plan says what moves, what was carried out can be taken back."""

from marshmallow import fields

from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.tenancy.schemas import LevelCountOut, PlaceOut, reason

WHYS = (
    "moved", "recoded", "code_taken", "parent_closed", "parent_below", "parent_level", "children", "new_child", "rows",
    "closed", "asker_gone",
)  # fmt: skip


class SeenIn(In):
    """The fingerprint of the plan that was seen, and why it is wanted."""

    fingerprint = Words(least=64, most=64, required=True)
    reason = reason(least=1)


class WhyIn(In):
    """Whoever declines, withdraws or takes back says why."""

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


class TableRowsOut(Out):
    table = fields.String()
    rows = fields.Integer()


class ClassOut(Out):
    """How many people of a class: 1 resident, 2 member, 3 official."""

    class_ = fields.Integer(data_key="class")
    people = fields.Integer()


class ShownOut(Out):
    """Rows that go out of a tenant's tree with what moves and that its people of a class still see (`out`), or that stay and are
    still seen by people of what moves (`in`): they are shown to those by name. Class 0 is everybody who looks at its portal.
    """

    tenant = fields.Nested(PlaceOut, allow_none=True)
    way = Choice("out", "in")
    class_ = fields.Integer(data_key="class")
    rows = fields.Integer()


class SilencedOut(Out):
    """A rule about a plugin whose setter will lie above no more: it stays, and says nothing. A tenant out of sight is null."""

    plugin_id = fields.String()
    rule = fields.String()
    tenant = fields.Nested(PlaceOut, allow_none=True)
    by = fields.Nested(PlaceOut, allow_none=True)


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


class OvertakenOut(Out):
    """A new code that led to another tenant, which had it once: addresses with it lead there no more."""

    code = fields.String()
    tenant = fields.Nested(PlaceOut)


class PlannedOut(Out):
    """What every plan says. Its fingerprint is of all of it but the numbers of rows and people."""

    tenants = fields.List(fields.Nested(LevelCountOut))
    rows = fields.List(fields.Nested(TableRowsOut))
    shown = fields.List(fields.Nested(ShownOut))
    overtaken = fields.List(fields.Nested(OvertakenOut))
    rules = fields.List(fields.Nested(SilencedOut))
    namesakes = fields.List(fields.Nested(PlaceOut))
    plugins = fields.List(fields.Nested(SwitchedOut))
    fingerprint = fields.String()


class StandingRowsOut(TableRowsOut):
    """`titles` are those of the first few, where rows of the table have any."""

    titles = fields.List(fields.String())


class ContradictionOut(Out):
    """Why something cannot be done or taken back, because of which tenant and, of its rows, because of which."""

    why = Choice(*WHYS)
    name = fields.String()
    code = fields.String(allow_none=True)
    rows = fields.List(fields.Nested(StandingRowsOut))


class LeftOut(ContradictionOut):
    """What taking a change back leaves as it is. Of a merge: what the other tenant has come to hold since (`added`), what lies at
    a third one by now (`elsewhere`), what is shown to others than was made of it (`shown`). Of a split: what is `closed`
    with the tenant that it made.
    """

    why = Choice("added", "elsewhere", "shown", "closed")


class ReversibleOut(Out):
    """What was carried out, or asked for. `by` is null where they are out of sight."""

    id = fields.UUID()
    subject = fields.Nested(PlaceOut, allow_none=True)
    reason = fields.String()
    by = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    undone_at = fields.AwareDateTime(allow_none=True)
    undo_reason = fields.String()
    version = fields.Integer()
    contradictions = fields.List(fields.Nested(ContradictionOut))
    may_undo = fields.Boolean()
