"""A tenant's profile over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.tenancy.models import TenantProfile
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas import ProfileIn, ProfileOut
from wuji.tenancy.services.profile import get_profile, put_profile

PATH = "/tenants/<tenant_code>/profile"


def shown(profile: TenantProfile) -> Answer:
    return Answer({"contact": profile.contact, "about": profile.about}, version=profile.version)


@feature.route("GET", PATH, permission="tenancy.profile.read", answer=ProfileOut)
def show_profile(call: Call) -> Answer:
    """Whom to call at the tenant, and what it is."""
    return shown(get_profile(call.session))


@feature.route("PUT", PATH, permission="tenancy.profile.write", body=ProfileIn, answer=ProfileOut)
def set_profile(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Say anew whom to call and what the tenant is."""
    return shown(put_profile(call.session, version=asked_version(request), **asked))
