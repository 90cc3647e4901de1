"""`wuji account …`: the first people of a deployment, and help where nobody else can."""

from functools import cached_property

import pytest
from click.testing import CliRunner

from wuji.assembly import make_deployment
from wuji.cli import main
from wuji.cli.acting import ActingProgram
from wuji.kit.db.engine import make_engine


class Here(ActingProgram):
    """The command line on the test's database instead of the one that its environment names."""

    def __init__(self, world):
        super().__init__({"WUJI_BASE_URL": "https://wuji.example"})
        self.world = world

    @cached_property
    def deployment(self):
        engine = make_engine(self.world.server.url("wuji_app", self.world.database), pooled=False)
        return make_deployment(self.options, engine, self.world.server.seal)

    @cached_property
    def system(self):
        return self.world.server.engine("wuji_system", self.world.database)


@pytest.fixture
def wuji(world):
    def run(*words):
        return CliRunner().invoke(main, ["account", *words], obj=Here(world))

    return run


def redeem(people, printed):
    token = printed.splitlines()[0].removeprefix("https://wuji.example/link#")
    sent = {"token": token, "password": "a quite new password"}
    return people.ask("anonymous", "POST", "/one-time-links/redeem", json=sent).status_code


def log_in(people, login):
    browser = people.browser()
    sent = {"login": login, "password": "a quite new password"}
    return browser, people.ask(browser, "POST", "/session", json=sent)


def test_the_first_operator(people, wuji, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "anna")
    login = f"first-{people.world.mark}"
    done = wuji("create", "--login", login, "--name", "第一位", "--operator")
    assert done.exit_code == 0, done.output
    assert redeem(people, done.stdout) == 204
    browser, answer = log_in(people, login)
    assert answer.status_code == 200
    assert people.ask(browser, "GET", "/operator/grants").status_code == 200
    account = answer.json["account"]["id"]
    reasons = people.world.run(
        "select verb, reason from wuji.journal_record where kind = 'account' and subject_id = %s order by id", account
    ).fetchall()
    assert reasons[:2] == [("identity.account.add", "cli:anna"), ("identity.link.make", "cli:anna")]
    told = people.ask(browser, "GET", "/operator/journal?verb=identity.account.add").json["items"]
    assert [(item["author"], item["account"], item["reason"]) for item in told if item["subject_id"] == account] == [
        ("command_line", "anna", "")
    ]


def test_a_head_of_a_tenant(people, wuji):
    login = f"head-{people.world.mark}"
    done = wuji(
        "create", "--login", login, "--name", "镇里的", "--tenant", people.world.code["street"], "--role", "head"
    )
    assert done.exit_code == 0, done.output
    assert redeem(people, done.stdout) == 204
    browser, _answer = log_in(people, login)
    (grant,) = people.ask(browser, "GET", "/me").json["grants"]
    assert (grant["role"], grant["tenant"]["name"]) == ("head", "street")
    assert people.ask(browser, "POST", people.at("village", "/grants"), json={}).status_code == 422  # it may


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "--login", "ab", "--name", "x"), "either --operator, or --tenant and --role"),
        (
            ("create", "--login", "ab", "--name", "x", "--operator", "--tenant", "1", "--role", "head"),
            "either --operator",
        ),
        (("create", "--login", "ab", "--name", "x", "--operator", "--role", "head"), "either --operator"),
        (("create", "--login", "A B", "--name", "x", "--operator"), "login: A login has 2 to 64"),
        (("create", "--login", "system", "--name", "x", "--operator"), "login: Somebody has this login"),
        (("create", "--login", "ab", "--name", "x", "--tenant", "nowhere", "--role", "head"), "no tenant has the code"),
        (("link", "nobody-at-all"), "no account has the login"),
        (("suspend", "system"), "no account has the login"),
    ],
)
def test_what_is_wrong_is_said(wuji, words, said):
    done = wuji(*words)
    assert done.exit_code in {1, 2}
    assert said in done.stderr


def test_no_such_role(people, wuji):
    login = f"x-{people.world.mark}"
    done = wuji("create", "--login", login, "--name", "x", "--tenant", people.world.code["street"], "--role", "king")
    assert done.exit_code == 1
    assert "role: There is no such role here" in done.stderr
    assert people.world.one("select count(*) from wuji.account where login = %s", login) == 0
    assert (
        people.world.one("select state from wuji.job where tenant_id = %s", people.world.tenant["street"]) == "failed"
    )


def test_a_link_for_somebody_and_their_suspension(people, wuji):
    people.give_password("official@city", "the old password")
    done = wuji("link", people.login_of("official@city").upper())
    assert done.exit_code == 0, done.output
    assert redeem(people, done.stdout) == 204
    browser, answer = log_in(people, people.login_of("official@city"))
    assert [notice["by"] for notice in answer.json["notices"]] == ["系统"]
    assert wuji("suspend", people.login_of("official@city")).exit_code == 0
    assert people.ask(browser, "GET", "/me").status_code == 401
    assert log_in(people, people.login_of("official@city"))[1].status_code == 401
