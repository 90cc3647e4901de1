"""Exports: the rows of a list in a file, for those who may read the list and may carry it out, and on record."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from wuji.work import tasks

HEADER_ZH = ["编号", "时间", "做了什么", "对象类型", "对象", "身份", "谁", "组织编码", "组织", "改动的内容", "理由"]
COLUMNS = [
    "id",
    "at",
    "verb",
    "kind",
    "subject_id",
    "author",
    "account",
    "tenant_code",
    "tenant_name",
    "fields",
    "reason",
]


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def left_behind(world, files_dir):
    return (
        world.one("select count(*) from wuji.job where tenant_id = %s", world.tenant["village"]),
        world.one("select count(*) from wuji.file where tenant_id = %s", world.tenant["village"]),
        world.one("select count(*) from wuji.journal_record where tenant_id = %s", world.tenant["village"]),
        [path for path in files_dir.rglob("*") if path.is_file()],
    )


@pytest.fixture
def records(world):
    """Three things happened in the village, told in words that a spreadsheet would obey."""
    for number, reason in enumerate(['=HYPERLINK("http://x")', "+86 139", "平常"]):
        world.run(
            "insert into wuji.journal_record(root_id, tenant_id, account_id, verb, kind, subject_id, fields, reason, at) "
            "values (%s, %s, %s, 'test.thing.made', 'thing', '340722100000', '{a,b}', %s, "
            "timestamptz '2026-03-01 16:30:00+00' + %s * interval '1 second')",
            *(world.tenant["city"], world.tenant["village"], world.account["official@village"], reason, number),
        )


@pytest.mark.usefixtures("records")
def test_csv(world, export, download):
    answer = export("journal.records", filters={"sort": "at"}, headers={"Accept-Language": "zh-CN"})
    job = answer.json
    assert (job["kind"], job["state"], job["progress"], job["fault"]) == ("list.export", "done", 100, None)
    assert answer.headers["Location"] == f"/api/v1/tenants/{world.code['village']}/jobs/{job['id']}"
    file = download(answer)
    assert file.content_type == "text/csv; charset=utf-8"
    assert file.data.startswith(b"\xef\xbb\xbf")
    header, *rows = rows_of(file)
    assert header == HEADER_ZH
    assert [row[10] for row in rows] == ['\'=HYPERLINK("http://x")', "'+86 139", "平常"]
    assert rows[0][1:10] == [
        *("2026-03-02 00:30:00", "test.thing.made", "thing", "340722100000", "人员", "official@village"),
        *(world.code["village"], "village", "a, b"),
    ]


@pytest.mark.usefixtures("records")
def test_xlsx(export, download):
    file = download(export("journal.records", "xlsx", filters={"sort": "at"}))
    assert file.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = load_workbook(io.BytesIO(file.data)).active
    assert sheet.title == "Journal"
    assert sheet["B1"].value == "Time"
    assert sheet["B2"].value == datetime(2026, 3, 2, 0, 30)  # noqa: DTZ001 - a sheet's own clock
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("340722100000", "s")
    assert (sheet["K2"].value, sheet["K2"].data_type) == ('=HYPERLINK("http://x")', "s")


@pytest.mark.usefixtures("records")
def test_times_are_those_of_the_root(world, export, download):
    world.run(
        "insert into wuji.setting_value(tenant_id, key, mode, value) values (%s, 'tenancy.time_zone', 'set', '\"Asia/Urumqi\"')",
        world.tenant["city"],
    )
    _, first, *_ = rows_of(download(export("journal.records", filters={"sort": "at"})))
    assert first[1] == "2026-03-01 22:30:00"


def test_what_programs_call_things_is_said_in_words(export, download):
    header, *rows = rows_of(download(export("identity.grants", headers={"Accept-Language": "zh-CN"})))
    assert header == ["姓名", "角色名称", "授予时间", "到期时间", "状态", "账号", "单位编码", "单位"]
    assert {row[1] for row in rows} >= {"工作人员", "居民"}
    assert {row[4] for row in rows} == {"有效", "已到期", "已收回"}
    assert {row[5] for row in rows} == {"在用", "已停用", ""}
    header, *rows = rows_of(download(export("identity.roles")))
    assert ["clerk", "Clerk"] in [row[:2] for row in rows]
    assert not [row for row in rows if "identity." in row[2]]


def test_the_public_directory_can_be_exported_too(world, export, download):
    header, *rows = rows_of(download(export("tenancy.tenants", filters={"parent": world.code["street"]})))
    assert header == ["Code", "Name", "Level", "Category", "Parent code"]
    assert sorted(row[1] for row in rows) == ["sibling", "village"]
    assert {row[2] for row in rows} == {"4"}


@pytest.mark.usefixtures("records")
def test_an_export_is_on_record(world, export):
    export("journal.records")
    row = world.run(
        "select account_id, kind, subject_id, fields from wuji.journal_record where tenant_id = %s and verb = 'work.export.make'",
        world.tenant["village"],
    ).fetchall()
    assert row == [(world.account["official@village"], "list", "journal.records", COLUMNS)]


def test_who_may_export(world, export):
    for who, status in (("anonymous", 401), ("stranger", 404), ("official@sibling", 404), ("resident", 403)):
        assert export("tenancy.tenants", who=who).status_code == status, who
    for who in ("clerk", "official@city", "official@street"):
        assert export("tenancy.tenants", who=who, filters={"parent": world.code["street"]}).status_code == 201, who


@pytest.mark.usefixtures("records")
def test_the_list_s_own_permission_is_asked_too(world, export, files_dir):
    role = world.one(
        "insert into wuji.role(tenant_id, name, label, permissions, reach, class) "
        "values (%s, 'porter', 'porter', '{work.export.make}', 'subtree', 3) returning id",
        world.tenant["city"],
    )
    world.run(
        "insert into wuji.role_grant(tenant_id, account_id, account_name, role_id, given_by) values (%s, %s, 'x', %s, %s)",
        *(world.tenant["village"], world.account["stranger"], role, world.system),
    )
    before = left_behind(world, files_dir)
    answer = export("journal.records", who="stranger")
    assert answer.status_code == 403
    assert "journal.record.read" in answer.json["detail"]
    assert left_behind(world, files_dir) == before
    assert export("tenancy.tenants", who="stranger", filters={"parent": world.code["street"]}).status_code == 201


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"list": "journal.nothing", "format": "csv"}, "#/list"),
        ({"list": "journal.deployment_records", "format": "csv"}, "#/list"),
        ({"list": "", "format": "csv"}, "#/list"),
        ({"list": "a\0b", "format": "csv"}, "#/list"),
        ({"list": ["a"], "format": "csv"}, "#/list"),
        ({"format": "csv"}, "#/list"),
        ({"list": "journal.records", "format": "pdf"}, "#/format"),
        ({"list": "journal.records", "format": "csv", "filters": []}, "#/filters"),
        ({"list": "journal.records", "format": "csv", "filters": {"verbb": "x"}}, "#/filters/verbb"),
        ({"list": "journal.records", "format": "csv", "filters": {"since": "yesterday"}}, "#/filters/since"),
        ({"list": "journal.records", "format": "csv", "filters": {"since": "2026-03-01T08:00:00"}}, "#/filters/since"),
        ({"list": "journal.records", "format": "csv", "filters": {"verb": "a\0"}}, "#/filters/verb"),
        ({"list": "journal.records", "format": "csv", "filters": {"sort": "reason"}}, "#/filters/sort"),
        ({"list": "journal.records", "format": "csv", "filters": {"cursor": "x"}}, "#/filters/cursor"),
        ({"list": "tenancy.tenants", "format": "csv", "filters": {"level": 2.5}}, "#/filters/level"),
        ({"list": "tenancy.tenants", "format": "csv", "filters": {"level": True}}, "#/filters/level"),
    ],
)
def test_bad_input(world, ask, files_dir, sent, pointer):
    before = left_behind(world, files_dir)
    answer = ask("official@village", "POST", "village", "/exports", json=sent)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert left_behind(world, files_dir) == before


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"null", b"\xff", rb'{"list": "\ud800", "format": "csv"}'])
def test_bodies_that_are_none(ask, sent):
    answer = ask("official@village", "POST", "village", "/exports", data=sent, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


@pytest.mark.usefixtures("records")
def test_too_much_is_refused_before_anything_is_written(world, export, files_dir, monkeypatch):
    monkeypatch.setitem(tasks.MOST, "csv", 2)
    before = left_behind(world, files_dir)
    answer = export("journal.records")
    assert answer.status_code == 422
    assert answer.json["type"] == "urn:wuji:problem:work.too_many_rows"
    assert "2 rows" in answer.json["detail"]
    assert left_behind(world, files_dir) == before
    assert export("journal.records", filters={"since": "2026-03-01T16:30:01+00:00"}).status_code == 201


@pytest.mark.usefixtures("records")
def test_an_export_that_breaks_leaves_nothing(world, export, files_dir, monkeypatch):
    def break_off(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "write_csv", break_off)
    before = left_behind(world, files_dir)
    assert export("journal.records").status_code == 500
    assert left_behind(world, files_dir) == before


@pytest.mark.usefixtures("records")
def test_the_same_call_again_makes_no_second_job(export):
    key = {"Idempotency-Key": "once"}
    first, again = export("journal.records", headers=key), export("journal.records", headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json
