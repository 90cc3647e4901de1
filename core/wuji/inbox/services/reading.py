"""The notifications of whoever asks, in their language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update

from wuji.inbox.lists import NOTIFICATIONS
from wuji.inbox.models import Notification
from wuji.inbox.rendering import render
from wuji.kit.db.session import ScopedSession
from wuji.kit.http.rows import CAP, count_rows, read_page
from wuji.kit.problem import not_found
from wuji.kit.texts import Texts


def list_notifications(session: ScopedSession, texts: Texts, locale: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One page, the newest first."""
    page = read_page(session, NOTIFICATIONS, asked)
    return {**page, "items": [_shown(texts, locale, item) for item in page["items"]]}


def count_unread(session: ScopedSession) -> Mapping[str, Any]:
    """{value, capped}: how many have not been read, exact up to a thousand."""
    unread = count_rows(session, NOTIFICATIONS, {"unread": True}, CAP + 1)
    return {"value": min(unread, CAP), "capped": unread > CAP}


def mark_notification(session: ScopedSession, notification_id: UUID, *, read: bool) -> None:
    """Read, or unread again. Raises 404."""
    when = func.coalesce(Notification.read_at, func.now()) if read else None
    marked = session.execute(
        update(Notification)
        .where(Notification.id == notification_id, Notification.shown)
        .values(read_at=when)
        .returning(Notification.id)
    )
    if marked.first() is None:
        raise not_found()


def mark_until(session: ScopedSession, until: datetime) -> int:
    """All up to that moment are read; what came later nobody has seen yet. Returns how many were not read before."""
    marked = session.execute(
        update(Notification)
        .where(Notification.created_at <= until, Notification.read_at.is_(None), Notification.shown)
        .values(read_at=func.now())
        .returning(Notification.id)
    )
    return len(marked.all())


def _shown(texts: Texts, locale: str, item: Mapping[str, Any]) -> Mapping[str, Any]:
    here = None if item["place_id"] is None else item["place_name"] or ""  # of a suspended tenant nobody reads the name
    message = render(texts, locale, item["topic"], item["told"], here)
    place = (
        {"code": item["place_code"], "name": item["place_name"]} if item["place_code"] and item["place_name"] else None
    )
    return {
        "id": item["id"],
        "topic": item["topic"],
        "title": message.title,
        "body": message.body,
        "path": item["path"],
        "tenant": place,
        "created_at": item["created_at"],
        "read_at": item["read_at"],
    }
