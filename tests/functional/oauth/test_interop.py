"""openid-client, a certified relying party, against the real server: discovery address, client id and secret, nothing else."""

from datetime import timedelta

from wuji.identity.oauth.services.registering import invite
from wuji.testing.acting import acting


def test_a_stranger_with_a_stock_client(oauth, web, stranger):
    program, world = oauth.program(), oauth.world
    seen = stranger(
        "rp.mjs",
        f"http://127.0.0.1:{web.port}",
        program.client_id,
        program.secret,
        f"wuji-{web.port}={world.cookie['resident']}",
        world.code["village"],
    )
    account = str(world.account["resident"])
    assert (seen["claims"]["sub"], seen["userinfo"]["sub"]) == (account, account)
    assert seen["userinfo"]["tenant"]["code"] == world.code["village"]
    assert {name: seen[name] for name in ("api", "rotated", "sameSubject", "active", "ended", "own")} == {
        "api": 200, "rotated": True, "sameSubject": True, "active": True, "ended": False, "own": "api:read",
    }  # fmt: skip
    assert seen["refused"] == "invalid_request"
    assert (seen["logout"], seen["left"], seen["after"]) == ("/oauth/logout", 200, 401)


def test_a_stranger_that_registers_itself_and_proves_more(oauth, web, stranger):
    """Registration, private_key_jwt, pushed requests, DPoP, tokens that can be read, a device, and a logout that is heard of."""
    world, app = oauth.world, oauth.app
    with acting(app, world, "street") as session:
        invitation = invite(session, app.extensions["wuji"], uses=2, valid=timedelta(days=1))
    seen = stranger(
        "rp_more.mjs",
        f"http://127.0.0.1:{web.port}",
        invitation,
        f"wuji-{web.port}={world.cookie['resident']}",
        world.code["village"],
    )
    account = str(world.account["resident"])
    assert seen["registered"] == ["private_key_jwt", False]
    assert seen["pushed"].startswith("urn:ietf:params:oauth:request_uri:")
    assert (seen["type"], seen["typ"], seen["bound"]) == ("dpop", "at+jwt", True)
    assert (seen["sub"], seen["userinfo"]) == (account, account)
    assert (seen["api"], seen["stolen"]) == (200, 401)
    assert (seen["refreshed"], seen["own"]) == ("dpop", "dpop")
    assert (seen["user_code"], seen["device"], seen["devicesApi"]) == (9, "bearer", 200)
