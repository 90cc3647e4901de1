"""Telling people something, from where nobody in particular acts: handlers of the journal, schedules, the command line."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from wuji.kit.db.session import ScopedSession

NOTIFY = text("select wuji.notify(:topic, :recipients, :cause, cast(:told as jsonb), :path, :place_id)")
HOLDERS = text("select wuji.holders(:permission, :place_id)")


def notify(
    session: ScopedSession,
    topic: str,
    recipients: Collection[UUID],
    cause: str,
    *,
    values: Mapping[str, Any] | None = None,
    path: str = "",
    tenant_id: int | None = None,
) -> int:
    """Tells these accounts, each by the channels and at the times that they chose; returns how many had not been told before.

    `topic` is its full name (`<feature>.<name>`). `cause` says what it is about: of one topic and cause a person is told once,
    however often this runs. `values` fill the topic's texts when somebody reads them: texts and numbers, {"text": key} for
    words of a catalogue, {"zh-CN": …, "en": …} for words in both languages, lists of these; `place` is always there, the
    name of `tenant_id`, where it happened. `path` leads there, from / on.

    Only within a job of account `system`, at that tenant or above it, or without one.
    """
    asked = {"topic": topic, "recipients": list(recipients), "cause": cause, "path": path, "place_id": tenant_id}
    told: int = session.execute(
        NOTIFY, {**asked, "told": json.dumps(dict(values or {}), ensure_ascii=False)}
    ).scalar_one()
    return told


def list_holders(session: ScopedSession, permission: str, tenant_id: int | None) -> list[UUID]:
    """Whoever answers for something there: who holds the permission at the nearest tenant upwards where anybody does; without a
    tenant, operators. Only within a job of account `system`.
    """
    return list(session.execute(HOLDERS, {"permission": permission, "place_id": tenant_id}).scalars())
