"""What recoveries are sent, and answer."""

from marshmallow import fields

from wuji.kit.http.fields import In, Out, Words


class RecoveryIn(In):
    """`reason`: how it was made sure who it is; the second official and the person read it."""

    reason = Words(least=1, most=200, required=True)


class RecoveryEndIn(In):
    reason = Words(most=200)


class RecoveryOut(Out):
    id = fields.UUID()
    reason = fields.String()
    tenant_name = fields.String(allow_none=True)
    expires_at = fields.AwareDateTime()


class RecoveriesOut(Out):
    """Those that wait for the second official."""

    items = fields.List(fields.Nested(RecoveryOut))
