"""What the API says about programs."""

from marshmallow import fields

from wuji.identity.oauth.scopes import SCOPES
from wuji.kit.http.fields import Choice, Out


class ConnectedPlaceOut(Out):
    code = fields.String()
    name = fields.String()


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


class ConnectedAppsOut(Out):
    items = fields.List(fields.Nested(ConnectedAppOut))
