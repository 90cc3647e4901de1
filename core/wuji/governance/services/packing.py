"""Packs that lie beside the program, as the operator sets them up: what one would change, and applying it. Both in a job at the
pack's root, or, where that is new, in the deployment; then a second job does the rest at the new root.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from wuji.governance.active import ActiveSets
from wuji.governance.packs import import_data, list_changed_rules, put_rules
from wuji.governance.services.changes import Governing
from wuji.identity.services.roles import list_changed_roles, put_role
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Run
from wuji.kit.problem import not_found
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugins
from wuji.tenancy.packs.apply import apply_pack
from wuji.tenancy.packs.diff import Diff, compare
from wuji.tenancy.packs.pack import TENANT, Advance, Pack, PackRole, PackRule

SHOWN = 50  # of a long list
ASK = text("select wuji.pack_ask(:kind, :pack, :code)")
JOBS = text("select * from wuji.pack_jobs()")


@dataclass(frozen=True)
class Lying:
    """A pack as its first lines name it; without a code it cannot be read."""

    id: str
    code: str | None
    name: str
    folder: Path


@dataclass(frozen=True)
class Plan:
    """What applying a pack would change."""

    diff: Diff
    roles: Sequence[PackRole]
    rules: Sequence[PackRule]


def list_lying(packs_dir: Path) -> Iterator[Lying]:
    """Every pack that lies there."""
    for path in sorted(packs_dir.glob(f"*/{TENANT}")):
        folder = path.parent
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            yield Lying(folder.name, str(said["code"]), str(said["name"]), folder)
        except (OSError, ValueError, KeyError):
            yield Lying(folder.name, None, folder.name, folder)


def get_lying(packs_dir: Path, pack_id: str) -> Lying:
    """By the name of its folder, which is compared and never opened as somebody wrote it. Raises 404."""
    for one in list_lying(packs_dir):
        if one.id == pack_id:
            return one
    raise not_found()


def ask_for(session: ScopedSession, kind: str, pack: Lying) -> None:
    """By the operator, or by a job of account system for the operator. Raises 404 for one that cannot be read."""
    if pack.code is None:
        raise not_found()
    session.execute(ASK, {"kind": kind, "pack": pack.id, "code": pack.code})


def list_last_jobs(session: ScopedSession) -> Mapping[str, Mapping[str, Any]]:
    """What was last done with each pack, by its id."""
    return {row["pack"]: dict(row) for row in session.execute(JOBS).mappings()}


def make_plan(session: ScopedSession, plugins: Plugins, pack: Pack) -> Plan:
    """Reads only; where the session acts at no tenant, the root is new. Raises PackError."""
    root_id, diff = session.actor.tenant_id, compare(session, pack)
    if root_id is None:
        return Plan(diff, pack.roles, list_changed_rules(None, plugins, pack))
    return Plan(diff, list_changed_roles(session, root_id, pack.roles), list_changed_rules(session, plugins, pack))


def carry_out(run: Run, pack: Pack, reason: str, advance: Advance) -> dict[str, Any]:
    """Everything where the session acts at the root; of a new root the tree and its roles. Raises PackError."""
    session, made = run.session, run.deployment
    plan = make_plan(session, made.part(Plugins), pack)
    root_id, _diff = apply_pack(session, pack, reason, advance)
    for role in plan.roles:
        put_role(session, root_id, role, reason)
    said = tell(pack, plan)
    if session.actor.tenant_id is None:
        return said
    put_rules(session, Governing(made.part(Dispatcher), made.part(ActiveSets)), plan.rules, made.clock())
    data = [(title, dict(done)) for title, done in import_data(session, made, pack)]
    return {**said, "data": [{"title": title, "done": done} for title, done in data]}


def tell(pack: Pack, plan: Plan) -> dict[str, Any]:
    """The differences in numbers, and the first of each."""
    diff = plan.diff
    return {
        "is_new": diff.root_id is None,
        "added": len(diff.added),
        "first_added": [{"code": row.code, "name": row.name, "level": row.level.word} for row in diff.added[:SHOWN]],
        "renamed": len(diff.renamed),
        "first_renamed": [{"code": one.row.code, "was": one.was, "name": one.row.name} for one in diff.renamed[:SHOWN]],
        "roles": [role.name for role in plan.roles],
        "rules": [{"plugin": rule.plugin, "code": rule.code, "rule": rule.rule} for rule in plan.rules[:SHOWN]],
        "profile": sorted(diff.profile),
        "left_alone": len(diff.missing),
        "notes": [str(warning) for warning in pack.warnings[:SHOWN]],
    }


def steps(run: Run, total: int) -> Advance:
    """Progress of so many rows; the end is the job's own."""
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        run.report(min(95, 95 * done // max(total, 1)))

    return advance
