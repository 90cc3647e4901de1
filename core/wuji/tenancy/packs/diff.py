"""What a pack would change in the database. Read in the scope of its root, or for a new root in the operator's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from wuji.kit.db.session import ScopedSession
from wuji.tenancy.codes import Level
from wuji.tenancy.models import Tenant, TenantCode, TenantProfile
from wuji.tenancy.packs.finding import Finding, Findings, PackError
from wuji.tenancy.packs.pack import TENANT, TENANTS, Pack
from wuji.tenancy.packs.tree import Row

PARENT = aliased(TenantCode, name="parent_code")
MANY = 5000  # codes asked for in one statement


@dataclass(frozen=True)
class Rename:
    """A tenant whose name in the pack is another one."""

    tenant_id: int
    row: Row
    was: str


@dataclass(frozen=True)
class Diff:
    """`root_id` None: the root itself is new. `ids`: code to id of what is there. `missing`: codes there, not in the pack."""

    root_id: int | None
    ids: Mapping[str, int]
    added: Sequence[Row]
    renamed: Sequence[Rename]
    missing: Sequence[str]
    profile: Mapping[str, Any]

    @property
    def changes(self) -> tuple[Sequence[Row], Sequence[Rename], Mapping[str, Any]]:
        return (self.added, self.renamed, self.profile)


def find_root_id(session: ScopedSession, code: str) -> int | None:
    """The root with this code, None where nobody has it; any door will do. Raises PackError where it is no active root's."""
    found = session.execute(
        select(TenantCode.tenant_id, Tenant.root_id)
        .outerjoin(Tenant, (Tenant.id == TenantCode.tenant_id) & (Tenant.state == "active"))
        .where(TenantCode.code == code, TenantCode.valid_to.is_(None))
    ).one_or_none()
    if found is not None and found.root_id != found.tenant_id:
        raise PackError(
            [Finding(TENANT, 0, f"{code} is no root there, or not an active one; a pack sets up a whole tree")]
        )
    return found and found.tenant_id


def compare(session: ScopedSession, pack: Pack) -> Diff:
    """Raises PackError for what a pack cannot do: another parent, level or category, a code that is in use elsewhere."""
    findings = Findings()
    root_id = find_root_id(session, pack.root.code)
    if root_id not in {None, session.actor.tenant_id}:
        findings.error(TENANT, 0, f"somebody else set up {pack.root.code} at this moment; run it again")
        findings.refuse()
    there = _tree(session) if root_id else {}
    rows = [pack.root, *pack.rows]
    added = [row for row in rows if row.code not in there]
    _check_codes(session, pack, added, findings)
    renamed: list[Rename] = []
    for row in rows:
        found = there.get(row.code)
        if found is None:
            continue
        _check_same(row, found, findings)
        if found.name != row.name and row is not pack.root:
            renamed.append(Rename(found.id, row, found.name))
        elif found.name != row.name:
            findings.error(
                TENANT,
                0,
                f"{row.code} is called {found.name} there; a root is renamed by the operator, not by its pack",
            )
    findings.refuse()
    missing = sorted(there.keys() - {row.code for row in rows})
    ids = {code: found.id for code, found in there.items()}
    return Diff(root_id, ids, added, renamed, missing, _profile(session, pack, root_id))


def _tree(session: ScopedSession) -> dict[str, Any]:
    """Everything in the scope's range, by its present code; the acting tenant must be a root."""
    found = session.execute(
        select(TenantCode.code, Tenant.id, Tenant.name, Tenant.level, Tenant.category, PARENT.code.label("parent"))
        .join(TenantCode, (TenantCode.tenant_id == Tenant.id) & TenantCode.valid_to.is_(None))
        .outerjoin(PARENT, (PARENT.tenant_id == Tenant.parent_id) & PARENT.valid_to.is_(None))
        .where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
        .where(Tenant.root_id == session.actor.tenant_id)
    )
    return {row.code: row for row in found}


def _check_codes(session: ScopedSession, pack: Pack, added: Sequence[Row], findings: Findings) -> None:
    """A code that is to be added must be free in the whole deployment, and no tenant's old one."""
    lines = {row.code: row.line for row in added}
    codes = list(lines)
    for start in range(0, len(codes), MANY):
        used = select(TenantCode.code, TenantCode.valid_to, TenantCode.tenant_id).where(
            TenantCode.code.in_(codes[start : start + MANY])
        )
        for code, valid_to, tenant_id in session.execute(used):
            file = TENANT if code == pack.root.code else TENANTS
            if valid_to is None:
                findings.error(
                    file, lines[code], f"{code} is the code of a tenant of another tree; a code is used once"
                )
            else:
                now = session.scalar(
                    select(TenantCode.code).where(TenantCode.tenant_id == tenant_id, TenantCode.valid_to.is_(None))
                )
                findings.error(file, lines[code], f"{code} became {now} on {valid_to}; write the new code")


def _check_same(row: Row, found: Any, findings: Findings) -> None:
    file = TENANTS if row.line else TENANT
    for what, here, was in (
        ("below", row.parent, found.parent or ""),
        ("a", row.level.word, Level(found.level).word),
        ("a", row.category, found.category),
    ):
        if here != was:
            findings.error(
                file,
                row.line,
                f"{row.code} is {what} {was} there, {what} {here} here; a pack moves nothing and changes no kind",
            )


def _profile(session: ScopedSession, pack: Pack, root_id: int | None) -> Mapping[str, Any]:
    """What the pack says of the root that is not there yet."""
    said = {name: value for name, value in (("about", pack.about), ("theme", pack.theme or None)) if value is not None}
    if root_id is None:
        return said
    there = session.execute(
        select(TenantProfile.about, TenantProfile.theme).where(TenantProfile.tenant_id == root_id)
    ).one()
    return {name: value for name, value in said.items() if getattr(there, name) != value}
