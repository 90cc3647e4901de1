"""The test kit, for the core and for plugin authors: a server, a tree with people, a row of every walled table."""

from wuji.testing import (
    factors_operations,
    federation_operations,
    governance_operations,
    identity_operations,
    inbox_operations,
    joining_operations,
    journal_operations,
    life_operations,
    oauth_operations,
    recovery_operations,
    rollup_operations,
    search_operations,
    tenancy_operations,
    work_operations,
)
from wuji.testing.calling import Caller
from wuji.testing.expectation import Place, Standing, standing
from wuji.testing.factories import Factory, factories, factory
from wuji.testing.servers import STAGE, Server, start_server
from wuji.testing.transaction import Transaction
from wuji.testing.world import ANONYMOUS, PEOPLE, TREE, World

__all__ = [
    "ANONYMOUS",
    "PEOPLE",
    "STAGE",
    "TREE",
    "Caller",
    "Factory",
    "Place",
    "Server",
    "Standing",
    "Transaction",
    "World",
    "factories",
    "factors_operations",
    "factory",
    "federation_operations",
    "governance_operations",
    "identity_operations",
    "inbox_operations",
    "joining_operations",
    "journal_operations",
    "life_operations",
    "oauth_operations",
    "recovery_operations",
    "rollup_operations",
    "search_operations",
    "standing",
    "start_server",
    "tenancy_operations",
    "work_operations",
]
