"""Rows as a file for a spreadsheet. What people wrote is text there and never a formula, whoever opens it."""

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from uuid import UUID

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Row = Sequence[object]
SHOWN = "%Y-%m-%d %H:%M:%S"
# What makes a spreadsheet program calculate (OWASP, CSV injection), full-width forms included: Chinese input writes those.
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EXACT = 10**15  # a cell holds fifteen digits; a number with more would be rounded
CELL = 32_767  # characters that a cell holds
FIRST_YEAR = 1900  # Excel's calendar begins there
REFUSED = re.compile(r"[][:*?/\\']")
SHEET = 31  # characters of a sheet's name
WIDTHS: dict[type, int] = {datetime: 20, UUID: 38, int: 12, bool: 8, list: 40}
WIDTH = 24


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """RFC 4180 in UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([passive(name) for name in header])
        writer.writerows([passive(value) for value in row] for row in rows)


def write_xlsx(path: Path, title: str, header: Sequence[str], types: Sequence[type], rows: Iterable[Row]) -> None:
    """One sheet, its header frozen; rows go to disk as they come. The folder of `path` takes what the writer sets aside."""
    with closing(Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})) as book:
        bold, time = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet(sheet_name(title))
        sheet.freeze_panes(1, 0)
        for column, (name, kind) in enumerate(zip(header, types, strict=True)):
            sheet.set_column(column, column, WIDTHS.get(kind, WIDTH))
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, time)


def shown(value: object) -> str:
    """A value as people read it; times by the clock that they come with."""
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime(SHOWN)
        case date():
            return value.isoformat()
        case bool():
            return "TRUE" if value else "FALSE"
        case list() | tuple():
            return ", ".join(map(shown, value))
        case _:
            return str(value)


def passive(value: object) -> str:
    """For CSV, which cannot say that a cell is text: an apostrophe in front of what would be calculated."""
    text = value if isinstance(value, str) else shown(value)
    harmless = isinstance(value, int | float | Decimal)
    return text if harmless or not text.startswith(ACTIVE) else f"'{text}"


def sheet_name(title: str) -> str:
    """Without what Excel refuses in the name of a sheet."""
    return REFUSED.sub(" ", title).strip()[:SHEET] or "1"


def _write(sheet: Worksheet, row: int, column: int, value: object, time: Format) -> None:
    match value:
        case str():
            sheet.write_string(row, column, _fitting(value))
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case int() if abs(value) < EXACT:
            sheet.write_number(row, column, value)
        case float() | Decimal() if isfinite(value):
            sheet.write_number(row, column, value)
        case datetime() if value.year > FIRST_YEAR:
            sheet.write_datetime(row, column, value.replace(tzinfo=None), time)
        case _:
            sheet.write_string(row, column, _fitting(shown(value)))


def _fitting(text: str) -> str:
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
