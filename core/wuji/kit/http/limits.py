"""Rate limits at the edge: whose call counts against what, and how one too many is answered."""

from math import ceil

from flask import request

from wuji.kit.address import network
from wuji.kit.buckets import Buckets, Rate
from wuji.kit.deployment import Deployment
from wuji.kit.http.request import Call
from wuji.kit.problem import Problem

# Two hundred people and a kiosk behind one address stay far below these; a program that runs wild does not.
UNSAFE = Rate("anonymous", 600, 60)  # what anybody may send without an account
UPLOADS = Rate("uploads", 200, 600, by="account")


def limit_address(deployment: Deployment, rate: Rate) -> None:
    """Counts one call from the caller's address. Raises 429."""
    _demand(deployment, rate, network(request.remote_addr or ""))


def limit(call: Call, rate: Rate) -> None:
    """Counts one call of whom the rate is about; of nobody where it is about addresses and the caller has an account, or the
    other way round. Raises 429.
    """
    account = call.actor.account_id
    if rate.by == "account" and account:
        _demand(call.deployment, rate, str(account))
    elif rate.by == "address" and not account:
        limit_address(call.deployment, rate)


def within(call: Call, rate: Rate, *what: object) -> bool:
    """Whether the caller's address may do that once more, with this very thing; counts it, refuses nothing."""
    place = network(request.remote_addr or "")
    return not call.deployment.part(Buckets).take(rate, place, *map(str, what))


def _demand(deployment: Deployment, rate: Rate, who: str) -> None:
    buckets = deployment.part(Buckets)
    waits = buckets.take(rate, who)
    if waits:
        seconds = ceil(waits)
        # RateLimit fields: draft-ietf-httpapi-ratelimit-headers
        headers = {
            "Retry-After": str(seconds),
            "RateLimit-Policy": f'"{rate.name}";q={buckets.most(rate)};w={rate.seconds}',
            "RateLimit": f'"{rate.name}";r=0;t={seconds}',
        }
        raise Problem("kit.too_many", 429, headers=headers, seconds=seconds)
