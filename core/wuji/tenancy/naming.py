"""Who redrew the tree, by name."""

from sqlalchemy import ColumnElement, String, column, select, table

from wuji.tenancy.models import TenantChange

# A table of an upper layer, by name alone. People are named by the grants they hold or held within the reader's range, so
# nobody learns of anybody outside it.
GRANT = table(
    "role_grant", column("account_id"), column("account_name", String), column("given_at"), column("id"), schema="wuji"
)
CHANGED_BY: ColumnElement[str] = (
    select(GRANT.c.account_name)
    .where(GRANT.c.account_id == TenantChange.requested_by)
    .order_by(GRANT.c.given_at.desc(), GRANT.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
