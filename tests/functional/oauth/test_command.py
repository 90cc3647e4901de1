"""`wuji oauth …`: keys and programs from the command line."""

import json
from functools import cached_property

import pytest
from click.testing import CliRunner

from wuji.assembly import make_deployment
from wuji.cli import main
from wuji.cli.acting import ActingProgram
from wuji.kit.db.engine import make_engine

TOLD = {
    "client_name": "邻里通 App",
    "redirect_uris": ["https://app.example/back"],
    "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    "scope": "openid profile api:read",
}


class Here(ActingProgram):
    """The command line on the test's database instead of the one that its environment names."""

    def __init__(self, world):
        super().__init__({})
        self.world = world

    @cached_property
    def deployment(self):
        engine = make_engine(self.world.server.url("wuji_app", self.world.database), pooled=False)
        return make_deployment(self.options, engine, self.world.server.seal)

    @cached_property
    def system(self):
        return self.world.server.engine("wuji_system", self.world.database)


@pytest.fixture
def wuji(oauth):
    def run(*words):
        return CliRunner().invoke(main, ["oauth", *words], obj=Here(oauth.world))

    return run


@pytest.fixture
def add(wuji, oauth, tmp_path):
    def run(told, tenant="street"):
        file = tmp_path / "client.json"
        file.write_text(told if isinstance(told, str) else json.dumps(told))
        return wuji("client", "add", "--tenant", oauth.world.code[tenant], "--file", str(file))

    return run


def own_token(oauth, client_id, secret):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return oauth.app.test_client().post("/oauth/token", data=form)


def test_a_program_is_registered_used_given_another_secret_and_removed(wuji, add, oauth):
    done = add(TOLD)
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert made.items() >= TOLD.items()
    client_id, secret = made["client_id"], made["client_secret"]
    assert own_token(oauth, client_id, secret).status_code == 200
    at = ("--tenant", oauth.world.code["street"])
    assert client_id in wuji("client", "list", *at).output
    other = wuji("client", "rotate", *at, client_id).stdout.strip()
    assert {own_token(oauth, client_id, one).status_code for one in (secret, other)} == {200}  # for a day
    oauth.world.run("update wuji.oauth_client set old_until = now() where client_id = %s", client_id)
    assert [own_token(oauth, client_id, one).status_code for one in (secret, other)] == [401, 200]
    token = own_token(oauth, client_id, other).json["access_token"]
    assert wuji("client", "remove", *at, client_id).exit_code == 0
    assert own_token(oauth, client_id, other).status_code == 401
    assert oauth.call(token, f"/api/v1/tenants/{oauth.world.code['street']}").status_code == 401
    again = wuji("client", "remove", *at, client_id)
    assert (again.exit_code, "was removed" in again.output or "ended with it" in again.output) == (1, True)
    verbs = oauth.world.run(
        "select r.verb from wuji.journal_record r join wuji.oauth_client c on c.id::text = r.subject_id "
        "where c.client_id = %s order by r.id",
        client_id,
    ).fetchall()
    assert [verb for (verb,) in verbs] == [f"identity.oauth_client.{done}" for done in ("add", "rotate", "remove")]


def test_a_tenant_manages_no_program_of_another(wuji, add, oauth):
    client_id = json.loads(add(TOLD).stdout)["client_id"]
    for tenant in ("village", "other"):
        at = ("--tenant", oauth.world.code[tenant])
        assert client_id not in wuji("client", "list", *at).output
        assert wuji("client", "rotate", *at, client_id).exit_code == 1
        assert wuji("client", "remove", *at, client_id).exit_code == 1
    assert client_id in wuji("client", "list", "--tenant", oauth.world.code["city"]).output


def test_a_program_without_a_secret_has_none_to_change(wuji, add, oauth):
    public = {**TOLD, "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"]}
    made = json.loads(add(public).stdout)
    assert "client_secret" not in made
    done = wuji("client", "rotate", "--tenant", oauth.world.code["street"], made["client_id"])
    assert done.exit_code == 1
    assert "cannot keep a secret" in done.output


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({**TOLD, "redirect_uris": ["http://app.example/"]}, "invalid_redirect_uri"),
        ({**TOLD, "client_name": ""}, "invalid_client_metadata"),
        ([], "invalid_client_metadata"),
        ("{", "is no JSON"),
        ("[" * 90_000, "is no JSON"),
    ],
)
def test_what_cannot_be_registered_is_said(add, oauth, told, said):
    done = add(told)
    assert done.exit_code == 1
    assert said in done.output
    assert not oauth.world.run(
        "select from wuji.oauth_client where tenant_id = %s", oauth.world.tenant["street"]
    ).fetchall()


def test_keys_are_listed_and_rotated(server, make_database):
    class Alone(Here):
        def __init__(self):
            ActingProgram.__init__(self, {})
            self.database = make_database()

        @cached_property
        def deployment(self):
            return make_deployment(
                self.options, make_engine(server.url("wuji_app", self.database), pooled=False), server.seal
            )

        @cached_property
        def system(self):
            return server.engine("wuji_system", self.database)

    program = Alone()

    def run(word):
        return CliRunner().invoke(main, ["oauth", "keys", word], obj=program)

    listed = run("list")
    assert listed.exit_code == 0, listed.output
    assert (listed.output.count("active"), listed.output.count("next")) == (2, 0)
    rotated = run("rotate")
    assert (rotated.output.count("active"), rotated.output.count("next")) == (2, 2)
    again = run("rotate")
    assert (again.exit_code, "begin to sign" in again.output) == (1, True)
