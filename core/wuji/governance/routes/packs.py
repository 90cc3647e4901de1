"""Packs that lie beside the program, for the operator."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.governance.routes.feature import feature
from wuji.governance.schemas import PackOut, PacksPage
from wuji.governance.services.packing import Lying, ask_for, get_lying, list_last_jobs, list_lying
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.work.showing import say_why

ALL = "/operator/packs"
ONE = f"{ALL}/<pack_id>"
APPLY = "governance.pack.apply"


@feature.route("GET", ALL, permission=APPLY, answer=PacksPage)
def list_packs(call: Call) -> Answer:
    """Every pack, and what was last done with it: ask again while its job waits or runs."""
    jobs = list_last_jobs(call.session)
    items = [_shown(call, pack, jobs) for pack in list_lying(call.deployment.options.packs_dir)]
    return Answer({"items": items, "next": None, "total": {"value": len(items), "capped": False}}, tagged=True)


@feature.route("POST", f"{ONE}/dry-run", permission=APPLY, answer=PackOut, status=202)
def compare_with_pack(call: Call, pack_id: str) -> Mapping[str, Any]:
    """Find out what applying it would change."""
    return _ask(call, "pack.compare", pack_id)


@feature.route("POST", f"{ONE}/apply", permission=APPLY, answer=PackOut, status=202)
def apply_pack_again(call: Call, pack_id: str) -> Mapping[str, Any]:
    """Make its tree, roles, rules and data what it says; what it does not name is left alone."""
    return _ask(call, "pack.apply", pack_id)


def _ask(call: Call, kind: str, pack_id: str) -> Mapping[str, Any]:
    pack = get_lying(call.deployment.options.packs_dir, pack_id)
    ask_for(call.session, kind, pack)
    return _shown(call, pack, list_last_jobs(call.session))


def _shown(call: Call, pack: Lying, jobs: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    last = jobs.get(pack.id)
    shown = {"id": pack.id, "code": pack.code, "name": pack.name, "job": None}
    if last is None:
        return shown
    why = say_why(last["problem"], last["fault"], call.deployment.texts, read_locale(request))
    named = {name: value for name, value in last.items() if name not in {"pack", "fault"}}
    return {**shown, "job": {**named, "problem": why}}
