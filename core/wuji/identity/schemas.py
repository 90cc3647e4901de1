"""What identity is sent, and what it answers."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, ValidationError, fields

from wuji.identity.passwords import LEAST, MOST
from wuji.kit.http.fields import CODE, FORBIDDEN, Choice, In, Moment, Out, Said, Whole, Words
from wuji.kit.texts import LOCALES

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
ROLE_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
STATES = ("active", "suspended")
OF_ROOTS = ("head", "security_admin", "audit_admin")  # whom the operator names there


class Login(Words):
    """A login as people type it: case and blanks around it do not count."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).lower()


class NewLogin(Login):
    """One that nothing can be confused with: small Latin letters, digits and . _ @ + -"""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        login = super()._deserialize(value, attr, data, **kwargs)
        if not LOGIN.fullmatch(login):
            raise ValidationError(Said("identity.invalid.login"))
        return login


class Password(fields.String):
    """Kept as typed, blanks included; only its form is made one (NFC)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "password", **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs))
        if FORBIDDEN.search(text):
            raise ValidationError(Said("kit.invalid.characters"))
        if len(text) > MOST:
            raise ValidationError(Said("kit.invalid.long", most=MOST, length=len(text)))
        return text


def new_password() -> Password:
    """A password to be set; what it must be beyond its length, services say."""
    return Password(required=True, metadata={"minLength": LEAST, "maxLength": MOST})


class LoginIn(In):
    login = Login(most=100, required=True)
    password = Password(required=True)


class AccountOut(Out):
    id = fields.UUID()
    login = fields.String()
    name = fields.String()
    locale = Choice(*LOCALES)


class NoticeOut(Out):
    """Something the person must be told: somebody had their password reset."""

    kind = Choice("password_reset")
    at = fields.AwareDateTime()
    by = fields.String()


class GreetingOut(Out):
    account = fields.Nested(AccountOut)
    notices = fields.List(fields.Nested(NoticeOut))


class HeldAtOut(Out):
    code = fields.String()
    name = fields.String()
    level = fields.Integer()


class OwnGrantOut(Out):
    """Without a tenant it holds for the whole deployment. `label`: a text key, or the words of a root's own role, which
    `labels` has by language.
    """

    tenant = fields.Nested(HeldAtOut, allow_none=True)
    role = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    permissions = fields.List(fields.String())
    expires_at = fields.AwareDateTime(allow_none=True)


class MeOut(Out):
    """The ETag is the account's version: what PATCH names in If-Match."""

    account = fields.Nested(AccountOut)
    grants = fields.List(fields.Nested(OwnGrantOut))


class MeIn(In):
    name = Words(least=1, most=100)
    locale = Choice(*LOCALES)


class PasswordIn(In):
    present_password = Password(required=True)
    password = new_password()


class SessionOut(Out):
    """`amr`: how the person was proven (RFC 8176; `fed`: by a login provider)."""

    id = fields.UUID()
    device = fields.String()
    auth_time = fields.AwareDateTime()
    used_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    amr = fields.List(fields.String())
    present = fields.Boolean()


class SessionsOut(Out):
    items = fields.List(fields.Nested(SessionOut))


class EndedOut(Out):
    ended = fields.Integer()


class NewcomerIn(In):
    """A person who has no account yet, and the role they get."""

    login = NewLogin(least=2, most=64, required=True)
    name = Words(least=1, most=100, required=True)
    role = Words(least=1, most=100, required=True)
    expires_at = Moment(allow_none=True)


class NewcomerOut(Out):
    """The link is shown this once."""

    account_id = fields.UUID()
    role_grant_id = fields.UUID()
    link = fields.String()
    expires_at = fields.AwareDateTime()


class LinkOut(Out):
    """The link is shown this once; until when it works."""

    link = fields.String()
    expires_at = fields.AwareDateTime()


class TokenIn(In):
    token = Words(most=200, required=True)


class OwnCopyOut(Out):
    """`tables`: rows by table, with the columns that the tables have."""

    account_id = fields.UUID()
    made_at = fields.AwareDateTime()
    tables = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict(keys=fields.String())))


class LinkForOut(Out):
    """`strict`: the password must hold three kinds of characters."""

    login = fields.String()
    name = fields.String()
    purpose = Choice("first_password", "lost_password")
    strict = fields.Boolean()


class RedeemIn(In):
    token = Words(most=200, required=True)
    password = new_password()


class StateIn(In):
    state = Choice(*STATES, required=True)


class StateOut(Out):
    state = Choice(*STATES)


class GrantIn(In):
    login = Login(least=1, most=100, required=True)
    role = Words(least=1, most=100, required=True)
    expires_at = Moment(allow_none=True)


class GrantOut(Out):
    """A grant ends no later than the right it rests on, also where nothing else was asked."""

    role_grant_id = fields.UUID()
    expires_at = fields.AwareDateTime(allow_none=True)


class ReasonIn(In):
    reason = Words(most=200)


class RootCode(Words):
    """The code of a root tenant."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not CODE.fullmatch(code):
            raise ValidationError(Said("identity.invalid.no_root"))
        return code


class OperatorGrantIn(In):
    """With a root: its head, or whoever else runs it where duties are separated. Without: an operator."""

    login = Login(least=1, most=100, required=True)
    root = RootCode(allow_none=True)
    role = Choice(*OF_ROOTS)
    expires_at = Moment(allow_none=True)


class OperatorNewcomerIn(In):
    """A person who has no account yet. With a root: as above. Without: an operator."""

    login = NewLogin(least=2, most=64, required=True)
    name = Words(least=1, most=100, required=True)
    root = RootCode(allow_none=True)
    role = Choice(*OF_ROOTS)
    expires_at = Moment(allow_none=True)


class RoleName(Words):
    """What programs call a role; people read its label."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not ROLE_NAME.fullmatch(name):
            raise ValidationError(Said("identity.invalid.role_form"))
        return name


class AudienceClass(Whole):
    """0 public, 1 residents, 2 members, 3 officials."""

    def _validated(self, value: Any) -> int:
        found = super()._validated(value)
        if not 0 <= found <= 3:  # noqa: PLR2004 - the four classes
            raise ValidationError(Said("identity.invalid.class"))
        return found


class LabelIn(In):
    """The words people read, in Chinese and, if there are any, in English."""

    zh = Words(data_key="zh-CN", attribute="zh-CN", least=1, most=50, required=True)
    en = Words(least=1, most=100)


class RoleChangeIn(In):
    """`confirm` is needed where reach or class of a role changes that people hold: it changes what they see."""

    label = fields.Nested(LabelIn, required=True)
    reach = Choice("subtree", "audience", required=True)
    class_ = AudienceClass(data_key="class", attribute="class", required=True, metadata={"minimum": 0, "maximum": 3})
    permissions = fields.List(Words(most=100), required=True)
    confirm = fields.Boolean(truthy={True}, falsy={False})
    reason = Words(most=200)


class RoleIn(RoleChangeIn):
    class Meta:
        exclude = ("confirm",)
        unknown = RAISE

    name = RoleName(least=2, most=40, required=True)


class RoleOut(Out):
    """A role of a root; `held` counts the people who hold it now."""

    id = fields.Integer()
    name = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    reach = Choice("subtree", "audience")
    class_ = fields.Integer(data_key="class")
    permissions = fields.List(fields.String())
    held = fields.Integer()
