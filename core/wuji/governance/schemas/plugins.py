"""What is sent and answered about plugins and rules."""

from typing import get_args

from marshmallow import fields

from wuji.governance.resolution import WORDS, Verdict
from wuji.governance.standing import Cause
from wuji.kit.http.columns import Total
from wuji.kit.http.fields import Choice, In, Out, Whole, Words
from wuji.tenancy.schemas import PlaceOut, reason

CAUSES: tuple[str, ...] = get_args(Cause)
VERDICTS: tuple[str, ...] = get_args(Verdict)


class StageIn(In):
    """From a day on it reaches these children and everything below them; codes null: all that no stage names."""

    on = fields.Date(required=True)
    codes = fields.List(Words(least=1, most=32), allow_none=True, load_default=None)


class RuleIn(In):
    """`on` goes with `offer`: on or off here, those below choose. `stages` go with `require` and with `offer` switched on."""

    rule = Choice(*WORDS, required=True)
    on = fields.Boolean(allow_none=True)
    reason = reason()
    until = fields.Date(allow_none=True)
    stages = fields.List(fields.Nested(StageIn), allow_none=True)
    allows = fields.List(Words(least=1, most=60))


class DryRunQuery(In):
    dry_run = fields.Boolean()


class GridQuery(In):
    parent_id = Whole()
    cursor = Words(most=32)
    limit = Whole()


class SurfaceQuery(In):
    """Without a surface: the portal."""

    surface = Choice("portal", "console", "screen", "tv")


class SuspensionIn(In):
    """Whoever takes a plugin out of service says why."""

    reason = reason(least=1)


class StageOut(Out):
    on = fields.Date()
    tenants = fields.List(fields.Nested(PlaceOut), allow_none=True)


class SaidOut(Out):
    """What a rule says."""

    rule = Choice(*WORDS, allow_none=True)
    on = fields.Boolean(allow_none=True)
    reason = fields.String()
    until = fields.Date(allow_none=True)
    stages = fields.List(fields.Nested(StageOut), allow_none=True)
    paused_at = fields.AwareDateTime(allow_none=True)
    allows = fields.List(fields.String())
    at = fields.AwareDateTime(allow_none=True)


class OwnRuleOut(SaidOut):
    """What the acting tenant itself says at the place."""

    version = fields.Integer()


class PluginRungOut(SaidOut):
    """One tenant on the way down, what `by` says of it, what became of that, and the same in a sentence."""

    tenant = fields.Nested(PlaceOut)
    by = fields.Nested(PlaceOut, allow_none=True)
    verdict = Choice(*VERDICTS)
    sentence = fields.String()


class SensitiveOut(Out):
    id = fields.String()
    name = fields.String()
    allowed = fields.Boolean()


class PluginOut(Out):
    """A plugin as it stands at a place. `rule` is the word in force, `inherited` whether it was said further up."""

    id = fields.String()
    version = fields.String()
    name = fields.String()
    about = fields.String()
    levels = fields.List(fields.String())
    needs = fields.List(fields.String())
    sensitive = fields.List(fields.Nested(SensitiveOut))
    active = fields.Boolean()
    cause = Choice(*CAUSES)
    rule = Choice(*WORDS)
    on = fields.Boolean()
    inherited = fields.Boolean()
    sentence = fields.String()
    own = fields.Nested(OwnRuleOut, allow_none=True)
    bound_by = fields.Nested(PlaceOut, allow_none=True)
    may_change = fields.Boolean()


class ExplainedPluginOut(PluginOut):
    """`ladder` goes from the root down to the place."""

    ladder = fields.List(fields.Nested(PluginRungOut))


class PluginsPage(Out):
    """All of them: there are few."""

    items = fields.List(fields.Nested(PluginOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)


class LevelEffectOut(Out):
    level = fields.Integer()
    on = fields.Integer()
    off = fields.Integer()


class EffectOut(Out):
    """At how many tenants a plugin becomes active, and at how many it stops being so."""

    plugin_id = fields.String()
    name = fields.String()
    on = fields.Integer()
    off = fields.Integer()
    levels = fields.List(fields.Nested(LevelEffectOut))


class RuleChangeOut(Out):
    """What a change switched; with dry_run what it would switch, and nothing was written."""

    dry_run = fields.Boolean()
    effects = fields.List(fields.Nested(EffectOut))
    plugin = fields.Nested(ExplainedPluginOut)


class GridTenantOut(PlaceOut):
    id = fields.Integer()
    children = fields.Integer(allow_none=True)


class CellOut(Out):
    plugin_id = fields.String()
    active = fields.Boolean()
    cause = Choice(*CAUSES)
    rule = Choice(*WORDS)
    on = fields.Boolean()
    inherited = fields.Boolean()
    staged = fields.Boolean()


class GridRowOut(Out):
    """`self`: the tenant itself, first on the first page; the others stand right below it."""

    tenant = fields.Nested(GridTenantOut)
    self = fields.Boolean()
    cells = fields.List(fields.Nested(CellOut))


class GridPage(Out):
    items = fields.List(fields.Nested(GridRowOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)


class UiPageOut(Out):
    path = fields.String()
    component = fields.String()
    title = fields.String()
    permission = fields.String(allow_none=True)


class UiMenuOut(Out):
    group = fields.String()
    label = fields.String()
    icon = fields.String()
    path = fields.String()
    order = fields.Integer()
    permission = fields.String(allow_none=True)


class UiSlotOut(Out):
    name = fields.String()
    component = fields.String()
    order = fields.Integer()
    permission = fields.String(allow_none=True)


class UiOut(Out):
    """What one plugin adds to the front end: where its module, styles and texts lie, and what of them stands where."""

    id = fields.String()
    version = fields.String()
    sdk = fields.String()
    module = fields.String()
    styles = fields.List(fields.String())
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    pages = fields.List(fields.Nested(UiPageOut))
    menus = fields.List(fields.Nested(UiMenuOut))
    slots = fields.List(fields.Nested(UiSlotOut))


class UisOut(Out):
    items = fields.List(fields.Nested(UiOut))


class QuarantineOut(Out):
    cause = fields.String()
    detail = fields.String()


class FaultNoteOut(Out):
    hook = fields.String()
    said = fields.String()
    at = fields.AwareDateTime()


class OperatedPluginOut(Out):
    """A plugin as the operator sees it. `absent`: installed, but not found on this machine."""

    id = fields.String()
    name = fields.String()
    about = fields.String()
    version = fields.String(allow_none=True)
    installed_version = fields.String(allow_none=True)
    revision = fields.String(allow_none=True)
    state = Choice("active", "suspended", "quarantined", "absent")
    reason = fields.String()
    quarantine = fields.Nested(QuarantineOut, allow_none=True)
    fault = fields.Nested(FaultNoteOut, allow_none=True)


class OperatedPluginsPage(Out):
    """All of them: there are few."""

    items = fields.List(fields.Nested(OperatedPluginOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(Total)
