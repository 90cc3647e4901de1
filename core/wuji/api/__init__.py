"""What plugins import, beside wuji.testing. What stands here stays: it is version 1 of the API.

This module has hooks, records, rules and the session; `wuji.api.models` what tables are made of, `wuji.api.http` what routes
are made of, `wuji.api.migration` what revisions are made of.
"""

from wuji.journal.services import record
from wuji.kit.clock import now
from wuji.kit.db.doors import Actor
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import Recorded, ScopedSession
from wuji.kit.deployment import Deployment, Produced, Run
from wuji.kit.permission import Permission
from wuji.kit.problem import Fault, Problem, check_version, forbidden, invalid, not_found
from wuji.kit.sensitive import root_allows
from wuji.kit.setting import Setting, read_setting
from wuji.kit.storage import Files, OpenFile
from wuji.kit.texts import Texts
from wuji.kit.visibility import VisibleKind
from wuji.plugin.hookspecs import hook
from wuji.plugin.records import (
    Card,
    CardRow,
    Facet,
    Importer,
    ImportSource,
    Menu,
    Page,
    Projection,
    PublicPage,
    SearchDocument,
    SearchKind,
    Slot,
    Surface,
    TenantChange,
    Ui,
)
from wuji.tenancy.settings import read_zone

__all__ = [
    "Actor",
    "Card",
    "CardRow",
    "Deployment",
    "Facet",
    "Fault",
    "Files",
    "ImportSource",
    "Importer",
    "Menu",
    "OpenFile",
    "Page",
    "Permission",
    "Problem",
    "Produced",
    "Projection",
    "PublicPage",
    "Recorded",
    "Run",
    "ScopedSession",
    "SearchDocument",
    "SearchKind",
    "Setting",
    "Slot",
    "Surface",
    "TenantChange",
    "Texts",
    "Ui",
    "VisibleKind",
    "check_version",
    "forbidden",
    "hook",
    "invalid",
    "not_found",
    "now",
    "read_setting",
    "read_zone",
    "record",
    "refusals_as",
    "root_allows",
]
