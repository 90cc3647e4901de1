"""The link at the end of a letter: opening it changes nothing, the button does, for this kind of letter and this address."""

import re
from urllib.parse import urlsplit

import pytest
from psycopg.types.json import Jsonb

MINE = "r.wu@example.org"
DECIDED = {"name": "x", "result": "y"}


def link(post) -> str:
    """Of the last letter, below the deployment's address."""
    parts = urlsplit(post.letters.to(MINE)[-1]["List-Unsubscribe"].strip("<>"))
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def told(post):
    post.named("resident", "email", MINE)
    post.tell("resident", topic="inbox.decision", values=DECIDED)
    post.work("resident")
    return post


def chosen(post) -> dict | None:
    return post.world.one("select choices from wuji.subscription where account_id = %s", post.world.account["resident"])


def test_looking_changes_nothing(told):
    page = told.app.test_client().get(link(told), headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No more letters" in page.text
    assert chosen(told) is None


def test_one_click_of_a_mail_program(told):
    """As RFC 8058 has it: no cookie, no header of ours, a form's body."""
    client = told.app.test_client()
    done = client.post(link(told), data={"List-Unsubscribe": "One-Click"}, headers={"Accept-Language": "en"})
    assert done.status_code == 200
    assert "Nothing more will come" in done.text
    assert chosen(told) == {"inbox.decision": {"email": "off"}}
    told.tell("resident", topic="inbox.decision", values=DECIDED)
    assert told.jobs("resident") == []
    assert client.post(link(told)).status_code == 200  # again is as if done once


def test_a_digest_ends_digests_and_keeps_the_rest(post):
    post.choose("resident", choices=Jsonb({"inbox.job_done": {"email": "now"}}))
    post.named("resident", "email", MINE)
    post.tell("resident")
    post.work("resident")
    assert post.app.test_client().post(link(post)).status_code == 200
    found = chosen(post)
    assert found["inbox.job_done"] == {"email": "now"}
    assert found["inbox.grant_given"] == {"email": "off"}
    assert "inbox.decision" not in found


@pytest.mark.parametrize(
    "change",
    [
        lambda at: at.replace("inbox.decision", "inbox.grant_given"),
        lambda at: re.sub(r"address=[0-9a-f]{8}", "address=00000000", at),
        lambda at: re.sub(r"proof=.*", "proof=", at),
        lambda at: re.sub(r"proof=.*", "proof=%E4%BA%94", at),
        lambda at: re.sub(r"address=[^&]*", "address=x", at),
        lambda _at: "/unsubscribe",
    ],
)
def test_a_link_that_is_not_ours_ends_nothing(told, change):
    assert told.app.test_client().post(change(link(told))).status_code == 404
    assert chosen(told) is None


def test_once_the_address_is_gone_there_is_nothing_to_end(told):
    [address] = told.ask("resident", "GET", "/me/addresses").json["items"]
    at = link(told)
    told.ask("resident", "DELETE", f"/me/addresses/{address['id']}")
    assert told.app.test_client().post(at).status_code == 200
    assert chosen(told) is None
