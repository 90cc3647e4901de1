"""What the API says about second factors."""

from marshmallow import fields

from wuji.identity.schemas import Password
from wuji.kit.http.fields import Choice, In, Out, Words

KINDS = ("totp", "recovery")
MOST = 8000  # characters of what we sealed


class FactorOut(Out):
    id = fields.UUID()
    kind = Choice("totp", "passkey")
    name = fields.String()
    confirmed_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)


class FactorsOut(Out):
    """`recovery_left`: codes on paper that still work. `passkeys`: whether browsers can make some for this deployment.
    `password`: whether there is one, which then goes with each change.
    """

    items = fields.List(fields.Nested(FactorOut))
    recovery_left = fields.Integer()
    passkeys = fields.Boolean()
    password = fields.Boolean()


class OwnIn(In):
    """The password shows whose account it is; whoever has none (known to a login provider alone) has just logged in instead."""

    password = Password()


class FactorIn(OwnIn):
    """`name`: what the person calls it."""

    name = Words(least=1, most=60, required=True)


class NewFactorOut(Out):
    """Shown this once; `address` is `otpauth://…`, for a picture that an app reads."""

    id = fields.UUID()
    secret = fields.String()
    address = fields.String()


class FactorCodeIn(In):
    code = Words(least=1, most=40, required=True)


class RecoveryCodesOut(Out):
    """Codes on paper, shown this once; none where the person has some already."""

    recovery_codes = fields.List(fields.String())


class PasswordAgainIn(In):
    password = Password(required=True)


class StepIn(In):
    """`kind`: what the code is of."""

    kind = Choice(*KINDS, required=True)
    code = Words(least=1, most=40, required=True)


class SecondStepIn(StepIn):
    """`continuation`: what the first step of the login answered."""

    continuation = fields.String(required=True)


class CeremonyOut(Out):
    """`options`: as Web Authentication has them in JSON (PublicKeyCredentialCreationOptionsJSON or …RequestOptionsJSON);
    `ceremony` comes back with what the browser makes of them, within five minutes.
    """

    ceremony = fields.String()
    options = fields.Dict(keys=fields.String())


class PasskeyIn(In):
    """`credential`: RegistrationResponseJSON. `name`: what the person calls it."""

    name = Words(least=1, most=60, required=True)
    ceremony = Words(least=1, most=MOST, required=True)
    credential = fields.Dict(keys=fields.String(), required=True)


class PasskeyStepIn(In):
    """`credential`: AuthenticationResponseJSON."""

    ceremony = Words(least=1, most=MOST, required=True)
    credential = fields.Dict(keys=fields.String(), required=True)


class ContinuationIn(In):
    """`continuation`: what the first step of a login answered; without it the passkey stands in for the password."""

    continuation = Words(least=1, most=MOST)


class PasskeyLoginIn(PasskeyStepIn):
    """`continuation`: what the first step of a login answered; without it the passkey stands in for the password."""

    continuation = Words(least=1, most=MOST)
