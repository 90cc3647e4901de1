"""The feature that all routes of the module belong to, and what they share."""

from flask import request

from wuji.api.http import Feature, asked_version

feature = Feature("agri_tips", plugin="agri_tips")
AT = "/tenants/<tenant_code>/agri_tips"


def named_version() -> int | None:
    """The version in If-Match, where the call names one."""
    return asked_version(request) if request.if_match else None
