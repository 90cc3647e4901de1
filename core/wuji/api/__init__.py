"""What plugins import, beside wuji.testing. What stands here stays: it is version 1 of the API.

This module has hooks, records, rules and the session; `wuji.api.models` what tables are made of, `wuji.api.http` what routes
are made of, `wuji.api.migration` what revisions are made of.
"""

from wuji.identity.services.device_tokens import (
    DeviceToken,
    list_device_tokens,
    open_device,
    revoke_device,
    rotate_device,
)
from wuji.inbox.services import list_holders, notify
from wuji.journal.services import record
from wuji.kit.clock import now
from wuji.kit.db.doors import Actor
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import Recorded, ScopedSession
from wuji.kit.deployment import Deployment, JobCancelledError, Produced, Run, Task
from wuji.kit.permission import Permission
from wuji.kit.problem import Fault, Problem, check_version, forbidden, invalid, not_found
from wuji.kit.sensitive import root_allows
from wuji.kit.setting import Setting, read_setting
from wuji.kit.storage import Files, OpenFile
from wuji.kit.texts import Texts
from wuji.kit.visibility import VisibleKind
from wuji.plugin.figures import Fact, Figure
from wuji.plugin.hookspecs import hook
from wuji.plugin.logins import Joined, LoginDeniedError, LoginFailedError, LoginKind, Recognised
from wuji.plugin.own_texts import OwnTexts
from wuji.plugin.records import (
    Card,
    CardRow,
    Curve,
    CurveLine,
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
from wuji.plugin.running import Channel, Handler, Happened, LiveTopic, Outgoing, RefusedError, Schedule, Topic
from wuji.tenancy.settings import read_zone
from wuji.work.registry import task
from wuji.work.services import add_job

__all__ = [
    "Actor",
    "Card",
    "CardRow",
    "Channel",
    "Curve",
    "CurveLine",
    "Deployment",
    "DeviceToken",
    "Facet",
    "Fact",
    "Fault",
    "Figure",
    "Files",
    "Handler",
    "Happened",
    "ImportSource",
    "Importer",
    "JobCancelledError",
    "Joined",
    "LiveTopic",
    "LoginDeniedError",
    "LoginFailedError",
    "LoginKind",
    "Menu",
    "OpenFile",
    "Outgoing",
    "OwnTexts",
    "Page",
    "Permission",
    "Problem",
    "Produced",
    "Projection",
    "PublicPage",
    "Recognised",
    "Recorded",
    "RefusedError",
    "Run",
    "Schedule",
    "ScopedSession",
    "SearchDocument",
    "SearchKind",
    "Setting",
    "Slot",
    "Surface",
    "Task",
    "TenantChange",
    "Texts",
    "Topic",
    "Ui",
    "VisibleKind",
    "add_job",
    "check_version",
    "forbidden",
    "hook",
    "invalid",
    "list_device_tokens",
    "list_holders",
    "not_found",
    "notify",
    "now",
    "open_device",
    "read_setting",
    "read_zone",
    "record",
    "refusals_as",
    "revoke_device",
    "root_allows",
    "rotate_device",
    "task",
]
