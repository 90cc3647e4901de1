"""Programs of a tenant's subtree, as whoever manages them sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DateTime, and_, func, select

from wuji.identity.oauth.models import OAuthClient
from wuji.kit.http.lists import Asker, Column, List, Rows
from wuji.tenancy.models import Tenant, TenantCode

MANAGE = "identity.oauth_client.manage"
METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
METHOD = OAuthClient.metadata_["token_endpoint_auth_method"].astext
USED = func.wuji.oauth_client_used(OAuthClient.id, type_=DateTime(timezone=True))


def _clients(_asker: Asker, _asked: Mapping[str, Any]) -> Rows:
    return (
        select()
        .select_from(OAuthClient)
        .join(Tenant, Tenant.id == OAuthClient.tenant_id)
        .join(TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None)))
        .where(OAuthClient.revoked_at.is_(None))
    )


CLIENTS = List(
    name="identity.oauth_clients",
    permission=MANAGE,
    columns=(
        Column("client_id", OAuthClient.client_id),
        Column("name", OAuthClient.name, sortable=True),
        Column("tenant", TenantCode.code, filtered=True, grouped=True, named="tenant_name"),
        Column("tenant_name", Tenant.name),
        Column(
            "proves_by", func.coalesce(METHOD, METHODS[0]), filtered=True, choices=METHODS,
            key=lambda method: f"identity.oauth_client.proves_by.{method}",
        ),
        Column("created_at", OAuthClient.created_at, sortable=True),
        Column("used_at", USED, nullable=True, grouped=False),
    ),
    key=OAuthClient.id,
    source=_clients,
    sort="name",
    search=(OAuthClient.name, OAuthClient.client_id),
)  # fmt: skip
