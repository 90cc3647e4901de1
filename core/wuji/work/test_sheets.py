"""Spreadsheets opened again: what was text is text, what was a number or a time is one, and nothing calculates."""

import csv
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from wuji.work.sheets import ACTIVE, CELL, passive, sheet_name, shown, write_csv, write_xlsx

AT = datetime(2026, 3, 2, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # the day before in UTC
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    '",=1+1',
    "{=1+1}",
    "http://example.org",
    "_x0041_",
    "\x01 control",
    "340722100000",
    "0012",
    "1e5",
    "铜陵\n第二行",
]


def write_both(folder, rows, columns):
    write_csv(folder / "x.csv", [f"列{n}" for n in range(columns)], iter(rows))
    write_xlsx(folder / "x.xlsx", "名录", [f"列{n}" for n in range(columns)], [str] * columns, iter(rows))
    with (folder / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    book = load_workbook(folder / "x.xlsx")
    return read, book


def test_what_people_wrote_stays_text(tmp_path):
    read, book = write_both(tmp_path, [[text] for text in HOSTILE], 1)
    assert read[0] == ["列0"]
    for (cell,), text in zip(read[1:], HOSTILE, strict=True):
        assert cell == (f"'{text}" if text.startswith(ACTIVE) else text)
        assert not cell.startswith(ACTIVE)
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    plain = [text for text in HOSTILE if "\r" not in text and "\x01" not in text and text != "_x0041_"]
    assert [cell.value for cell in cells if cell.value in plain] == plain


def test_csv_is_what_rfc_4180_and_excel_ask_for(tmp_path):
    write_csv(tmp_path / "x.csv", ["甲", 'b"c'], [["1,2", 'a"b'], ["x\ny", None]])
    assert (tmp_path / "x.csv").read_bytes() == (b"\xef\xbb\xbf" + '甲,"b""c"\r\n"1,2","a""b"\r\n"x\ny",\r\n'.encode())


def test_values_of_other_types(tmp_path):
    number = UUID("019a0000-0000-7000-8000-000000000001")
    rows = [[AT, date(2026, 3, 1), -5, 10**17, True, None, number, ["a", "=b"], 1.5, Decimal("2.5"), float("nan")]]
    read, book = write_both(tmp_path, rows, 11)
    assert read[1] == [
        *("2026-03-02 00:30:00", "2026-03-01", "-5", "1" + "0" * 17, "TRUE", "", str(number)),
        *("a, =b", "1.5", "2.5", "nan"),
    ]
    found = [cell.value for cell in book.active[2]]
    assert found == [
        *(datetime(2026, 3, 2, 0, 30), "2026-03-01", -5, "1" + "0" * 17, True, None),  # noqa: DTZ001 - a sheet's own clock
        *(str(number), "a, =b", 1.5, 2.5, "nan"),
    ]


def test_a_sheet_says_what_it_is_and_keeps_its_header_in_sight(tmp_path):
    _, book = write_both(tmp_path, [["x"]], 1)
    assert book.sheetnames == ["名录"]
    assert book.active.freeze_panes == "A2"
    assert book.active["A1"].font.bold
    assert book.active.column_dimensions["A"].width > 20


def test_a_text_longer_than_a_cell_says_that_it_was_cut(tmp_path):
    _, book = write_both(tmp_path, [["长" * (CELL + 5)]], 1)
    assert book.active["A2"].value == "长" * (CELL - 1) + "…"


def test_times_before_the_calendar_of_a_sheet_are_text(tmp_path):
    _, book = write_both(tmp_path, [[datetime(1899, 1, 1, tzinfo=AT.tzinfo)]], 1)
    assert book.active["A2"].value.startswith("1899-01-01 ")


@pytest.mark.parametrize(
    ("title", "name"),
    [("名录", "名录"), ("a/b:[c]*?\\'", "a b  c"), ("'", "1"), ("长" * 40, "长" * 31)],
)
def test_names_of_sheets(title, name):
    assert sheet_name(title) == name


def test_a_number_is_no_formula():
    assert passive(-5) == "-5"
    assert passive("-5") == "'-5"
    assert shown(False) == "FALSE"  # noqa: FBT003 - the value itself is shown
