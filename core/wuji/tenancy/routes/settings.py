"""Settings of a tenant over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.kit.setting import Setting
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas import ExplainedSettingOut, SettingIn, SettingsPage
from wuji.tenancy.services.settings import (
    clear_setting,
    explain_setting,
    get_setting,
    list_settings,
    own_version,
    put_setting,
)

ALL = "/tenants/<tenant_code>/settings"
ONE = f"{ALL}/<setting_key>"


def named(call: Call, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the names of its choices as the reader calls them."""
    texts, locale = call.deployment.texts, read_locale(request)
    return {**said, "choices": [{"value": value, "label": texts.say(locale, key)} for value, key in said["choices"]]}


def shown(call: Call, setting: Setting[Any]) -> Answer:
    """With the version of what the tenant itself says as ETag; 0 while it says nothing."""
    explained = named(call, explain_setting(call.session, setting))
    return Answer(explained, version=own_version(call.session, setting))


@feature.route("GET", ALL, permission="tenancy.setting.read", answer=SettingsPage)
def show_settings(call: Call) -> Mapping[str, Any]:
    """Every setting with the value that counts here and where it comes from."""
    items = [named(call, said) for said in list_settings(call.session, call.deployment.settings)]
    return {"items": items, "next": None, "total": {"value": len(items), "capped": False}}


@feature.route("GET", ONE, permission="tenancy.setting.read", answer=ExplainedSettingOut)
def show_setting(call: Call, setting_key: str) -> Answer:
    """One setting, and why its value is what it is."""
    return shown(call, get_setting(call.deployment.settings, setting_key))


# Which permission it takes stands with each setting.
@feature.route("PUT", ONE, permission="tenancy.setting.read", body=SettingIn, answer=ExplainedSettingOut)
def set_setting(call: Call, asked: Mapping[str, Any], setting_key: str) -> Answer:
    """Set, suggest or lock a value for this tenant and those below; If-Match "0" where it has said nothing yet."""
    setting = get_setting(call.deployment.settings, setting_key)
    put_setting(call.session, setting, version=asked_version(request), **asked)
    return shown(call, setting)


@feature.route("DELETE", ONE, permission="tenancy.setting.read")
def unset_setting(call: Call, setting_key: str) -> None:
    """Take back what this tenant said; what is inherited counts again."""
    clear_setting(call.session, get_setting(call.deployment.settings, setting_key))
