"""The set-up list of a tenant."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.onboarding.routes.feature import feature
from wuji.onboarding.schemas import SetupIn, SetupOut
from wuji.onboarding.services.setup import change_setup, get_setup

PATH = "/tenants/<tenant_code>/setup"


def shown(found: Mapping[str, Any]) -> Answer:
    return Answer({"items": found["items"]}, version=found["version"])


@feature.route("GET", PATH, permission="tenancy.profile.read", answer=SetupOut)
def show_setup(call: Call) -> Answer:
    """What is done and what is not, each with the page where it is done."""
    return shown(get_setup(call.session))


@feature.route("PUT", PATH, permission="tenancy.profile.write", body=SetupIn, answer=SetupOut)
def put_setup(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Say what is done; the rest is open again."""
    return shown(change_setup(call.session, asked["done"], asked_version(request)))
