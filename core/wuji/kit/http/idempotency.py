"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): the same call again gets the same answer and changes
nothing.
"""

import base64
import hashlib
import json
import re
from typing import Any

from flask import Request, Response
from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Problem

FORM = re.compile(r"[\x21-\x7e]{1,200}")
TAKE = text(
    "insert into wuji.idempotency(account_id, key, fingerprint) values (wuji.scope_account(), :key, :fingerprint) "
    "on conflict do nothing returning 1"
)
FIND = text("select fingerprint, answer from wuji.idempotency where account_id = wuji.scope_account() and key = :key")
KEEP = text(
    "update wuji.idempotency set answer = cast(:answer as jsonb) where account_id = wuji.scope_account() and key = :key"
)


def read_key(request: Request) -> str | None:
    """The key of the call, or None. Raises 400 for one that is not 1 to 200 printable characters."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not FORM.fullmatch(key):
        raise Problem("kit.idempotency_form", 400)
    return key


def replay(session: ScopedSession, request: Request, key: str, sent: bytes) -> Response | None:
    """The kept answer, or None where this call is the first. The same key at the same moment waits for the first to
    commit. `sent` is the body, or what stands for it.
    """
    fingerprint = hashlib.sha256(b"\0".join((request.method.encode(), request.full_path.encode(), sent))).digest()
    if session.execute(TAKE, {"key": key, "fingerprint": fingerprint}).first():
        return None
    row = session.execute(FIND, {"key": key}).first()
    if row is None:  # purged between the two statements
        raise Problem("kit.try_again", 409, headers={"Retry-After": "1"})
    if row.fingerprint != fingerprint:
        raise Problem("kit.idempotency_other", 422)
    answer: dict[str, Any] = row.answer
    return Response(
        base64.b64decode(answer["body"]), answer["status"], {**answer["headers"], "Idempotency-Replayed": "true"}
    )


def keep(session: ScopedSession, key: str, response: Response) -> None:
    """Stores the answer in the transaction of the change itself: both or neither."""
    headers = {k: v for k, v in response.headers if k in {"Content-Type", "ETag", "Location"}}
    answer = {
        "status": response.status_code,
        "headers": headers,
        "body": base64.b64encode(response.get_data()).decode(),
    }
    session.execute(KEEP, {"key": key, "answer": json.dumps(answer)})
