"""The report as it stands in docs/benchmarks.md."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from platform import machine, python_version

from tests.scale.bars import Bar
from tests.scale.ground import Ground
from tests.scale.measure import Figure

HEAD = """# Benchmarks

Written by `make bench`; every figure is a median of one run in which what is compared took turns, on a machine that did
other work too. Ratios are what counts; milliseconds are this machine's.

{machine}. {date}. {tenants:,} tenants, {tips:,} rows behind the wall, {records:,} journal records.
"""
SECTION = """
## {title}

Baseline: {baseline}.

| | asked | measured | baseline | |
|---|---|---|---|---|
"""


def describe(ground: Ground) -> str:
    """The machine and the programs, in a line."""
    versions = f"PostgreSQL {ground.postgres_version}, Python {python_version()}"
    return f"{os.cpu_count()} cores ({machine()}), {versions}, load average {os.getloadavg()[1]:.1f} at the end"


def write_report(ground: Ground, figures: Mapping[Bar, Sequence[Figure]], on: date) -> str:
    size = ground.size
    parts = [HEAD.format(machine=describe(ground), date=on, tenants=size.tenants, tips=size.tips, records=size.records)]
    for bar, lines in figures.items():
        parts.append(SECTION.format(title=bar.title, baseline=bar.baseline))
        parts += [f"{line(figure, short=size.short)}\n" for figure in lines]
    return "".join(parts)


def line(figure: Figure, *, short: bool) -> str:
    """One row of a table."""
    said = (
        "holds"
        if figure.holds(short=False)
        else "within the short run's limit"
        if figure.holds(short=short)
        else "**missed**"
    )
    return f"| {figure.what} | {figure.asked} | {figure.measured} | {figure.baseline} | {said} |"
