"""Exports of lists that stand at no tenant: the operator's, and everybody's own. The file is the answer."""

import csv
import io

import pytest
from openpyxl import load_workbook

from wuji.kit.options import load
from wuji.testing import World
from wuji.testing.application import make_app

MADE = "select subject_id, fields, account_id from wuji.journal_record where verb = 'work.export.make' and tenant_id is null"


@pytest.fixture
def own(server, make_database):
    """A deployment of the test's own: the operator's lists are about all of it."""
    made = World(server, make_database())
    yield made
    made.close()


@pytest.fixture
def send(server, own, files_dir):
    app = make_app(server, own.database, load({"WUJI_MODE": "development", "WUJI_FILES_DIR": str(files_dir)}))

    def export(name, how="csv", who="operator", headers=None, **filters):
        client = app.test_client()
        if who in own.cookie:
            client.set_cookie("wuji-8000", own.cookie[who])
        usual = {"X-Wuji-Request": "1", "Accept-Language": "en", **(headers or {})}
        sent = {"list": name, "format": how, "filters": filters}
        return client.post("/api/v1/exports", json=sent, headers=usual, buffered=True)

    yield export
    app.extensions["wuji"].engine.dispose()


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_roots(own, send):
    own.run("update wuji.tenant set name = '=1+1' where id = %s", own.tenant["other"])
    answer = send("tenancy.roots", sort="code", headers={"Accept-Language": "zh-CN"})
    header, *rows = rows_of(answer)
    assert header[:2] == ["编码", "名称"]
    assert sorted(row[1] for row in rows) == ["'=1+1", "city"]
    assert ".csv" in answer.headers["Content-Disposition"]
    assert "None" not in answer.headers["Content-Disposition"]
    assert [row[1] for row in rows_of(send("tenancy.roots", q="city"))[1:]] == ["city"]


def test_xlsx(own, send):
    answer = send("identity.operators", "xlsx")
    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet["A2"].value == "operator"
    assert sheet.max_row == 2
    assert own.run(MADE).fetchone()[::2] == ("identity.operators", own.account["operator"])


def test_every_list_of_the_operator(own, send):
    applied = own.one("select count(*) from wuji.application where tenant_id is null")
    assert len(rows_of(send("onboarding.root_applications"))) == 1 + applied
    header, *rows = rows_of(send("journal.deployment_records"))
    assert header[5:7] == ["Acting as", "Who"]
    assert [row[2] for row in rows] == ["Exported a list"] * 1
    (first, second) = own.run(f"{MADE} order by id").fetchall()
    assert (first[0], second[0]) == ("onboarding.root_applications", "journal.deployment_records")
    assert "account" in second[1]


def test_everybody_s_own(own, send):
    with own.enter("resident", "village") as tx:
        tx.one("select wuji.record('test.tip.read', 'tip', '9', %s, null, null, null)", own.tenant["village"])
        tx.commit()
    _header, *rows = rows_of(send("journal.own_records", who="resident"))
    assert [row[2] for row in rows] == ["test.tip.read"]
    assert send("journal.own_records", who="anonymous").status_code == 401


@pytest.mark.parametrize("who", ["resident", "official@city", "stranger"])
@pytest.mark.parametrize("name", ["tenancy.roots", "identity.operators", "journal.nothing", "identity.grants"])
def test_nobody_else_learns_that_there_is_such_a_list(own, send, who, name):
    answer = send(name, who=who)
    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert error["pointer"] == "#/list"
    assert error["message"].endswith("journal.own_records.")
    assert own.one(f"select count(*) from ({MADE}) made") == 0


def test_the_right_to_export_is_asked_beside_the_right_to_read(own, send):
    own.run("update wuji.role set permissions = array_remove(permissions, 'work.export.make') where name = 'operator'")
    answer = send("tenancy.roots")
    assert answer.status_code == 403
    assert "work.export.make" in answer.json["detail"]
    assert send("journal.own_records").status_code == 200


def test_what_stands_at_a_tenant_is_exported_there(send):
    assert send("identity.grants").status_code == 422
    answer = send("tenancy.roots", colour="red")
    assert [error["pointer"] for error in answer.json["errors"]] == ["#/filters/colour"]
