"""Addresses: proven with a code before anything goes there, unreadable in the database, gone at once."""

import re

import pytest

from wuji.inbox.sealing import verification_code

MINE = "r.wu@example.org"


def add(post, who="resident", channel="email", address=MINE):
    return post.ask(who, "POST", "/me/addresses", json={"channel": channel, "address": address})


def verify(post, address_id: str, code: str, who="resident"):
    return post.ask(who, "POST", f"/me/addresses/{address_id}/verification", json={"code": code})


def test_a_code_comes_by_mail_and_proves_the_address(post):
    added = add(post)
    assert (added.status_code, added.json["state"], added.json["secret"]) == (201, "unverified", "")
    assert post.work("resident") == ["done"]
    [letter] = post.letters.to(MINE)
    code = re.search(r"\d{6}", letter["Subject"]).group()
    assert code in letter.get_content()
    assert "List-Unsubscribe" not in letter
    proven = verify(post, added.json["id"], code)
    assert (proven.status_code, proven.json["state"], proven.json["address"]) == (200, "verified", MINE)
    assert verify(post, added.json["id"], code).status_code == 422  # good for once
    post.tell("resident", topic="inbox.decision", values={"name": "x", "result": "y"})
    assert post.work("resident") == ["done"]
    assert len(post.letters.to(MINE)) == 2


def test_a_code_comes_to_a_webhook_signed(post):
    added = add(post, channel="webhook", address=post.receiver.url)
    assert added.json["secret"].startswith("whsec_")
    assert post.work("resident") == ["done"]
    [call] = post.receiver.got
    code = re.search(rb'"code":"(\d{6})"', call.body).group(1).decode()
    assert verify(post, added.json["id"], code).json["state"] == "verified"
    assert "secret" not in post.ask("resident", "GET", "/me/addresses").json["items"][0]


def test_a_wrong_code_counts_and_soon_has_to_wait(post):
    made = add(post).json["id"]
    right = code_of(post, made)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert [verify(post, made, wrong).status_code for _ in range(7)] == [422] * 6 + [429]
    assert verify(post, made, right).status_code == 429


def test_a_code_grows_old(post):
    made = add(post).json["id"]
    post.world.run("update wuji.address set code_at = code_at - interval '31 minutes' where id = %s", made)
    assert verify(post, made, code_of(post, made)).status_code == 422
    assert post.work("resident") == ["done"]  # nothing to send any more
    assert post.letters.got == []


def test_another_code_ends_the_one_before(post):
    made = add(post).json["id"]
    first = code_of(post, made)
    soon = post.ask("resident", "POST", f"/me/addresses/{made}/code")
    assert (soon.status_code, int(soon.headers["Retry-After"]) in range(1, 61)) == (429, True)
    post.world.run("update wuji.address set code_at = code_at - interval '61 seconds' where id = %s", made)
    assert post.ask("resident", "POST", f"/me/addresses/{made}/code").status_code == 202
    assert verify(post, made, first).status_code == 422
    assert verify(post, made, code_of(post, made)).status_code == 200


def code_of(post, address_id: str) -> str:
    row = post.world.run("select id, code_at from wuji.address where id = %s", address_id).fetchone()
    return verification_code(post.deployment.seal, *row)


def test_what_another_key_closed_is_named_again(post):
    """The deployment's seal key was changed: nobody can read the address any more, and everything else goes on."""
    made = add(post).json["id"]
    post.work("resident")
    code = re.search(r"\d{6}", post.letters.to(MINE)[0]["Subject"]).group()
    assert verify(post, made, code).json["state"] == "verified"
    post.world.run("update wuji.address set address = substr(address, 1, 13) || sha256(address) where id = %s", made)
    [shown] = post.ask("resident", "GET", "/me/addresses").json["items"]
    assert (shown["address"], shown["state"]) == ("•••", "refused")
    assert "earlier key" in shown["fault"] or "密钥" in shown["fault"]
    post.tell("resident", topic="inbox.decision", values={"name": "x", "result": "y"})
    assert post.work("resident") == ["done"]
    assert len(post.letters.to(MINE)) == 1
    assert post.ask("resident", "DELETE", f"/me/addresses/{made}").status_code == 204


