"""Whoever comes without an account brings what makes one; whoever has one is logged in."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.problem import Fault, Problem, invalid, unauthenticated
from wuji.onboarding.services.invitations import Newcomer

PERSON = ("login", "name", "password")


def find_newcomer(call: Call, asked: Mapping[str, Any]) -> Newcomer | None:
    """None for whoever is logged in. Raises 409 where they say a person all the same, 401 for nobody, 422 for half a person."""
    given = [name for name in PERSON if name in asked]
    if call.actor.account_id and given:
        raise Problem("onboarding.logged_in", 409)
    if call.actor.account_id:
        return None
    if not given:
        raise unauthenticated()
    if given != list(PERSON):
        raise invalid(*(Fault(f"#/{name}", "kit.invalid.required") for name in PERSON if name not in asked))
    return Newcomer(asked["login"], asked["name"], asked["password"], read_locale(request), request.remote_addr or "")
