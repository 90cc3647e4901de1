"""What goes out: as letters over SMTP and as signed calls, tried again where that helps, never told who opened them."""

import base64
import hashlib
import hmac
import json
import ssl

import pytest
from aiosmtpd.controller import Controller
from psycopg.types.json import Jsonb

from wuji.inbox.mail import Mail, MailFailedError
from wuji.plugin.running import Outgoing, RefusedError

MINE = "r.wu@example.org"
DECIDED = {"name": "会宫镇农技站", "result": {"text": "inbox.result.accepted"}}


@pytest.fixture
def told(post):
    """The resident of the village has something on its way to them by mail."""
    post.named("resident", "email", MINE)
    post.tell("resident", topic="inbox.decision", values=DECIDED, path="/join")
    return post


def test_a_letter_says_what_it_must_and_nothing_else(told):
    [(delivery, *_)] = told.deliveries("resident")
    assert told.work("resident") == ["done"]
    [letter] = told.letters.to(MINE)
    assert letter["Subject"] == "会宫镇农技站 的入驻申请：已通过"
    assert letter["From"] == "五级 <post@wuji.example.org>"
    assert letter["Message-ID"] == f"<{delivery}@wuji.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "zh-CN"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content_type() == "text/plain"  # no picture that tells who opened it
    base = told.deployment.options.base_url
    assert f"{base}/join" in letter.get_content()
    assert letter["List-Unsubscribe"].strip("<>").startswith(f"{base}/unsubscribe?")
    assert [state for _, _, state, _, _ in told.deliveries("resident")] == ["sent"]


def test_a_mail_program_finds_the_link_as_it_is(told):
    """Not broken up, not encoded: what RFC 2369 calls a URL; and no line longer than RFC 5322 allows."""
    told.work("resident")
    [raw], [letter] = told.letters.raw, told.letters.got
    lines = raw.split(b"\r\n")
    assert f"List-Unsubscribe: {letter['List-Unsubscribe']}".encode() in lines
    assert max(map(len, lines)) <= 998
    assert [line for line in lines if line.startswith(b"Subject: =?utf-8?")]


def test_in_the_language_of_whoever_gets_it(told):
    told.world.run("update wuji.account set locale = 'en' where id = %s", told.world.account["resident"])
    told.work("resident")
    [letter] = told.letters.to(MINE)
    assert letter["Subject"] == "Application of 会宫镇农技站: accepted"


def test_a_name_breaks_no_header(post):
    post.named("resident", "email", MINE)
    name = "x\r\nBcc: everybody@example.org\r\n\r\n"
    post.tell("resident", topic="inbox.decision", values={"name": name, "result": "{place} {0} {x.__class__}"})
    assert post.work("resident") == ["done"]
    [letter] = post.letters.to(MINE)
    assert "Bcc" not in letter
    assert "everybody" in letter["Subject"]


def test_not_now_is_tried_again_as_the_same_letter(told):
    told.letters.answers[MINE] = "451 busy"
    [(delivery, *_)] = told.deliveries("resident")
    assert told.work("resident") == ["waiting"]
    assert told.work("resident") == ["waiting"]
    assert told.ask("resident", "GET", "/me/addresses").json["items"][0]["fault"] == "451"
    told.letters.answers.clear()
    assert told.work("resident") == ["done"]
    [letter] = told.letters.to(MINE)
    assert letter["Message-ID"] == f"<{delivery}@wuji.example.org>"
    assert told.ask("resident", "GET", "/me/addresses").json["items"][0]["fault"] == ""


def test_never_ends_it_until_the_address_is_proven_again(told):
    told.letters.answers[MINE] = "550 no such person here"
    assert told.work("resident") == ["done"]
    [address] = told.ask("resident", "GET", "/me/addresses").json["items"]
    assert (address["state"], address["fault"]) == ("refused", "550 no such person here")
    assert [state for _, _, state, _, _ in told.deliveries("resident")] == ["refused"]
    told.tell("resident", topic="inbox.decision", values=DECIDED)
    assert told.jobs("resident") == []


def test_sent_is_sent(told):
    [job_id] = told.jobs("resident")
    assert told.do(job_id) == "done"
    delivery = told.deliveries("resident")[0][0]
    again = told.world.one(
        "insert into wuji.job(account_id, kind, args, due_at, keep) values (%s, 'inbox.deliver', "
        "jsonb_build_object('delivery_id', %s::uuid), now(), false) returning id",
        *(told.world.system, delivery),
    )
    assert told.do(again) == "done"
    assert len(told.letters.to(MINE)) == 1


