"""Keeping up: after the journal, after the clock, and after the tree has changed. All of it runs as jobs of account `system` at
a root.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from wuji.journal.passing import is_passing
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Run
from wuji.plugin.figures import Figure
from wuji.plugin.running import Handler, Happened, Schedule
from wuji.rollup.registry import Figures
from wuji.rollup.services.counting import count, hold, note_swept
from wuji.rollup.services.rebuilding import follow_tree, recount_merged, sweep_figure
from wuji.tenancy.settings import TIME_ZONE
from wuji.work.registry import task

log = logging.getLogger(__name__)
COUNT, FOLLOW, SWEEP = "rollup.count", "rollup.follow", "rollup.sweep"
FOLLOWED = frozenset({"tenant", "setting_value"})
# What a tenant loses that becomes part of another, and gets back when that is undone.
MERGED = frozenset({"state", "code"})
SCHEDULE = Schedule(name=SWEEP, cron="*/5 * * * *", task=SWEEP, missed="skip")


def counter(figures: Figures) -> Handler:
    """Counts what was recorded anew: a whole batch of records at once, each subject once."""

    def handle_all(session: ScopedSession, records: Sequence[Happened]) -> None:
        for figure, subjects in _touched(figures, records).items():
            hold(session, figures.by_name[figure])
            count(session, figures.by_name[figure], subjects)

    def handle(session: ScopedSession, happened: Happened) -> None:
        handle_all(session, [happened])

    return Handler(name=COUNT, kinds=frozenset(figures.of_kind), handle=handle, handle_all=handle_all)


def _touched(figures: Figures, records: Sequence[Happened]) -> Mapping[str, set[str]]:
    """Subjects by figure, in the order of names: two who hold several figures wait for each other and never both."""
    found: dict[str, set[str]] = {}
    for record in records:
        for figure in figures.of_kind.get(record.kind, ()) if record.subject_id is not None else ():
            found.setdefault(figure.name, set()).add(record.subject_id or "")
    return dict(sorted(found.items()))


def follower(figures: Figures) -> Handler:
    """Sums follow a tenant that came to stand elsewhere. With another time zone every day is another: all is counted anew."""

    def handle(session: ScopedSession, happened: Happened) -> None:
        if happened.kind == "tenant" and "parent_id" in happened.fields and happened.tenant_id is not None:
            follow_tree(session, list(figures.by_name.values()), [happened.tenant_id])
            if "root_id" in happened.fields and happened.subject_id == str(happened.tenant_id):
                _begin_anew(session, figures)
        if happened.kind == "tenant" and set(happened.fields) >= MERGED and happened.tenant_id is not None:
            recount_merged(session, list(figures.by_name.values()), happened.tenant_id)
        if happened.kind == "setting_value" and happened.subject_id == TIME_ZONE.key:
            _begin_anew(session, figures)

    return Handler(name=FOLLOW, kinds=FOLLOWED, handle=handle)


def _begin_anew(session: ScopedSession, figures: Figures) -> None:
    """The clock counts everything of this root once more: its days are others, or a tree has come in that counted by itself."""
    for figure in _in_order(figures):
        hold(session, figure)
        note_swept(session, figure, None)


class SweepArgs(Struct):
    """`due_at`: when the clock wanted it."""

    due_at: datetime | None = None


@task(SWEEP, SweepArgs, limit=1800)
def sweep(run: Run, _args: SweepArgs) -> None:
    """Counts what nothing records, and once everything of a figure that is new here. One that fails keeps no other back."""
    for figure in _in_order(run.deployment.part(Figures)):
        try:
            with run.session.begin_nested():
                sweep_figure(run.session, figure, run.deployment.clock)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("figure %s cannot be counted", figure.name)


def _in_order(figures: Figures) -> Iterator[Figure]:
    return (figures.by_name[name] for name in sorted(figures.by_name))
