"""`wuji rollup …`: counting figures anew out of the rows, and proving that they are what the rows say."""

from collections.abc import Iterable, Iterator, Sequence

import click
from rich.table import Table

from wuji.cli.acting import ActingProgram, pass_acting
from wuji.cli.packs import progress
from wuji.cli.program import console
from wuji.cli.search import CODE, SHOWN, places
from wuji.plugin.figures import Figure
from wuji.rollup.registry import Figures
from wuji.rollup.services.rebuilding import Comparison, recount
from wuji.rollup.services.rebuilding import verify as verify_figure

FIGURE = click.option("--figure", "name", metavar="FIGURE", help="Only this figure, such as agri_tips.published.")


@click.group()
def rollup() -> None:
    """Rebuild and verify figures."""


@rollup.command()
@CODE
@FIGURE
@pass_acting
def rebuild(program: ActingProgram, code: str | None, name: str | None) -> None:
    """Count everything anew and put all sums together anew. Everybody goes on working; cut off, it goes on where it stopped."""
    changed = 0
    for title, door in places(program, code):
        for figure in figures(program, name):
            with progress(f"{title}: {figure.name}", 0) as advance:
                number = recount(program.deployment, door, figure, advance)
            console.print(f"{title}  {figure.name}: {number:,} facts counted anew.", markup=False, soft_wrap=True)
            changed += number
    console.print(f"{changed:,} facts counted anew in all." if changed else "Every fact was counted as it should be.")


@rollup.command()
@CODE
@FIGURE
@pass_acting
def verify(program: ActingProgram, code: str | None, name: str | None) -> None:
    """Count everything again and compare; name what differs and end with status 1 where anything does."""
    table = Table("at", "figure", "subjects", "counted wrongly", "sums that are wrong")
    named: list[str] = []
    for title, door in places(program, code):
        for figure in figures(program, name):
            with progress(f"{title}: {figure.name}", 0) as advance:
                found = verify_figure(program.deployment, door, figure, advance)
            wrong = f"{len(found.wrong):,}", f"{len(found.sums):,}{'' if found.complete else ' or more'}"
            table.add_row(title, figure.name, f"{found.subjects:,}", *wrong)
            named += differences(found)
    console.print(table)
    for line in named[:SHOWN]:
        console.print(line, markup=False, soft_wrap=True)
    if named:
        raise click.exceptions.Exit(1)


def differences(found: Comparison) -> Iterator[str]:
    yield from (f"counted wrongly: {found.figure} {subject}" for subject in found.wrong)
    for one in found.sums:
        place = f"{found.figure} tenant {one.tenant_id} {one.period} {one.starts_on}"
        yield f"wrong sum: {place}: {one.said}, should be {one.counted}"


def figures(program: ActingProgram, name: str | None) -> Sequence[Figure]:
    known = program.deployment.part(Figures).by_name
    if name is not None and name not in known:
        raise click.BadParameter(f"there is {listed(known)}", param_hint="--figure")
    return [figure for figure in known.values() if name in {None, figure.name}]


def listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
