"""Long exports as jobs: watched, stopped and fetched by whoever asked; and what the operator does about dead letters."""

import csv
import io

import pytest

pytestmark = pytest.mark.timeout(400)  # programs start
ROWS = 40_000


@pytest.fixture
def working(crew):
    crew.start()
    with crew.relaying():
        yield crew


@pytest.fixture
def many(crew):
    crew.world.run(
        "insert into wuji.journal_record(root_id, tenant_id, account_id, verb, kind, subject_id, fields, reason, at) "
        "select %s, %s, %s, 'test.thing.made', 'thing', n::text, '{a,b}', repeat('长', 40), now() - n * interval '1 s' "
        "from generate_series(1, %s) n",
        *(crew.world.tenant["city"], crew.world.tenant["village"], crew.world.account["official@village"], ROWS),
    )


def export(crew, who="official@village", **filters):
    sent = {"list": "journal.records", "format": "csv", "filters": {"kind": "thing", **filters}}
    return crew.ask(who, "POST", f"/tenants/{crew.world.code['village']}/exports", json=sent)


def look(crew, job, who="official@village"):
    answer = crew.ask(who, "GET", f"/me/jobs/{job}")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.usefixtures("many")
def test_a_long_list_is_written_by_a_job(working, until):
    answer = export(working)
    assert answer.status_code == 202, answer.text
    job = answer.json
    assert (job["state"], job["title"], job["problem"], job["file_name"]) == ("waiting", "Journal", None, None)
    assert answer.headers["Location"].endswith(f"/jobs/{job['id']}")
    seen: set[int] = set()

    def done() -> bool:
        now = look(working, job["id"])
        seen.add(now["progress"])
        assert now["state"] in {"waiting", "running", "done"}
        return bool(now["state"] == "done")

    until(done)
    assert len(seen - {0, 100}) >= 1
    file = working.ask("official@village", "GET", f"/me/jobs/{job['id']}/file")
    assert file.status_code == 200
    assert sum(1 for _ in csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline=""))) == ROWS + 1
    assert look(working, job["id"])["file_size"] == len(file.data)
    at = working.ask("official@village", "GET", f"/tenants/{working.world.code['village']}/jobs/{job['id']}/file")
    assert at.data == file.data
    listed = working.ask("official@village", "GET", "/me/jobs").json["items"]
    assert [one["id"] for one in listed] == [job["id"]]
    for other in ("official@street", "operator", "clerk"):
        assert working.ask(other, "GET", f"/me/jobs/{job['id']}").status_code == 404
        assert working.ask(other, "GET", f"/me/jobs/{job['id']}/file").status_code == 404
        assert working.ask(other, "POST", f"/me/jobs/{job['id']}/cancel").status_code == 404
        assert working.ask(other, "POST", f"/me/jobs/{job['id']}/retry").status_code == 404


@pytest.mark.usefixtures("many")
def test_a_running_export_stops_when_it_is_cancelled_and_can_be_had_after_all(working, until):
    job = export(working).json["id"]
    until(lambda: look(working, job)["progress"] > 0)
    answer = working.ask("official@village", "POST", f"/me/jobs/{job}/cancel")
    assert (answer.status_code, answer.json["cancel_asked"], answer.json["state"]) == (200, True, "running")
    until(lambda: look(working, job)["state"] == "cancelled", 10)
    assert look(working, job)["problem"] is None
    assert working.world.one("select count(*) from wuji.file") == 0
    assert working.ask("official@village", "POST", f"/me/jobs/{job}/cancel").json["type"].endswith("work.job_ended")
    until(lambda: working.world.one("select count(*) from wuji.job where state = 'running'") == 0)
    assert working.ask("official@village", "POST", f"/me/jobs/{job}/retry").json["state"] == "waiting"
    until(lambda: look(working, job)["state"] == "done")
    assert working.ask("official@village", "POST", f"/me/jobs/{job}/retry").status_code == 409


@pytest.mark.usefixtures("many")
def test_what_waits_is_cancelled_at_once(crew):
    job = export(crew).json["id"]
    answer = crew.ask("official@village", "POST", f"/me/jobs/{job}/cancel")
    assert answer.json["state"] == "cancelled"
    assert crew.ask("official@village", "GET", "/me/jobs?state=cancelled").json["total"]["value"] == 1
    assert crew.ask("official@village", "GET", "/me/jobs?state=failed").json["total"]["value"] == 0


@pytest.mark.usefixtures("many")
def test_rights_are_those_of_now(working, until):
    """Asked for by somebody who has lost the right when it is done: a problem, told in words and not tried again."""
    job = export(working).json["id"]
    working.world.run(
        "update wuji.role_grant set revoked_at = now() where account_id = %s", working.world.account["official@village"]
    )
    until(lambda: look(working, job)["state"] in {"failed", "done"})
    found = look(working, job)
    if found["state"] == "failed":
        assert found["problem"]["title"]
        assert found["attempts"] == 1
    assert working.ask("official@village", "GET", f"/me/jobs/{job}/file").status_code in {404, 410}


def test_a_dead_letter_is_seen_by_the_operator_and_done_again(working, until, tmp_path):
    mark = tmp_path / "repaired"
    job = working.add("works.once_repaired", most_attempts=1, mark=str(mark))
    until(lambda: working.state(job) == "failed")
    (letter,) = working.ask("operator", "GET", "/operator/dead-letters").json["items"]
    assert (letter["id"], letter["fault"], letter["tenant_code"]) == (str(job), "OS", working.world.code["village"])
    assert "mark" not in str(letter)
    assert working.ask("official@city", "GET", "/operator/dead-letters").status_code in {403, 404}
    assert working.ask("official@city", "POST", f"/operator/dead-letters/{job}/retry").status_code in {403, 404}
    assert working.state(job) == "failed"
    mark.touch()
    assert working.ask("operator", "POST", f"/operator/dead-letters/{job}/retry").status_code == 204
    until(lambda: working.state(job) == "done")
    assert working.made(str(mark)) == 1
    assert working.ask("operator", "GET", "/operator/dead-letters").json["items"] == []
    recorded = (
        "select count(*) from wuji.journal_record where verb = 'work.job.retry' and subject_id = %s and account_id = %s"
    )
    assert working.world.one(recorded, str(job), working.world.account["operator"]) == 1


def test_a_mistake_of_whoever_asked_is_no_dead_letter(working, until):
    job = working.add("works.refuse")
    until(lambda: working.state(job) == "failed")
    assert working.ask("operator", "GET", "/operator/dead-letters").json["items"] == []
