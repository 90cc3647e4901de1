"""An export of many rows holds few of them in memory."""

import sys

import pytest
from openpyxl import load_workbook

from wuji.work import services

ROWS = 50_000


@pytest.fixture
def many(world):
    world.run(
        "insert into wuji.journal_record(root_id, tenant_id, account_id, verb, kind, subject_id, fields, reason, at) "
        "select %s, %s, %s, 'test.thing.made', 'thing', n::text, '{a,b}', repeat('长', 40), now() - n * interval '1 s' "
        "from generate_series(1, %s) n",
        *(world.tenant["city"], world.tenant["grid"], world.account["official@grid"], ROWS),
    )


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_fifty_thousand_rows(app, world, form, monkeypatch):
    """A row is a dozen objects; looked at with every report of progress, there is never more than one for each row."""
    blocks: list[int] = []
    monkeypatch.setattr(services, "_unseen", lambda _progress: blocks.append(sys.getallocatedblocks()))
    deployment = app.extensions["wuji"]
    args = {"list": "journal.records", "format": form, "filters": {}, "locale": "zh-CN"}
    with deployment.work(world.door("official@grid", "grid")) as session:
        job_id = services.run_inline(deployment, session, "list.export", args)
        file = services.get_job_file(deployment.files, session, job_id)
    assert len(blocks) == ROWS / 1000
    assert max(blocks) - blocks[0] < ROWS
    with file.stream as stream:
        if form == "csv":
            assert sum(1 for _ in stream) == ROWS + 1
        else:
            sheet = load_workbook(stream, read_only=True).active
            assert sum(1 for _ in sheet.iter_rows(min_row=2, min_col=5, max_col=5)) == ROWS
