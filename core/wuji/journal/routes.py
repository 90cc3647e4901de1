"""The journal over HTTP, and for the operator those that follow it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from wuji.journal.lists import DEPLOYMENT, OWN, POISON, RECORDS
from wuji.journal.operating import (
    get_consumer,
    list_consumers,
    pause_consumer,
    replay_consumer,
    retry_all_poison,
    retry_poison,
)
from wuji.journal.permissions import CONSUMERS_READ, CONSUMERS_WRITE
from wuji.journal.schemas import AskedOut, ConsumerOut, ConsumersPage, PoisonRetryIn, ReplayIn
from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer, Feature
from wuji.plugin.running import title_key

feature = Feature("journal")
ONE = "/operator/consumers/<consumer_id>"

serve_list(
    feature,
    "/tenants/<tenant_code>/journal",
    RECORDS,
    "list_journal",
    "What happened at the tenant and below it, newest first.",
)
serve_list(
    feature,
    "/operator/journal",
    DEPLOYMENT,
    "list_deployment_journal",
    "What happened in the deployment itself and belongs to no tenant, newest first.",
)
serve_list(feature, "/me/journal", OWN, "list_own_journal", "What the account did, everywhere, newest first.")
serve_list(
    feature,
    "/operator/poison",
    POISON,
    "list_poison",
    "Records that a consumer failed on and went past, newest first.",
)


@feature.route("GET", "/operator/consumers", permission=CONSUMERS_READ, answer=ConsumersPage)
def list_journal_consumers(call: Call) -> Answer:
    """Everything that follows the journal, with how far it has come."""
    items = [titled(call, one) for one in list_consumers(call.session)]
    return Answer({"items": items, "next": None, "total": {"value": len(items), "capped": False}}, tagged=True)


@feature.route("POST", f"{ONE}/pause", permission=CONSUMERS_WRITE, answer=ConsumerOut)
def pause_journal_consumer(call: Call, consumer_id: str) -> Mapping[str, Any]:
    """Have a consumer stand still; it loses nothing."""
    pause_consumer(call.session, consumer_id, paused=True)
    return titled(call, get_consumer(call.session, consumer_id))


@feature.route("POST", f"{ONE}/resume", permission=CONSUMERS_WRITE, answer=ConsumerOut)
def resume_journal_consumer(call: Call, consumer_id: str) -> Mapping[str, Any]:
    """Have a consumer read on from where it stood still."""
    pause_consumer(call.session, consumer_id, paused=False)
    return titled(call, get_consumer(call.session, consumer_id))


@feature.route("POST", f"{ONE}/replay", permission=CONSUMERS_WRITE, body=ReplayIn, answer=ConsumerOut)
def replay_journal_consumer(call: Call, asked: Mapping[str, Any], consumer_id: str) -> Mapping[str, Any]:
    """Tell a consumer everything again from a time on; what it does twice is as if done once."""
    replay_consumer(call.session, consumer_id, since=asked["since"])
    return titled(call, get_consumer(call.session, consumer_id))


@feature.route("POST", "/operator/poison/retry", permission=CONSUMERS_WRITE, body=PoisonRetryIn, answer=AskedOut)
def retry_consumer_poison(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Have everything told again that a consumer has set aside."""
    return {"asked": retry_all_poison(call.session, asked["consumer"])}


@feature.route("POST", "/operator/poison/<uuid:poison_id>/retry", permission=CONSUMERS_WRITE, answer=AskedOut)
def retry_one_poison(call: Call, poison_id: UUID) -> Mapping[str, Any]:
    """Have one record told again that was set aside."""
    return {"asked": retry_poison(call.session, poison_id)}


def titled(call: Call, consumer: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what it is called, in the reader's language; by its name where its plugin cannot be read just now."""
    catalogue = call.deployment.texts.catalogue(read_locale(request))
    return {**consumer, "title": catalogue.get(title_key(consumer["name"]), consumer["name"])}
