"""What a plugin's tables are made of. A model says its columns and its wall, and `__schema__ = "plugin_<id>"`.

`Tenant` and `TenantCode` are there to be joined, `named` says who an account is to whoever may know it, `among` asks for rows by
many keys.
"""

from wuji.identity.naming import named
from wuji.kit.db.among import among
from wuji.kit.db.model import (
    At,
    Key,
    Labels,
    Made,
    MaybeOwned,
    Model,
    Number,
    Numbers,
    Owned,
    Small,
    Versioned,
    Wall,
    Words,
)
from wuji.tenancy.models import Tenant, TenantCode

__all__ = [
    "At",
    "Key",
    "Labels",
    "Made",
    "MaybeOwned",
    "Model",
    "Number",
    "Numbers",
    "Owned",
    "Small",
    "Tenant",
    "TenantCode",
    "Versioned",
    "Wall",
    "Words",
    "among",
    "named",
]
