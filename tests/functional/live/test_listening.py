"""Who is told what, and who is told nothing."""

import http.client
import json
import time

import pytest

QUIET = 1.2  # seconds in which four looks at the journal happen


def happen(world, kind, tenant=None, subject="1", account=None):
    """A record as definer functions write them."""
    at = tenant and world.tenant[tenant]
    world.run("select wuji.journal_add('a.b.c', %s, %s, %s, %s, null, null, null)", kind, subject, at, account)


def silent(stream, within=QUIET):
    with pytest.raises(TimeoutError):
        stream.next(within)
    return True


def test_a_page_is_told_of_what_happens_in_its_subtree(world, listen):
    topic = f"tenants@{world.code['street']}"
    page = listen("anonymous", topic)
    assert page.status == 200
    happen(world, "tenant", "grid")
    event, data = page.next()
    assert (event, list(data)) == ("message", [topic])
    assert data[topic] > 0
    happen(world, "tenant", "district")  # above it
    happen(world, "role", "grid")  # of another kind
    assert silent(page)


def test_changes_of_one_tick_are_one_frame_and_positions_grow(world, listen):
    topics = [f"tenants@{world.code[name]}" for name in ("city", "village")]
    page = listen("anonymous", *topics)
    for _ in range(50):
        happen(world, "tenant", "village")
    seen = dict.fromkeys(topics, 0)
    frames = 0
    while True:
        try:
            _, data = page.next(QUIET)
        except TimeoutError:
            break
        frames += 1
        for topic, position in data.items():
            assert position >= seen[topic]
            seen[topic] = position
    assert all(seen.values())
    assert frames <= 10


def test_what_commits_late_is_told_however_much_came_meanwhile(world, listen):
    topic = f"tenants@{world.code['village']}"
    page = listen("anonymous", topic)
    late = world.server.connect("wuji_stage", world.database, autocommit=False)
    late.execute(
        "select wuji.journal_add('a.b.c', 'tenant', '1', %s, null, null, null, null)", [world.tenant["village"]]
    )
    first = late.execute("select pg_current_xact_id()::text::bigint").fetchone()[0]
    for _ in range(5):
        happen(world, "tenant", "sibling")
        happen(world, "tenant", "village")
        assert page.next()[1][topic] > first
    late.commit()
    late.close()
    assert page.next() == ("message", {topic: first})


def test_an_account_is_told_of_its_own_rights_alone(world, listen):
    mine, other = listen("clerk", "access"), listen("member", "access")
    happen(world, "account", subject=str(world.account["clerk"]))
    assert list(mine.next()[1]) == ["access"]
    assert silent(other)


def test_a_grant_is_told_to_whom_it_is_given(world, listen):
    page = listen("resident", "access")
    grant = world.grant("resident", "grid", "member")
    happen(world, "role_grant", "grid", subject=str(grant), account=world.account["official@village"])
    assert list(page.next()[1]) == ["access"]


def test_a_subject_that_is_no_id_stops_nothing(world, listen):
    page = listen("clerk", "access")
    for subject in ("", "' or 1=1", "00000000-0000-0000-0000-00000000000g"):
        happen(world, "account", subject=subject)
    happen(world, "account", subject=str(world.account["clerk"]))
    assert list(page.next()[1]) == ["access"]


def test_the_bell_is_told_how_much_is_unread(world, listen):
    def told(cause):
        world.insert("wuji.notification", {"account_id": world.account["clerk"], "topic": "a.topic", "cause": cause})

    told("one")
    page = listen("clerk", "inbox")
    assert page.next() == ("message", {"inbox": {"unread": 1}})
    told("two")
    assert page.next() == ("message", {"inbox": {"unread": 2}})
    world.run("update wuji.notification set read_at = now() where account_id = %s", world.account["clerk"])
    assert page.next() == ("message", {"inbox": {"unread": 0}})
    assert listen("clerk", "inbox").next(1)[1] == {"inbox": {"unread": 0}}  # at once: it is known