def test_nobody_reads_an_address_in_the_database(post):
    made = add(post).json["id"]
    address, digest = post.world.run("select address, digest from wuji.address where id = %s", made).fetchone()
    assert b"example" not in bytes(address) + bytes(digest)
    assert MINE not in post.world.one("select string_agg(j::text, '') from wuji.job j where kind like 'inbox.%%'")


@pytest.mark.parametrize(
    ("channel", "address", "pointer"),
    [
        ("email", "nobody", "#/address"),
        ("email", "a@b@example.org", "#/address"),
        ("email", "a@example.org, b@example.org", "#/address"),
        ("email", "wu @example.org", "#/address"),
        ("email", "吴@example.org", "#/address"),
        ("email", "a@localhost", "#/address"),
        ("email", f"{'a' * 250}@example.org", "#/address"),
        ("webhook", "http://example.org/hook", "#/address"),
        ("webhook", "https://user:password@example.org/", "#/address"),
        ("webhook", "https://example.org/#x", "#/address"),
        ("webhook", "https://example.org:99999/", "#/address"),
        ("webhook", "https:///x", "#/address"),
        ("webhook", "https://[::1", "#/address"),
        ("pigeon", "roof", "#/channel"),
    ],
)
def test_what_is_no_address_is_said_to_be_none(post, channel, address, pointer):
    refused = add(post, channel=channel, address=address)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_one_address_once_and_ten_at_most(post):
    assert add(post).status_code == 201
    again = add(post, address=MINE.upper())
    assert (again.status_code, again.json["errors"][0]["pointer"]) == (422, "#/address")
    for number in range(9):
        post.named("resident", "email", f"{number}@example.org")
    assert add(post, address="eleventh@example.org").status_code == 409


def test_a_stranger_is_not_bothered_by_many_codes(post):
    """Named, taken away, named again: whoever reads there gets a few letters, not hundreds."""
    answers = []
    for _ in range(8):
        added = add(post, address="victim@example.org")
        answers.append(added.status_code)
        if added.status_code == 201:
            post.ask("resident", "DELETE", f"/me/addresses/{added.json['id']}")
    assert answers[:5] == [201] * 5
    assert answers[-1] == 429


def test_what_was_on_its_way_goes_with_the_address(post):
    made = post.named("resident", "email", MINE)
    post.tell("resident", topic="inbox.decision", values={"name": "x", "result": "y"})
    jobs = post.jobs("resident")
    assert post.ask("resident", "DELETE", f"/me/addresses/{made}").status_code == 204
    assert post.deliveries("resident") == []
    assert [post.do(job_id) for job_id in jobs] == ["done"]
    assert post.letters.got == []
    assert post.ask("resident", "DELETE", f"/me/addresses/{made}").status_code == 404


def test_an_address_that_nobody_proved_goes_after_a_week(post):
    world = post.world
    kept, gone, proven = (post.named("resident", "email", f"{n}@example.org", verified=n == 2) for n in range(3))
    world.run("update wuji.address set code_at = now() - interval '6 days' where id = %s", kept)
    world.run("update wuji.address set code_at = now() - interval '8 days' where id = any(%s)", [gone, proven])
    world.run("select wuji.address_lapse(now() - interval '7 days')")
    left = world.run("select id from wuji.address where id = any(%s)", [kept, gone, proven]).fetchall()
    assert {row[0] for row in left} == {kept, proven}


@pytest.mark.parametrize("who", ["official@village", "official@city", "operator", "member"])
def test_nobody_else_sees_that_it_is_there(post, who):
    made = post.named("resident", "email", MINE)
    assert post.ask(who, "GET", "/me/addresses").json == {"items": []}
    for method, path in (("DELETE", ""), ("POST", "/code")):
        assert post.ask(who, method, f"/me/addresses/{made}{path}").status_code == 404
    assert verify(post, made, "123456", who).status_code == 404
