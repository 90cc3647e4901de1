"""Applies a pack: everything in the caller's transaction, and each change in the journal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from wuji.journal.services import record
from wuji.kit.db.session import Recorded, ScopedSession
from wuji.kit.problem import Problem
from wuji.tenancy.packs.diff import Diff, Rename, compare
from wuji.tenancy.packs.finding import Finding, PackError
from wuji.tenancy.packs.pack import TENANT, TENANTS, Advance, Pack
from wuji.tenancy.packs.tree import Row, by_level
from wuji.tenancy.services.tree import add_tenant

BATCH = 1000  # rows of one statement: far below the statement timeout, and progress is seen to move
ADD_ALL = text("select wuji.tenant_add_all(:root, :level, :parents, :names, :name_keys, :codes, :categories, :reason)")
RENAME = text("select wuji.tenant_rename(:tenant_id, :name, :name_key)")
HOLD = text("select wuji.tree_hold(:root)")
PUT_PROFILE = text("select wuji.tree_profile_put(:root, :about, cast(:theme as jsonb), :reason)")
TAKEN = "somebody else took a code at this moment; run it again"
BUSY = "somebody else is changing this tree at this moment; run it again when they are done"
REFUSED = {"23505": TAKEN, "55P03": BUSY, "40P01": BUSY}  # by SQLSTATE


def apply_pack(
    session: ScopedSession, pack: Pack, reason: str, advance: Advance = lambda _rows: None
) -> tuple[int, Diff]:
    """Makes the tree what the pack says, in the scope of its root or, where that is new, the operator's.

    Returns the root's id and what it changed. Raises PackError where the database does not let it.
    """
    with _refusals():
        if session.actor.tenant_id:
            session.execute(HOLD, {"root": session.actor.tenant_id})
        diff = compare(session, pack)
        root_id = diff.root_id or _add_root(session, pack.root, reason)
        ids = {**diff.ids, pack.root.code: root_id}
        for level, rows in by_level([row for row in diff.added if row is not pack.root]):
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                parents = [ids[row.parent] for row in batch]
                ids.update(_add_all(session, root_id, level, list(zip(parents, batch, strict=True)), reason))
                advance(len(batch))
        for rename in diff.renamed:
            _rename(session, rename, reason)
        if diff.profile:
            _put_profile(session, root_id, diff.profile, reason)
    return root_id, diff


def _add_root(session: ScopedSession, root: Row, reason: str) -> int:
    return add_tenant(
        session, name=root.name, code=root.code, category=root.category, level=int(root.level), reason=reason
    )


def _add_all(
    session: ScopedSession, root_id: int, level: int, rows: Sequence[tuple[int, Row]], reason: str
) -> dict[str, int]:
    """New tenants of one level, each with its parent's id. The database journals them; the projectors are told here."""
    columns = {
        "parents": [parent for parent, _ in rows],
        "names": [row.name for _, row in rows],
        "name_keys": [row.name.casefold() for _, row in rows],
        "codes": [row.code for _, row in rows],
        "categories": [row.category for _, row in rows],
    }
    values = {"root": root_id, "level": int(level), "reason": reason, **columns}
    made: list[int] = session.execute(ADD_ALL, values).scalar_one()
    for project in session.projectors.get("tenant", ()):
        for tenant_id in made:
            project(session, Recorded("tenancy.tenant.add", "tenant", str(tenant_id), tenant_id))
    return {row.code: tenant_id for (_, row), tenant_id in zip(rows, made, strict=True)}


def _rename(session: ScopedSession, rename: Rename, reason: str) -> None:
    tenant_id, name = rename.tenant_id, rename.row.name
    session.execute(RENAME, {"tenant_id": tenant_id, "name": name, "name_key": name.casefold()})
    record(session, "tenancy.tenant.rename", "tenant", tenant_id, tenant_id=tenant_id, fields=["name"], reason=reason)


def _put_profile(session: ScopedSession, root_id: int, profile: Mapping[str, Any], reason: str) -> None:
    theme = json.dumps(profile["theme"]) if "theme" in profile else None
    session.execute(PUT_PROFILE, {"root": root_id, "about": profile.get("about"), "theme": theme, "reason": reason})


@contextmanager
def _refusals() -> Iterator[None]:
    """Says what the database refused in words; whatever else goes wrong stays what it is."""
    try:
        yield
    except Problem as problem:
        if [fault.key for fault in problem.faults] != ["tenancy.invalid.code_taken"]:
            raise
        raise PackError([Finding(TENANT, 0, TAKEN)]) from problem
    except DBAPIError as error:
        said = REFUSED.get(getattr(error.orig, "sqlstate", None) or "")
        diagnosed = getattr(error.orig, "diag", None)
        if diagnosed is not None and diagnosed.constraint_name == "tenant_slot":
            said = f"{diagnosed.message_primary}: those that were there once keep theirs"
        if said is None:
            raise
        raise PackError([Finding(TENANTS, 0, said)]) from error
