"""What people are told of what happens in the core, by how things stand when it is told."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from wuji.inbox.handlers import TELL
from wuji.plugin.running import Happened
from wuji.testing import World, factories
from wuji.testing.acting import acting
from wuji.testing.application import make_app
from wuji.work.services import acting_as_system

NOW = datetime.now(UTC)


def happen(post, verb: str, subject: object, *, at: str | None = "village", by: str | None = None, when=NOW) -> None:
    """Tells the handler, twice, as somebody who replays would: at the root, or without a tenant."""
    world = post.world
    record = Happened(
        id=uuid4(),
        event_id=uuid4(),
        verb=verb,
        kind=verb.split(".")[1],
        subject_id=str(subject),
        tenant_id=at and world.tenant[at],
        account_id=by and world.account[by],
        fields=(),
        at=when,
    )
    for _again in range(2):
        if at:
            with acting(post.app, world, world.path(at)[0]) as session:
                TELL.handle(session, record)
        else:
            system = world.server.engine("wuji_system", world.database)
            with acting_as_system(post.deployment, system, "test") as session:
                TELL.handle(session, record)
            system.dispose()


def told(post, who: str) -> list[tuple[str, str, str]]:
    items = post.ask(who, "GET", "/me/notifications").json["items"]
    return [(item["topic"], item["title"], item["path"]) for item in items]


def test_whoever_gets_a_role_and_loses_it(post):
    grant = post.world.grant("stranger", "village", "member")
    happen(post, "identity.grant.give", grant)
    assert told(post, "stranger") == [("inbox.grant_given", "Your new role at village: Member", "/me")]
    happen(post, "identity.grant.take", grant)  # it stands: somebody gave it again meanwhile
    assert len(told(post, "stranger")) == 1
    post.world.run("update wuji.role_grant set revoked_at = now() where id = %s", grant)
    happen(post, "identity.grant.take", grant)
    happen(post, "identity.grant.give", grant)  # told late: it is over already
    assert told(post, "stranger")[0] == ("inbox.grant_taken", "Your role Member at village was taken back", "/me")
    assert len(told(post, "stranger")) == 2


def test_a_role_of_a_tree_is_called_what_the_tree_calls_it(post):
    labels = Jsonb({"zh-CN": "网格长", "en": "Grid leader"})
    role = factories["wuji.role"](post.world, "city", label="网格长", labels=labels)
    grant = post.world.grant("stranger", "village", "resident", role_id=role)
    happen(post, "identity.grant.give", grant)
    assert told(post, "stranger")[0][1] == "Your new role at village: Grid leader"


def test_whoever_redeems_an_invitation(post):
    happen(post, "onboarding.invitation.redeem", post.world.grant("stranger", "grid", "resident"), at="grid")
    assert told(post, "stranger")[0][1] == "Your new role at grid: Resident"


def test_the_nearest_who_may_review_are_told_of_an_application(post):
    made = factories["wuji.application"](post.world, "village", submitted_by=post.world.account["stranger"])
    happen(post, "onboarding.application.submit", made)
    path = f"/console/{post.world.code['village']}/applications"
    assert told(post, "official@village") == [("inbox.application", "新组织 asks to join village", path)]
    assert [told(post, who) for who in ("official@street", "official@city", "resident", "stranger")] == [[]] * 4


def test_where_nobody_may_those_above_are(post):
    post.world.run("update wuji.role_grant set revoked_at = now() where tenant_id = %s", post.world.tenant["village"])
    happen(post, "onboarding.application.submit", factories["wuji.application"](post.world, "village"))
    assert len(told(post, "official@street")) == 1
    assert told(post, "official@city") == []


def test_an_answered_application_waits_for_nobody(post):
    made = factories["wuji.application"](post.world, "village", state="rejected", decided_at=NOW)
    happen(post, "onboarding.application.submit", made)
    assert told(post, "official@village") == []


def test_a_root_is_for_operators(post):
    made = factories["wuji.application"](post.world, "village", tenant_id=None, name="新的市")
    happen(post, "onboarding.application.submit", made, at=None)
    assert told(post, "operator") == [
        ("inbox.application", "新的市 asks to join the platform", "/console/applications")
    ]
    assert told(post, "official@city") == []


@pytest.mark.parametrize(("state", "word"), [("accepted", "accepted"), ("rejected", "returned")])
def test_whoever_applied_learns_the_answer(post, state, word):
    who = post.world.account["stranger"]
    columns = {"submitted_by": who, "state": state, "decided_at": NOW}
    made = factories["wuji.application"](post.world, "village", **columns)
    happen(post, f"onboarding.application.{state.removesuffix('ed')}", made)
    assert told(post, "stranger") == [("inbox.decision", f"Application of 新组织: {word}", "/join")]


def test_who_has_to_answer_a_transfer_and_what_they_said(post):
    world, path = post.world, f"/console/{post.world.code['village']}/transfers"
    made = factories["wuji.tenant_transfer"](world, "village")
    both = [("ask", "grid"), ("ask", "village")]
    for verb, at in [*both, ("agree", "village"), ("decline", "grid")]:  # nobody has answered: nobody is told so
        happen(post, f"tenancy.transfer.{verb}", made, at=at)
    waits = ("inbox.transfer_asked", "Your answer is needed: grid to leave village", f"{path}/{made}")
    assert told(post, "official@village") == [waits]
    assert [told(post, who) for who in ("official@street", "official@grid", "resident")] == [[]] * 3
    world.run("update wuji.tenant_transfer set state = 'declined', answered_at = now() where id = %s", made)
    for verb, at in [("decline", "village"), ("decline", "grid"), *both]:
        happen(post, f"tenancy.transfer.{verb}", made, at=at)
    assert [title for _, title, _ in told(post, "official@grid")] == ["grid to leave village: the other side declined"]
    assert told(post, "official@village") == [waits]


def test_taking_a_transfer_back_is_asked_and_answered_too(post):
    world = post.world
    official = world.account["official@village"]
    made = factories["wuji.tenant_transfer"](world, "village", state="applied", answered_by=official)
    happen(post, "tenancy.transfer.agree", made, at="grid")
    agreed = "grid to leave village: the other side agreed"
    assert [title for _, title, _ in told(post, "official@grid")] == [agreed]
    change = "update wuji.tenant_transfer set state = %s, undo_side = %s, undo_asked_by = %s where id = %s"
    world.run(change, "applied", "parent", official, made)
    happen(post, "tenancy.transfer.undo", made, at="grid")
    waits = "Your answer is needed: grid to return to village"
    assert [title for _, title, _ in told(post, "official@grid")] == [waits, agreed]
    world.run(change, "applied", None, official, made)
    happen(post, "tenancy.transfer.decline", made, at="village")
    assert told(post, "official@village")[0][1] == "grid to return to village: the other side declined"
    world.run(change, "undone", "parent", official, made)
    happen(post, "tenancy.transfer.agree", made, at="village")
    assert told(post, "official@village")[0][1] == "grid to return to village: the other side agreed"
    assert len(told(post, "official@grid")) == len(told(post, "official@village")) == 2


def test_without_an_account_there_is_nobody_to_tell(post):
    made = factories["wuji.application"](post.world, "village", state="accepted", decided_at=NOW)
    happen(post, "onboarding.application.accept", made)


@pytest.mark.parametrize(("purpose", "number"), [("lost_password", 1), ("first_password", 0)])
def test_whose_password_somebody_had_reset(post, purpose, number):
    world, who = post.world, post.world.account["resident"]
    world.run(
        "insert into wuji.one_time_link(token_hash, account_id, purpose, expires_at, used_at) values (%s, %s, %s, %s, %s)",
        *(token_bytes(32), who, purpose, NOW + timedelta(days=1), NOW),
    )
    happen(post, "identity.link.redeem", who, at=None, by="resident")
    assert [topic for topic, _, _ in told(post, "resident")] == ["inbox.password_reset"] * number


@pytest.mark.parametrize(
    "did", ["factor.add", "factor.remove", "factor.forget", "factor.use_code", "external.link", "external.unlink"]
)
def test_whose_ways_of_logging_in_changed(post, did):
    happen(post, f"identity.{did}", post.world.account["resident"], at=None, by="resident")
    assert [topic for topic, _, _ in told(post, "resident")] == ["inbox.factor"]


def test_what_concerns_nobody_tells_nobody(post):
    happen(post, "identity.account.change", post.world.account["resident"], at=None)
    assert told(post, "resident") == []


def test_a_handler_reads_its_own_tree_alone(server):
    """A job at one root does not see the grant of another, so it tells nobody of it."""
    world = World(server)
    app = make_app(server)
    grant: UUID = world.grant("stranger", "foreign", "resident")
    record = Happened(
        id=uuid4(), event_id=uuid4(), verb="identity.grant.give", kind="role_grant", subject_id=str(grant),
        tenant_id=world.tenant["foreign"], account_id=None, fields=(), at=NOW,
    )  # fmt: skip
    with acting(app, world, "city") as session:
        TELL.handle(session, record)
    assert world.one("select count(*) from wuji.notification where account_id = %s", world.account["stranger"]) == 0
    app.extensions["wuji"].engine.dispose()
    world.close()