def test_whoever_is_suspended_meanwhile_gets_nothing(told):
    told.world.run("update wuji.account set state = 'suspended' where id = %s", told.world.account["resident"])
    assert told.work("resident") == ["done"]
    assert told.letters.got == []


def test_no_log_says_whom_it_was_for(told, caplog):
    told.letters.answers[MINE] = "451 <r.wu@example.org> is busy"
    told.work("resident")
    assert "MailFailedError" in caplog.text
    assert MINE not in caplog.text


def test_a_webhook_gets_it_signed(post):
    post.named("resident", "webhook", post.receiver.url)
    post.choose("resident", choices=Jsonb({"inbox.decision": {"webhook": "now"}}))
    post.tell("resident", topic="inbox.decision", values=DECIDED, path="/join")
    [(delivery, *_)] = post.deliveries("resident")
    assert post.work("resident") == ["done"]
    [call] = post.receiver.got
    assert call.path == "/hook?of=mine"
    assert call.headers["webhook-id"] == str(delivery)
    [item] = json.loads(call.body)["data"]["items"]
    assert item["title"] == "会宫镇农技站 的入驻申请：已通过"
    signed = f"{delivery}.{call.headers['webhook-timestamp']}.".encode() + call.body
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert call.headers["webhook-signature"] == f"v1,{made}"


@pytest.mark.parametrize(("status", "left", "state"), [(500, "waiting", "sending"), (410, "done", "refused")])
def test_what_a_webhook_answers(post, status, left, state):
    post.named("resident", "webhook", post.receiver.url)
    post.choose("resident", choices=Jsonb({"inbox.decision": {"webhook": "now"}}))
    post.tell("resident", topic="inbox.decision", values=DECIDED)
    post.receiver.status = status
    assert post.work("resident") == [left]
    assert [found for _, _, found, _, _ in post.deliveries("resident")] == [state]


def test_a_redirect_is_followed_nowhere(post):
    post.named("resident", "webhook", post.receiver.url)
    post.choose("resident", choices=Jsonb({"inbox.decision": {"webhook": "now"}}))
    post.tell("resident", topic="inbox.decision", values=DECIDED)
    post.receiver.status, post.receiver.location = 307, post.receiver.url.replace("/hook", "/elsewhere")
    assert post.work("resident") == ["waiting"]
    assert [call.path for call in post.receiver.got] == ["/hook?of=mine"]


def some_letter(address: str = MINE) -> Outgoing:
    return Outgoing(id="1", address=address, secret="", subject="您好", text="x\n", url="", locale="zh-CN")


def test_starttls_with_a_certificate_that_is_trusted(letters, certificate, free_port, monkeypatch):
    """Asked of every server but one on this machine; here of one that is."""
    monkeypatch.setattr("wuji.inbox.mail.is_loopback", lambda _host: False)
    controller = Controller(
        letters, hostname="127.0.0.1", port=free_port, tls_context=certificate.serve, require_starttls=True
    )
    controller.start()
    try:
        url = f"smtp://localhost:{controller.port}"
        Mail(url, "a@example.org", trust=certificate.trust).send(some_letter())
        with pytest.raises(ssl.SSLCertVerificationError):
            Mail(url, "a@example.org").send(some_letter())
    finally:
        controller.stop()
    assert len(letters.got) == 1


def test_without_tls_nothing_is_said_to_another_machine(letters, mail_port, monkeypatch):
    monkeypatch.setattr("wuji.inbox.mail.is_loopback", lambda _host: False)
    with pytest.raises(MailFailedError):
        Mail(f"smtp://127.0.0.1:{mail_port}", "a@example.org").send(some_letter())
    assert letters.got == []


def test_a_server_that_is_not_there_may_be_there_later(free_port):
    with pytest.raises(OSError, match="refused"):
        Mail(f"smtp://127.0.0.1:{free_port}", "a@example.org").send(some_letter())


def test_never_is_told_from_not_now(letters, mail_port):
    letters.answers = {"gone@example.org": "550 gone", "late@example.org": "450 later"}
    mail = Mail(f"smtp://127.0.0.1:{mail_port}", "a@example.org")
    with pytest.raises(RefusedError, match="550 gone"):
        mail.send(some_letter("gone@example.org"))
    with pytest.raises(MailFailedError, match="450"):
        mail.send(some_letter("late@example.org"))
