"""How a person is named beside what they did."""

from typing import Any

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select

from wuji.identity.models import RoleGrant


def named(account_id: SQLColumnExpression[Any]) -> ScalarSelect[str]:
    """The name of an account in its latest grant within the reader's range; null for everybody else, who learns no name."""
    return (
        select(RoleGrant.account_name)
        .where(RoleGrant.account_id == account_id, RoleGrant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .order_by(RoleGrant.given_at.desc(), RoleGrant.id.desc())
        .limit(1)
        .scalar_subquery()
    )
