"""Keys: there from the first call, published a day before they sign, and readable by the program alone."""

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from wuji.assembly import make_deployment
from wuji.identity.oauth.services.keys import get_keys, public_keys, rotate_keys, sign
from wuji.kit.clock import now
from wuji.kit.db.doors import by_public
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.kit.problem import Problem


@pytest.fixture
def at(server, make_database):
    """The same deployment at other times."""
    engine = make_engine(server.url("wuji_app", make_database()), pool_size=2)

    def make(later=timedelta(0)):
        return make_deployment(load({}), engine, server.seal, clock=lambda: now() + later)

    yield make
    engine.dispose()


def states(deployment):
    return [(key.alg, key.state(deployment.clock())) for key in get_keys(deployment)]


def rotate(deployment):
    with deployment.work(by_public(None)) as session:
        rotate_keys(session, deployment)


def test_the_first_keys_are_made_when_they_are_needed_and_sign_at_once(at):
    today = at()
    token = sign(today, get_keys(today), {"sub": "x"}, "ES256")
    assert states(today) == [("ES256", "active"), ("RS256", "active")]
    published = KeySet.import_key_set(public_keys(get_keys(today), today.clock()))
    assert jwt.decode(token, published, algorithms=["ES256"]).claims == {"sub": "x"}
    assert not [key for key in public_keys(get_keys(today), today.clock())["keys"] if {"d", "p", "q"} & key.keys()]


def test_a_next_key_is_published_a_day_before_it_signs(at):
    today = at()
    old = {key.kid for key in get_keys(today)}
    rotate(today)
    assert states(today) == [(alg, state) for alg in ("ES256", "RS256") for state in ("active", "next")]
    with pytest.raises(Problem, match="oauth_key_waits"):
        rotate(today)
    before = at(timedelta(hours=23))
    assert kid(sign(before, get_keys(before), {}, "RS256")) in old
    tomorrow = at(timedelta(hours=25))
    assert kid(sign(tomorrow, get_keys(tomorrow), {}, "RS256")) not in old
    assert states(tomorrow) == [(alg, state) for alg in ("ES256", "RS256") for state in ("retired", "active")]
    assert len(public_keys(get_keys(tomorrow), tomorrow.clock())["keys"]) == 4
    later = at(timedelta(hours=73))
    assert len(public_keys(get_keys(later), later.clock())["keys"]) == 2
    rotate(later)
    assert not old & {key.kid for key in get_keys(later)}


def kid(token):
    return extract_compact(token.encode()).headers()["kid"]
