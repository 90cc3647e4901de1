"""Tells plugins what happens, inside the transaction in which it happens."""

from collections.abc import Iterator

from wuji.kit.db.session import Recorded, ScopedSession
from wuji.kit.problem import Problem
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.records import Projection, TenantChange

VERBS = {
    f"tenancy.tenant.{what}": what
    for what in ("add", "rename", "recode", "suspend", "archive", "restore", "move", "relevel")
}


def tenant_projection(dispatcher: Dispatcher) -> Projection:
    """A projector on tenants: plugins that are active where whoever changes one acts may refuse by a Problem."""

    def tell(session: ScopedSession, recorded: Recorded) -> None:
        what = VERBS.get(recorded.verb)
        if what and recorded.tenant_id is not None:
            change = TenantChange(what, int(recorded.subject_id))
            active = dispatcher.active(session)
            dispatcher.call("wuji_tenant_changed", active, session, {"change": change}, passing=(Problem,))

    return Projection("governance.tenant_changed", "tenant", tell)


def guarded(dispatcher: Dispatcher) -> Iterator[Projection]:
    """Projectors of plugins. Of their own kinds they run as they are: who breaks its own feature breaks nobody else's."""
    for plugin in dispatcher.plugins:
        for projection in plugin.projections:
            yield projection if projection.kind in plugin.kinds else dispatcher.guard(plugin.id, projection)
