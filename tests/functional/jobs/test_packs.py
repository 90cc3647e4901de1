"""Packs as the operator sets them up: what one would change, then applied by jobs, with everything that it brings."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from msgspec import structs

pytestmark = pytest.mark.timeout(400)  # leases run out, programs start


@pytest.fixture
def working(crew):
    crew.start()
    with crew.relaying():
        yield crew


def find(crew, name="example"):
    answer = crew.ask("operator", "GET", "/operator/packs")
    assert answer.status_code == HTTPStatus.OK, answer.text
    return next(one for one in answer.json["items"] if one["id"] == name)


def ended(crew, kind):
    job = find(crew)["job"]
    return job is not None and job["kind"] == kind and job["state"] in {"done", "failed"}


def do(crew, until, what, kind):
    answer = crew.ask("operator", "POST", f"/operator/packs/example/{what}")
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    assert answer.json["job"]["kind"] == kind
    until(
        lambda: (
            ended(crew, kind)
            and crew.world.one("select count(*) from wuji.job where state in ('waiting', 'running')") == 0
        )
    )
    job = find(crew)["job"]
    assert (job["state"], job["problem"]) == ("done", None)
    return job["outcome"]


def test_compared_applied_and_applied_again(working, until):
    assert find(working)["job"] is None
    would = do(working, until, "dry-run", "pack.compare")
    there = "select count(*) from wuji.tenant t join wuji.tenant r on r.id = t.root_id where r.name = '示例市'"
    assert working.world.one(there) == 0
    assert would["is_new"] is True
    assert would["added"] == 94
    assert would["first_added"][0] == {"code": "9901", "name": "示例市", "level": "city"}
    done = do(working, until, "apply", "pack.apply")
    assert working.world.one(there) == 94
    assert (done["is_new"], done["added"]) == (False, 0)  # the second job, at the new root, which found the tree there
    jobs = working.world.run(
        "select state, tenant_id is null, outcome->>'added' from wuji.job where kind = 'pack.apply' order by id"
    ).fetchall()
    assert jobs == [("done", True, "94"), ("done", False, "0")]
    again = do(working, until, "dry-run", "pack.compare")
    assert (again["is_new"], again["added"], again["renamed"], again["roles"], again["rules"]) == (False, 0, 0, [], [])
    recorded = "select count(*) from wuji.journal_record where verb = 'governance.pack.apply' and account_id = %s"
    assert working.world.one(recorded, working.world.account["operator"]) == 1


def test_one_that_does_not_fit_says_why(working, until):
    """Told in the words of the findings, and not tried again."""
    code = (
        "insert into wuji.tenant_code(tenant_id, code, kind, valid_from) values (%s, '9901', 'division', current_date)"
    )
    working.world.run(
        "update wuji.tenant_code set valid_to = current_date where tenant_id = %s", working.world.tenant["district"]
    )
    working.world.run(code, working.world.tenant["district"])
    working.ask("operator", "POST", "/operator/packs/example/apply")
    until(lambda: ended(working, "pack.apply"))
    job = find(working)["job"]
    assert job["state"] == "failed"
    assert "9901" in job["problem"]["detail"]
    assert working.ask("operator", "GET", "/operator/dead-letters").json["items"] == []


def test_one_that_cannot_be_read_and_one_that_is_not_there(crew, tmp_path, monkeypatch):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "tenant.toml").write_text("code = ")
    made = crew.app.extensions["wuji"]
    elsewhere = replace(made, options=structs.replace(made.options, packs_dir=tmp_path))
    monkeypatch.setitem(crew.app.extensions, "wuji", elsewhere)
    assert find(crew, "broken") == {"id": "broken", "code": None, "name": "broken", "job": None}
    for name in ("broken", "nothing", "..%2Fbroken", "..."):
        assert crew.ask("operator", "POST", f"/operator/packs/{name}/apply").status_code == HTTPStatus.NOT_FOUND
    assert crew.world.one("select count(*) from wuji.job") == 0


def test_nobody_else(crew):
    for who, status in (("official@city", 404), ("stranger", 404), ("anonymous", 401)):
        assert crew.ask(who, "GET", "/operator/packs").status_code == status
        assert crew.ask(who, "POST", "/operator/packs/example/apply").status_code == status
    with crew.world.enter("official@city", "city") as tx:
        assert tx.refused("select wuji.pack_ask('pack.apply', 'example', '9901')") == "42501"
        assert tx.refused("select * from wuji.pack_jobs()") == "42501"
    with crew.world.enter("operator", None) as tx:
        assert tx.refused("select wuji.pack_ask('list.export', 'example', '9901')") == "42501"
    assert crew.world.one("select count(*) from wuji.job") == 0
