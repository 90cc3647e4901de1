"""Alarms, and the rules that open them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.api.http import Answer, Call, asked_version, read_locale, read_one, serve_list
from wuji_station_watch.alarm_lists import ALARMS, RULES
from wuji_station_watch.alarm_models import Alarm, AlarmRule
from wuji_station_watch.permissions import HANDLE, READ
from wuji_station_watch.permissions import RULES as WRITE_RULES
from wuji_station_watch.routes.feature import AT, feature
from wuji_station_watch.services.alarms import close_alarm, find_role, get_alarm, take_alarm
from wuji_station_watch.services.rules import add_rule, change_rule, drop_rule, get_rule
from wuji_station_watch.services.stations import find_place
from wuji_station_watch.watch_schemas import (
    AlarmCloseIn,
    AlarmOut,
    AlarmRuleChangeIn,
    AlarmRuleIn,
    AlarmRuleOut,
    AlarmTakeIn,
)

ALL = f"{AT}/alarms"
ONE = f"{ALL}/<uuid:alarm_id>"
ALL_RULES = f"{AT}/alarm-rules"
ONE_RULE = f"{ALL_RULES}/<uuid:alarm_rule_id>"
LANGUAGES = ("zh-CN", "en")
SAME = ("id", "kind", "measure", "share", "minutes", "escalate_minutes", "is_on")

serve_list(feature, ALL, ALARMS, "list_alarms", "Alarms of stations at and below the tenant.")
serve_list(feature, ALL_RULES, RULES, "list_alarm_rules", "What is watched here, by whichever level chose it.")


@feature.route("GET", ONE, permission=READ, answer=AlarmOut)
def show_alarm(call: Call, alarm_id: UUID) -> Answer:
    """One alarm, and who has it in hand."""
    return _show(call, get_alarm(call.session, alarm_id))


@feature.route("POST", f"{ONE}/take", permission=HANDLE, body=AlarmTakeIn, answer=AlarmOut)
def take_station_alarm(call: Call, body: Mapping[str, Any], alarm_id: UUID) -> Answer:
    """Say that one sees to it. Of two at once one does, and the other is told who."""
    locale = read_locale(request)
    return _show(call, take_alarm(call.session, alarm_id, body["note"], _role(call), locale))


@feature.route("POST", f"{ONE}/close", permission=HANDLE, body=AlarmCloseIn, answer=AlarmOut)
def close_station_alarm(call: Call, body: Mapping[str, Any], alarm_id: UUID) -> Answer:
    """Say what came of it."""
    return _show(call, close_alarm(call.session, alarm_id, body["result"], read_locale(request)))


@feature.route("POST", ALL_RULES, permission=WRITE_RULES, body=AlarmRuleIn, answer=AlarmRuleOut, status=201)
def make_alarm_rule(call: Call, body: Mapping[str, Any]) -> Answer:
    """Choose what the tenant wants to be told of."""
    return _show_rule(call, add_rule(call.session, body))


@feature.route("GET", ONE_RULE, permission=READ, answer=AlarmRuleOut)
def show_alarm_rule(call: Call, alarm_rule_id: UUID) -> Answer:
    """One rule: of the tenant, of one below it, or of one above."""
    return _show_rule(call, get_rule(call.session, alarm_rule_id))


@feature.route("PATCH", ONE_RULE, permission=WRITE_RULES, body=AlarmRuleChangeIn, answer=AlarmRuleOut)
def change_alarm_rule(call: Call, body: Mapping[str, Any], alarm_rule_id: UUID) -> Answer:
    """Change what is named; what is open is judged anew within a minute."""
    return _show_rule(call, change_rule(call.session, alarm_rule_id, body, asked_version(request)))


@feature.route("DELETE", ONE_RULE, permission=WRITE_RULES)
def drop_alarm_rule(call: Call, alarm_rule_id: UUID) -> None:
    """Nobody is told of it any more; alarms that were open close. With If-Match only as it was read."""
    drop_rule(call.session, alarm_rule_id, asked_version(request) if request.if_match else None)


def _show(call: Call, alarm: Alarm) -> Answer:
    return Answer(read_one(call.session, ALARMS, alarm.id), version=alarm.version)


def _role(call: Call) -> Mapping[str, str]:
    """In both languages, because others read it in theirs."""
    found = find_role(call.session)
    if found is None:  # the program's own account holds no role
        return {}
    name, labels = found
    return {
        locale: labels.get(locale) or call.deployment.texts.say(locale, f"identity.role.{name}") for locale in LANGUAGES
    }


def _show_rule(call: Call, rule: AlarmRule) -> Answer:
    place = find_place(call.session, rule.tenant_id)
    shown = {
        **{name: getattr(rule, name) for name in SAME},
        "low": None if rule.low is None else float(rule.low),
        "high": None if rule.high is None else float(rule.high),
        "own": rule.tenant_id == call.actor.tenant_id,
        "tenant": {"code": place.code, "name": place.name, "level": place.level},
    }
    return Answer(shown, version=rule.version)
