"""`python -m tests.scale` measures every bar, prints the report and writes it to docs/benchmarks.md."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from tests.scale.bars import BARS
from tests.scale.ground import FULL, SHORT, open_ground
from tests.scale.report import write_report

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


@click.command()
@click.option("--short", is_flag=True, help="Little data, limits that allow for a busy machine, no report file.")
@click.option("--only", multiple=True, metavar="TEXT", help="Bars with this in their title alone; no report file.")
@click.option("--postgres", type=click.Path(path_type=Path), help="Bin folder of another PostgreSQL.")
def main(*, short: bool, only: tuple[str, ...], postgres: Path | None) -> None:
    """Measures every bar; ends with status 1 where one is missed."""
    wanted = [bar for bar in BARS if not only or any(text.lower() in bar.title.lower() for text in only)]
    with open_ground(SHORT if short else FULL, postgres) as ground:
        figures = {}
        for bar in wanted:
            click.echo(f"measuring: {bar.title}", err=True)
            figures[bar] = []
            for figure in bar.measure(ground):
                click.echo(f"  {figure.what}: {figure.measured}, asked {figure.asked}", err=True)
                figures[bar].append(figure)
        report = write_report(ground, figures, datetime.now(UTC).date())
    click.echo(report)
    if not short and not only:
        REPORT.write_text(report, encoding="utf-8")
    missed = [figure for lines in figures.values() for figure in lines if not figure.holds(short=short)]
    for figure in missed:
        allowed = figure.loose if short else figure.most
        said = f"{figure.measured}, baseline {figure.baseline}: {figure.value:.2f} where {allowed:.2f} is allowed"
        click.echo(f"missed: {figure.what}: {said}", err=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
