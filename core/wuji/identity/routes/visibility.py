"""Who can see a row, and why, over HTTP."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from wuji.identity.routes.feature import feature
from wuji.identity.services.visibility import CLASSES, explain_visibility
from wuji.kit.http.fields import Choice, In, Out, Words
from wuji.kit.http.request import Call
from wuji.tenancy.schemas import PlaceOut


class VisibilityQuery(In):
    """Without a kind and an id: the acting tenant itself."""

    kind = Words(most=64)
    id = Words(most=64)


class ReachingRoleOut(Out):
    """`label` of a built-in role is a text key; a root's own role has its words in `labels` by language.
    `names` is null where the asker may not know them.
    """

    name = fields.String()
    label = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    people = fields.Integer()
    names = fields.List(fields.String(), allow_none=True)


class ReachingTenantOut(Out):
    tenant = fields.Nested(PlaceOut)
    roles = fields.List(fields.Nested(ReachingRoleOut))


class SharedWithOut(Out):
    """Whoever holds the class in the tenant or below it; `below`: everybody who acts there. No tenant: everywhere."""

    class_ = Choice(*CLASSES, "below", data_key="class")
    tenant = fields.Nested(PlaceOut, allow_none=True)
    roles = fields.List(fields.Nested(ReachingRoleOut))


class PersonOut(Out):
    name = fields.String(allow_none=True)


class VisibilityOut(Out):
    """`ladder`: who reaches the row because their range covers it, root first. `account`: the person it belongs to."""

    kind = fields.String()
    id = fields.String()
    owner = fields.Nested(PlaceOut)
    ladder = fields.List(fields.Nested(ReachingTenantOut))
    audience = fields.List(fields.Nested(SharedWithOut))
    account = fields.Nested(PersonOut, allow_none=True)


@feature.route(
    "GET",
    "/tenants/<tenant_code>/visibility",
    permission="identity.grant.read",
    query=VisibilityQuery,
    answer=VisibilityOut,
)
def show_visibility(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who can see a row, and why."""
    kind, row_id = asked.get("kind", "tenant"), asked.get("id", str(call.actor.tenant_id))
    return explain_visibility(call.session, call.deployment.visible, kind, row_id)
