"""What tenancy is sent, and what it answers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from wuji.kit.http.fields import CODE, Choice, In, Out, Said, Whole, Words
from wuji.kit.setting import MODES
from wuji.tenancy.models import CATEGORIES, STATES

REASON = 500


class Code(Words):
    """A division code or 统一社会信用代码 as people type it; letters of the latter are capital."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs).upper()
        if not CODE.fullmatch(code):
            raise ValidationError(Said("tenancy.invalid.code"))
        return code


class LevelIn(Whole):
    """1 city, 2 district, 3 street, 4 community, 5 grid."""

    def __init__(self) -> None:
        super().__init__(metadata={"minimum": 1, "maximum": 5})

    def _validated(self, value: Any) -> int:
        level = super()._validated(value)
        if not 1 <= level <= 5:  # noqa: PLR2004 - the five levels
            raise ValidationError(Said("tenancy.invalid.level"))
        return level


def reason(least: int = 0) -> Words:
    """Kept in the journal."""
    return Words(least=least, most=REASON, required=bool(least))


def tenant_name() -> Words:
    return Words(least=1, most=100, required=True)


class NewTenantIn(In):
    """A tenant to be added. Without a level a territory stands one below its parent, as every other organisation does."""

    name = tenant_name()
    code = Code(least=4, most=18, required=True)
    category = Choice(*CATEGORIES, required=True)
    level = LevelIn()
    reason = reason()


class NameIn(In):
    name = tenant_name()
    reason = reason()


class CodeIn(In):
    code = Code(least=4, most=18, required=True)
    reason = reason()


class TenantStateIn(In):
    """Whoever suspends, archives or restores says why."""

    state = Choice(*STATES, required=True)
    reason = reason(least=1)


class PlaceOut(Out):
    """A tenant as it is named in passing."""

    code = fields.String()
    name = fields.String()
    level = fields.Integer()


class TenantOut(Out):
    """An active tenant, its ancestors from the root down, how many tenants stand right below it, and the time zone of its
    root, in which its days are counted.
    """

    code = fields.String()
    name = fields.String()
    level = fields.Integer()
    category = Choice(*CATEGORIES)
    ancestors = fields.List(fields.Nested(PlaceOut))
    children = fields.Integer()
    zone = fields.String()


class LevelCountOut(Out):
    level = fields.Integer()
    tenants = fields.Integer()


class ManagedTenantOut(Out):
    """A tenant as those see it who answer for it; `below` counts active tenants of its subtree."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    level = fields.Integer()
    category = Choice(*CATEGORIES)
    state = Choice(*STATES)
    version = fields.Integer()
    created_at = fields.AwareDateTime()
    parent = fields.Nested(PlaceOut, allow_none=True)
    below = fields.List(fields.Nested(LevelCountOut))


class Validity(Out):
    """From the first day up to the day on which the next one came; null: until now."""

    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)


class FormerNameOut(Validity):
    name = fields.String()


class FormerCodeOut(Validity):
    code = fields.String()
    kind = Choice("division", "uscc")


class FormerPlaceOut(Validity):
    parent = fields.String(allow_none=True)
    parent_name = fields.String(allow_none=True)
    level = fields.Integer()


class PortalOut(Out):
    """What a tenant says to everybody who comes by."""

    notice = fields.String()


class HistoryOut(Out):
    """What a tenant was called, coded and attached to, newest first."""

    names = fields.List(fields.Nested(FormerNameOut))
    codes = fields.List(fields.Nested(FormerCodeOut))
    places = fields.List(fields.Nested(FormerPlaceOut))


class ProfileIn(In):
    contact = Words(most=200, required=True)
    about = Words(most=2000, lines=True, required=True)


class ProfileOut(Out):
    contact = fields.String()
    about = fields.String()


class SettingIn(In):
    """The value is what the setting's `schema` says."""

    mode = Choice(*MODES, required=True)
    value = fields.Raw(required=True)
    reason = reason()


class SettingChoiceOut(Out):
    """What a list may hold, with its name in the reader's language."""

    value = fields.String()
    label = fields.String()


class SettingOut(Out):
    """A setting as it counts at a tenant. `schema` is the JSON Schema of its values; `choices` names the parts of a list."""

    key = fields.String()
    schema = fields.Dict()
    choices = fields.List(fields.Nested(SettingChoiceOut))
    default = fields.Raw()
    value = fields.Raw()
    source = Choice(*MODES, "default")
    source_tenant = fields.Nested(PlaceOut, allow_none=True)
    own_mode = Choice(*MODES, allow_none=True)
    own_value = fields.Raw(allow_none=True)
    may_change = fields.Boolean()


class RungOut(Out):
    """What one tenant on the way down says, and what became of it."""

    tenant = fields.Nested(PlaceOut)
    mode = Choice(*MODES, allow_none=True)
    value = fields.Raw(allow_none=True)
    reason = fields.String()
    at = fields.AwareDateTime(allow_none=True)
    verdict = Choice("decides", "overruled", "silent")


class ExplainedSettingOut(SettingOut):
    """`ladder` goes from the root down to the tenant itself; `below` counts the tenants below that say something."""

    ladder = fields.List(fields.Nested(RungOut))
    below = fields.List(fields.Nested(LevelCountOut))


class TotalOut(Out):
    value = fields.Integer()
    capped = fields.Boolean()


class SettingsPage(Out):
    """All of them: there are few."""

    items = fields.List(fields.Nested(SettingOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(TotalOut)