def test_progress_of_a_job_is_told_to_whoever_asked_for_it(world, listen):
    columns = {"account_id": world.account["clerk"], "kind": "a.kind", "tenant_id": world.tenant["village"]}
    page, other = listen("clerk", "jobs"), listen("member", "jobs")
    assert page.next()[1] == other.next()[1] == {"jobs": {}}
    job = world.insert("wuji.job", {**columns, "state": "running", "progress": 5})
    assert page.next()[1] == {"jobs": {str(job): {"state": "running", "progress": 5}}}
    world.run("update wuji.job set progress = 60 where id = %s", job)
    assert page.next()[1] == {"jobs": {str(job): {"state": "running", "progress": 60}}}
    world.run("update wuji.job set state = 'done', progress = 100, finished_at = now() where id = %s", job)
    assert page.next()[1] == {"jobs": {str(job): {"state": "done", "progress": 100}}}
    assert silent(other)


def test_who_may_read_figures_hears_that_they_have_changed(world, listen):
    topic = f"figures@{world.code['village']}"
    assert listen("anonymous", topic).status == listen("official@sibling", topic).status == 404
    ((stamped,),) = [[row[0]] for row in world.run("select wuji.live_of_figures(%s)", [str(world.tenant["village"])])]
    assert stamped
    assert list(listen("official@street", topic).next()[1]) == [topic]


@pytest.mark.parametrize(
    "topic", ["nothing", "tenants", "tenants@000000000000", "inbox@3400", "tenants@{foreign}/1", "a b", ""]
)
def test_absent_and_foreign_are_one_answer(world, listen, topic):
    asked = listen(
        "clerk", topic.format(foreign=world.code["foreign"]).replace(" ", "%20"), **{"Accept-Language": "en"}
    )
    absent = listen("clerk", "absent", **{"Accept-Language": "en"})
    assert (asked.status, asked.body) == (404, absent.body)
    assert json.loads(absent.body)["type"] == "urn:wuji:problem:kit.not_found"


@pytest.mark.parametrize("who", ["anonymous", "suspended"])
def test_what_asks_for_an_account_is_absent_without_one(listen, who):
    assert listen(who, "inbox").status == 404


def test_what_is_not_told_is_said_and_the_rest_is_told(world, listen):
    topic = f"tenants@{world.code['village']}"
    page = listen("anonymous", topic, "inbox", "tenants@000000000000")
    assert page.next() == ("message", {"inbox": None, "tenants@000000000000": None})
    happen(world, "tenant", "village")
    assert list(page.next()[1]) == [topic]


def test_nine_topics_are_too_many(world, listen):
    asked = listen(
        "anonymous", *(f"tenants@{code}" for code in list(world.code.values())[:9]), **{"Accept-Language": "en"}
    )
    assert asked.status == 400
    assert json.loads(asked.body)["type"] == "urn:wuji:problem:live.topics"


def test_a_session_has_twenty_pages(world, listen):
    pages = [listen("member", "access") for _ in range(20)]
    assert {page.status for page in pages} == {200}
    assert listen("member", "access").status == 429
    pages[0].close()
    happen(world, "account", subject=str(world.account["member"]))
    assert pages[1].next()[0] == "message"
    assert listen("member", "access").status == 200


def test_a_page_that_comes_again_is_told_what_it_missed(world, listen):
    topic = f"tenants@{world.code['village']}"
    page = listen("anonymous", topic)
    happen(world, "tenant", "village")
    page.next()
    page.close()
    happen(world, "tenant", "village")
    again = listen("anonymous", topic, **{"Last-Event-ID": page.id})
    event, data = again.next()
    assert (event, list(data)) == ("message", [topic])


@pytest.mark.parametrize("seen", ["1", "99999999999999"])
def test_a_page_from_another_time_is_told_to_look_for_itself(world, listen, seen):
    page = listen("anonymous", f"tenants@{world.code['village']}", **{"Last-Event-ID": seen})
    assert page.next() == ("reset", 1)


def test_who_cannot_keep_an_answer_open_asks_again_and_again(world, web):
    path = f"/live?topic=tenants@{world.code['village']}&topic=inbox"
    cookie = {"Cookie": f"wuji-{web.port}={world.cookie['clerk']}", "Accept": "application/json"}
    status, body = web.ask("GET", path, **cookie)
    told = json.loads(body)
    assert (status, told["inbox"]) == (200, {"unread": 0})
    happen(world, "tenant", "village")
    deadline = time.monotonic() + 5
    while json.loads(body) == told and time.monotonic() < deadline:
        _, body = web.ask("GET", path, **cookie)
    assert json.loads(body)[f"tenants@{world.code['village']}"] > 0


def test_what_has_not_changed_is_not_sent_again(world, web):
    path = f"/live?topic=tenants@{world.code['village']}"
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.request("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
    assert connection.getresponse().status == 304
    connection.close()
