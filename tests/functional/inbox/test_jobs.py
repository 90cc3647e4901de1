"""Whoever asked for a job hears how it ended; what nobody asked for and nobody will do any more is for operators."""

import pytest

PROBLEM = '{"slug": "work.too_many_rows"}'


def job(post, who: str | None, at: str | None = "village", *, waits: bool = True, kind: str = "list.export") -> object:
    """One that a worker has begun, or inline where it does not wait."""
    world = post.world
    return world.one(
        "insert into wuji.job(tenant_id, account_id, kind, args, state, due_at, begun_at, most_attempts, attempts, "
        "lease_hash, lease_until, run_until) values (%s, %s, %s, '{\"list\": \"tenancy.tenants\"}', 'running', "
        "case when %s then now() end, now(), 1, 1, sha256('secret'), now() + interval '1 min', now() + interval '1 min') "
        "returning id",
        *(at and world.tenant[at], world.account[who] if who else world.system, kind, waits),
    )


def told(post, who: str) -> list[tuple[str, str, str]]:
    items = post.ask(who, "GET", "/me/notifications").json["items"]
    return [(item["topic"], item["title"], item["path"]) for item in items]


def test_done(post):
    made = job(post, "official@village")
    assert post.world.one("select wuji.job_finish(%s, 'secret', 'done', null)", made)
    path = f"/console/{post.world.code['village']}/me/jobs"
    [(topic, title, there)] = told(post, "official@village")
    assert (topic, there) == ("inbox.job_done", path)
    assert title.endswith(" is done")
    assert "tenancy" not in title  # in words


@pytest.mark.parametrize("problem", [None, PROBLEM])
def test_failed(post, problem):
    made = job(post, "official@village")
    assert post.world.one("select wuji.job_fail(%s, 'secret', 'X', %s, false)", made, problem) == "failed"
    assert [topic for topic, _, _ in told(post, "official@village")] == ["inbox.job_failed"]


def test_not_while_it_is_tried_again(post):
    made = job(post, "official@village")
    post.world.run("update wuji.job set most_attempts = 5 where id = %s", made)
    assert post.world.one("select wuji.job_fail(%s, 'secret', 'X', null, true)", made) == "waiting"
    assert told(post, "official@village") == []


def test_not_what_was_done_at_once_or_cancelled(post):
    made = job(post, "official@village", waits=False)
    assert post.world.one("select wuji.job_finish(%s, 'secret', 'done', null)", made)
    made = job(post, "official@village")
    post.world.run("update wuji.job set cancel_asked = true where id = %s", made)
    post.world.one("select wuji.job_fail(%s, 'secret', 'X', null, false)", made)
    assert told(post, "official@village") == []


def test_a_dead_letter_is_for_operators_once_a_day(post):
    kind = f"test.{post.world.mark}"
    for _ in range(2):
        made = job(post, None, None, kind=kind)
        post.world.one("select wuji.job_fail(%s, 'secret', 'X', null, false)", made)
    found = post.world.run(
        "select told, path from wuji.notification where account_id = %s and topic = 'inbox.trouble' and cause like %s",
        *(post.world.account["operator"], f"job {kind} %"),
    ).fetchall()
    assert len(found) == 1
    assert found[0][1] == "/console/health/failed"
