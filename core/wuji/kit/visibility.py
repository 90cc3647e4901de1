"""Kinds of rows of which can be asked who sees them, as a feature declares them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisibleKind:
    """Rows of `schema.table`, which belongs to tenants, found by one column.

    `permission` is what reading them needs; None: nothing beside reaching them.
    """

    name: str
    table: str
    column: str
    permission: str | None = None
