"""What has just happened at a tenant and below it, as far as everybody may know: when, where and what; never who, nor about
whom.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from wuji.journal.models import JournalRecord
from wuji.kit.db.among import among
from wuji.kit.db.session import ScopedSession
from wuji.plugin.plugins import Plugin
from wuji.plugin.running import LiveTopic
from wuji.rollup.permissions import READ
from wuji.tenancy.models import Tenant, TenantCode

MOST = 8
SINCE = timedelta(days=1)
CORE = tuple(f"tenancy.tenant.{verb}" for verb in ("rename", "recode", "move", "relevel", "merge"))


def list_happenings(session: ScopedSession, verbs: Sequence[str], now: datetime) -> list[Mapping[str, Any]]:
    """The last ones of a day, the newest first."""
    rows = session.execute(
        select(JournalRecord.id, JournalRecord.at, JournalRecord.verb, TenantCode.code, Tenant.name, Tenant.level)
        .join(Tenant, Tenant.id == JournalRecord.tenant_id)
        .join(TenantCode, TenantCode.tenant_id == Tenant.id)
        .where(
            JournalRecord.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()),
            JournalRecord.at > now - SINCE,
            among(JournalRecord.verb, verbs),
            TenantCode.valid_to.is_(None),
        )
        .order_by(JournalRecord.at.desc(), JournalRecord.id.desc())
        .limit(MOST)
    )
    return [dict(row) for row in rows.mappings()]


def happenings_topic(plugins: Iterable[Plugin]) -> LiveTopic:
    """Told whenever there is one more."""
    speaking = [plugin for plugin in plugins if plugin.happenings]
    return LiveTopic(
        name="happenings",
        of="tenant",
        kinds=frozenset({"tenant"}).union(*(plugin.kinds for plugin in speaking)),
        verbs=frozenset(CORE).union(*(plugin.happenings for plugin in speaking)),
        permission=READ,
    )
