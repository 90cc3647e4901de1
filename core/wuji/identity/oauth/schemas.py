"""What the API says about programs."""

from marshmallow import fields, validate

from wuji.identity.oauth.scopes import SCOPES
from wuji.kit.http.fields import Choice, In, Out, Said, Whole, Words


def up_to(most: int, text_key: str) -> validate.Range:
    return validate.Range(1, most, error=Said(text_key, most=most))


class ConnectedPlaceOut(Out):
    code = fields.String()
    name = fields.String()


class ConnectedDeviceOut(Out):
    """A TV or kiosk that was allowed by its code, as its person calls it."""

    id = fields.UUID()
    name = fields.String()
    place = fields.String(allow_none=True)
    began_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime()


class ConnectedAppOut(Out):
    """A program that the person allowed something. `owner`: whose it is; `tenant`: at which place it acts for them."""

    client_id = fields.String()
    name = fields.String()
    owner = fields.String()
    uri = fields.String(allow_none=True)
    tenant = fields.Nested(ConnectedPlaceOut, allow_none=True)
    scopes = fields.List(Choice(*SCOPES))
    given_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)
    devices = fields.List(fields.Nested(ConnectedDeviceOut))


class ConnectedAppsOut(Out):
    items = fields.List(fields.Nested(ConnectedAppOut))


class ClientIn(In):
    """`metadata`: what the program says of itself, as RFC 7591, 2, has it."""

    metadata = fields.Dict(keys=fields.String(), required=True)
    reason = Words(most=200)


class RegisteredOut(Out):
    """`client_secret` is shown this once; `registered` is the answer of RFC 7591, 3.2.1."""

    client_id = fields.String()
    client_secret = fields.String(allow_none=True)
    registered = fields.Dict(keys=fields.String())


class ClientOut(Out):
    """A program of others. `used_at`: when it last had a token or brought one to be renewed."""

    client_id = fields.String()
    name = fields.String()
    tenant = fields.String()
    tenant_name = fields.String()
    created_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)
    metadata = fields.Dict(keys=fields.String())


class SecretOut(Out):
    client_secret = fields.String()


class ClientInvitationIn(In):
    """For how many programs, and how many days."""

    uses = Whole(validate=up_to(1000, "identity.invalid.oauth_uses"), load_default=100)
    days = Whole(validate=up_to(365, "identity.invalid.oauth_days"), load_default=7)
    reason = Words(most=200)


class ClientInvitationOut(Out):
    token = fields.String()
