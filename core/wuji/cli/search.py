"""`wuji search …`: making the index what the rows say, and proving that it is."""

from collections.abc import Iterator, Sequence

import click
from rich.table import Table
from sqlalchemy import select

from wuji.cli.acting import ActingProgram, pass_acting
from wuji.cli.packs import progress
from wuji.cli.program import console
from wuji.kit.db.doors import Door, by_public
from wuji.plugin.records import SearchKind
from wuji.search.registry import Search
from wuji.search.services.rebuilding import reindex as reindex_kind
from wuji.search.services.rebuilding import verify as verify_kind
from wuji.tenancy.models import Tenant, TenantCode
from wuji.work.services import system_door

HOLD = "12 hours"
SHOWN = 10
CODE = click.option(
    "--tenant", "code", metavar="CODE", help="Only this tenant and all below it; without it every root."
)
KIND = click.option("--kind", "name", metavar="KIND", help="Only documents of this kind, such as tenant.")


@click.group()
def search() -> None:
    """Rebuild and verify the index that search reads."""


@search.command()
@CODE
@KIND
@pass_acting
def reindex(program: ActingProgram, code: str | None, name: str | None) -> None:
    """Write whatever the index does not say as the rows do. Everybody goes on working; cut off, it goes on where it stopped."""
    changed = 0
    for title, door in places(program, code):
        for kind in kinds(program, name):
            with progress(f"{title}: {kind.name}", 0) as advance:
                number = reindex_kind(program.deployment, door, kind, advance)
            console.print(f"{title}  {kind.name}: {number:,} documents written.", markup=False, soft_wrap=True)
            changed += number
    console.print(f"{changed:,} documents written in all." if changed else "The index was as it should be.")


@search.command()
@CODE
@KIND
@pass_acting
def verify(program: ActingProgram, code: str | None, name: str | None) -> None:
    """Compare the index with the rows, document by document; name what differs and end with status 1 where anything does."""
    table = Table("at", "kind", "rows", "documents", "sum of rows", "sum of documents", "differ")
    wrong = 0
    named: list[str] = []
    for title, door in places(program, code):
        for kind in kinds(program, name):
            with progress(f"{title}: {kind.name}", 0) as advance:
                found = verify_kind(program.deployment, door, kind, advance)
            sums = f"{found.row_sum:016x}", f"{found.document_sum:016x}"
            table.add_row(title, kind.name, f"{found.rows:,}", f"{found.documents:,}", *sums, f"{len(found.wrong):,}")
            wrong += len(found.wrong)
            for what, ids in (("missing", found.missing), ("stale", found.stale), ("left over", found.extra)):
                named += [f"{what}: {kind.name} {id_}" for id_ in ids]
    console.print(table)
    for line in named[:SHOWN]:
        console.print(line, markup=False, soft_wrap=True)
    if wrong:
        console.print(f"{wrong:,} documents differ; `wuji search reindex` writes them anew.", markup=False)
        raise click.exceptions.Exit(1)


def kinds(program: ActingProgram, name: str | None) -> Sequence[SearchKind]:
    known = program.deployment.part(Search).kinds
    if name is not None and name not in known:
        raise click.BadParameter(f"there is {', '.join(sorted(known))}", param_hint="--kind")
    return [kind for kind in known.values() if name in {None, kind.name}]


def places(program: ActingProgram, code: str | None) -> Iterator[tuple[str, Door]]:
    """Each tenant whose documents are looked at, with a door into its whole subtree. Closed trees have none."""
    found = select(Tenant.id, Tenant.name, TenantCode.code).join(TenantCode, TenantCode.tenant_id == Tenant.id)
    which = Tenant.parent_id.is_(None) if code is None else TenantCode.code == code
    with program.deployment.work(by_public(None), read_only=True) as session:
        rows = session.execute(found.where(which, TenantCode.valid_to.is_(None), Tenant.state == "active")).all()
    if code is not None and not rows:
        raise click.BadParameter(f"no active tenant has the code {code}", param_hint="--tenant")
    for row in rows:
        with system_door(program.system, program.reason, tenant_id=row.id, hold=HOLD) as door:
            yield f"{row.name} {row.code}", door
