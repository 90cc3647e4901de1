"""What onboarding is sent, and what it answers. Tokens travel in bodies, never in addresses, which end in logs."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from wuji.identity.life.schemas import PurposeOut
from wuji.identity.schemas import NewLogin, Password
from wuji.kit.http.fields import Choice, In, Moment, Out, Said, Whole, Words
from wuji.onboarding.models import STATES
from wuji.onboarding.services.setup import PAGES
from wuji.tenancy.models import CATEGORIES
from wuji.tenancy.schemas import Code, LevelIn, tenant_name

PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
MOST_USES = 500


class Shaped(Words):
    """A text of one form, said by the text `key` where it has another."""

    def __init__(self, form: re.Pattern[str], key: str, *, most: int, **options: Any) -> None:
        super().__init__(most=most, **options)
        self.form, self.key = form, key

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self.form.fullmatch(text):
            raise ValidationError(Said(self.key))
        return text


class Uses(Whole):
    """How often an invitation can be redeemed."""

    def _validated(self, value: Any) -> int:
        uses = super()._validated(value)
        if not 1 <= uses <= MOST_USES:
            raise ValidationError(Said("onboarding.invalid.uses", most=MOST_USES))
        return uses


def token() -> Words:
    return Words(most=200, required=True)


class Wish(In):
    """The organisation as it wants to stand in the directory, and how to reach whoever asks."""

    name = tenant_name()
    code = Code(most=32, required=True)
    level = LevelIn()
    category = Choice(*CATEGORIES, required=True)
    contact_name = Words(least=1, most=50, required=True)
    contact_phone = Shaped(PHONE, "onboarding.invalid.phone", most=24, required=True)
    contact_email = Shaped(EMAIL, "onboarding.invalid.email", most=254)
    reason = Words(least=1, most=1000, lines=True, required=True)


class ApplicationIn(Wish):
    """Without a parent (null) it asks to stand as a root."""

    parent_code = Code(most=32, required=True, allow_none=True)


class ApplicationAmendIn(Wish):
    token = token()


class ApplicationTokenIn(In):
    token = token()


class AppliedOut(Out):
    """The token is shown this once: with it one looks up, changes and withdraws the application."""

    token = fields.String()
    state = Choice(*STATES)


class ParentOut(Out):
    code = fields.String()
    name = fields.String()


class OwnLinkOut(Out):
    """The link that sets the first password; it is shown this once."""

    link = fields.String()
    expires_at = fields.AwareDateTime()


class ApplicationOut(Out):
    """An application as it was sent; `wish` is the reason that was given for it."""

    parent = fields.Nested(ParentOut, allow_none=True)
    name = fields.String()
    code = fields.String()
    level = fields.Integer()
    category = Choice(*CATEGORIES)
    wish = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()
    contact_email = fields.String()
    state = Choice(*STATES)
    submitted_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()
    tenant_code = fields.String(allow_none=True)


class OwnApplicationOut(ApplicationOut):
    """What became of it, and why. Once accepted: the new tenant's code, and the head's login and link where they have no
    account yet.
    """

    login = fields.String(allow_none=True)
    link = fields.Nested(OwnLinkOut, allow_none=True)


class ReviewedApplicationOut(ApplicationOut):
    """The same for reviewers; `decided_by` is named where the decision was made within the reader's range."""

    id = fields.UUID()
    decided_by = fields.String(allow_none=True)
    own = fields.Boolean()


class ReviewIn(In):
    """A rejection says why; the applicant reads it."""

    decision = Choice("accept", "reject", required=True)
    reason = Words(most=1000, lines=True)


class SetupItemOut(Out):
    """`happened`: the platform knows that it is done; such an item stays done."""

    key = Choice(*PAGES)
    done = fields.Boolean()
    happened = fields.Boolean()
    url = fields.String()


class SetupOut(Out):
    items = fields.List(fields.Nested(SetupItemOut))


class SetupIn(In):
    done = fields.List(Choice(*PAGES), required=True)


class InvitationIn(In):
    """At most 90 days ahead."""

    role = Words(least=1, most=100, required=True)
    uses = Uses(required=True, metadata={"minimum": 1, "maximum": MOST_USES})
    expires_at = Moment(required=True)


class InvitationOut(Out):
    """The link is shown this once; its last part is the token, which browsers do not send to servers."""

    invitation_id = fields.UUID()
    token = fields.String()
    link = fields.String()
    expires_at = fields.AwareDateTime()


class InvitationTokenIn(In):
    token = token()


class InvitationForOut(Out):
    """What an invitation is for. `label` of a role: a text key, or its words, in `labels` by language. `strict`: a new password
    must hold three kinds of characters.
    """

    tenant = fields.Nested(ParentOut)
    role = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    expires_at = fields.AwareDateTime()
    strict = fields.Boolean()


class RedeemInvitationIn(In):
    """Whoever is logged in sends the token alone; whoever has no account sends what makes one."""

    token = token()
    login = NewLogin(least=2, most=64)
    name = Words(least=1, most=100)
    password = Password()


class RedeemedOut(Out):
    role_grant_id = fields.UUID()
    tenant = fields.Nested(ParentOut)


class NewResidentIn(In):
    """Whoever is logged in sends no person; whoever has no account sends what makes one. `edition`: of the text agreed to."""

    login = NewLogin(least=2, most=64)
    name = Words(least=1, most=100)
    password = Password()
    note = Words(most=200)
    edition = Whole()


class RegistrationTermsOut(Out):
    """`standing`: the acting account lives there, or waits, already. `agreed`: it agreed to this very text before."""

    tenant = fields.Nested(ParentOut)
    mode = Choice("off", "review", "open")
    strict = fields.Boolean()
    standing = Choice("held", "open", allow_none=True)
    agreed = fields.Boolean()
    purpose = fields.Nested(PurposeOut)


class NewResidentOut(Out):
    """Accepted at once, or open until somebody of the place has looked."""

    state = Choice("accepted", "open")
    tenant = fields.Nested(ParentOut)


class OwnRegistrationOut(Out):
    id = fields.UUID()
    tenant_code = fields.String(allow_none=True)
    tenant_name = fields.String()
    note = fields.String()
    state = Choice(*STATES)
    submitted_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()


class OwnRegistrationsOut(Out):
    items = fields.List(fields.Nested(OwnRegistrationOut))
