"""Jobs and their files: everybody's own, in full or in part, until they expire."""

import pytest

from wuji.testing import factories


@pytest.fixture
def export_few(world, export):
    """A list that is short whatever other tests have left in the directory, so that it is written at once."""
    return lambda how="csv", **given: export("tenancy.tenants", how, filters={"parent": world.code["street"]}, **given)


@pytest.fixture
def made(export_few):
    answer = export_few()
    assert answer.status_code == 201
    return answer


def file_of(made, ask, who="official@village", tenant="village", **headers):
    return ask(who, "GET", tenant, f"/jobs/{made.json['id']}/file", headers=headers)


def test_a_job_and_the_list_of_jobs(ask, made, export_few):
    job = ask("official@village", "GET", "village", f"/jobs/{made.json['id']}").json
    assert job == made.json
    assert job["file_name"].startswith("Tenants-village-")
    assert job["file_name"].endswith(".csv")
    assert job["file_expires_at"] > job["created_at"]
    later = export_few("xlsx").json
    listed = ask("official@village", "GET", "village", "/jobs")
    assert listed.json == {"items": [later, job], "next": None, "total": {"value": 2, "capped": False}}


@pytest.mark.parametrize("path", ["/jobs/{}", "/jobs/{}/file"])
def test_nobody_else_sees_it(ask, made, path):
    """Not even an official above, who has the row in range; and it is found where it was made alone."""
    absent = "019a0000-0000-7000-8000-000000000000"
    for who, tenant in (
        ("official@street", "village"),
        ("official@city", "city"),
        ("clerk", "village"),
        ("resident", "village"),
        ("official@village", "grid"),
        ("official@other", "other"),
    ):
        foreign = ask(who, "GET", tenant, path.format(made.json["id"]))
        nothing = ask(who, "GET", tenant, path.format(absent))
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.data.replace(made.json["id"].encode(), absent.encode()) == nothing.data
    assert ask("anonymous", "GET", "village", path.format(made.json["id"])).status_code == 401
    assert ask("clerk", "GET", "village", "/jobs").json["items"] == []


def test_a_file_is_an_attachment_under_its_own_name(export_few, download):
    file = download(export_few(headers={"Accept-Language": "zh-CN"}))
    kind, plain, encoded = file.headers["Content-Disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="file.csv"')
    assert encoded.startswith("filename*=UTF-8''%E7%BB%84%E7%BB%87%E5%90%8D%E5%BD%95-village-")
    assert encoded.endswith(".csv")
    assert file.content_length == len(file.data)
    assert file.headers["Accept-Ranges"] == "bytes"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-4", 0, 5), ("bytes=3-", 3, None), ("bytes=-6", -6, None), ("bytes=0-99999", 0, None)],
)
def test_ranges(ask, made, asked, start, stop):
    whole = file_of(made, ask)
    part = file_of(made, ask, Range=asked)
    assert part.status_code == 206
    assert part.data == whole.data[start:stop]
    assert part.headers["Content-Range"].endswith(f"/{len(whole.data)}")
    assert part.content_length == len(part.data)


def test_a_range_behind_the_end(ask, made):
    size = len(file_of(made, ask).data)
    answer = file_of(made, ask, Range="bytes=99999-")
    assert answer.status_code == 416
    assert answer.json["type"] == "urn:wuji:problem:kit.range"
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_what_the_reader_has_is_not_sent_again(ask, made):
    tag = file_of(made, ask).headers["ETag"]
    answer = file_of(made, ask, **{"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert file_of(made, ask, Range="bytes=0-4", **{"If-Range": tag}).status_code == 206
    assert file_of(made, ask, Range="bytes=0-4", **{"If-Range": '"other"'}).status_code == 200
    assert file_of(made, ask, **{"If-Match": tag}).status_code == 200
    other = file_of(made, ask, **{"If-Match": '"other"'})
    assert (other.status_code, other.content_type) == (412, "application/problem+json")


@pytest.mark.parametrize("how", ["expired", "purged", "lost"])
def test_a_file_that_is_gone(world, ask, made, files_dir, how):
    if how == "expired":
        world.run("update wuji.file set expires_at = now() where owner_id = %s", made.json["id"])
    elif how == "purged":
        world.run("delete from wuji.file where owner_id = %s", made.json["id"])
    else:
        (blob,) = (path for path in files_dir.rglob("*") if path.is_file())
        blob.unlink()
    answer = file_of(made, ask)
    assert answer.status_code == 410
    assert answer.json["type"] == "urn:wuji:problem:work.file_gone"
    assert ask("official@village", "GET", "village", f"/jobs/{made.json['id']}").status_code == 200


def test_who_has_lost_the_range_has_lost_the_file(world, ask, made):
    world.run("update wuji.role_grant set revoked_at = now() where account_id = %s", world.account["official@village"])
    assert file_of(made, ask).status_code == 410


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_a_job_without_a_file(world, ask, state):
    job = factories["wuji.job"](world, "village", account_id=world.account["official@village"], state=state)
    answer = ask("official@village", "GET", "village", f"/jobs/{job}/file")
    assert (answer.status_code, answer.json["type"]) == (404, "urn:wuji:problem:work.no_file")
