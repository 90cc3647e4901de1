"""The baseline of the list endpoint: a bare Flask view that looks up the same session through the same door, asks for the same
permission, runs the same SQL and answers the same bytes, with Core rows and msgspec, and does nothing else.
"""

import base64
import hashlib

import msgspec
from flask import Flask, Response, abort, request
from sqlalchemy import Engine, bindparam, func, select, text

from wuji.journal.lists import ACCOUNT, AUTHOR, CODE, REASON, TENANT
from wuji.journal.models import JournalRecord

DOOR = text("select * from wuji.enter_session(:token_hash, :code)")
CAP = 1000
RECORD = JournalRecord.__table__.c
SOURCE = (
    JournalRecord.__table__.outerjoin(TENANT, TENANT.c.id == RECORD.tenant_id)
    .outerjoin(CODE, (CODE.c.tenant_id == RECORD.tenant_id) & CODE.c.valid_to.is_(None))
)  # fmt: skip
IN_RANGE = RECORD.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
PAGE = (
    select(
        RECORD.id,
        RECORD.at,
        RECORD.verb,
        RECORD.kind,
        RECORD.subject_id,
        AUTHOR.label("author"),
        ACCOUNT.label("account"),
        CODE.c.code.label("tenant_code"),
        TENANT.c.name.label("tenant_name"),
        RECORD.fields,
        REASON.label("reason"),
    )
    .select_from(SOURCE)
    .where(IN_RANGE)
    .order_by(RECORD.at.desc(), RECORD.id.desc())
    .limit(bindparam("limit"))
)
TOTAL = select(func.count()).select_from(
    select(text("1")).select_from(SOURCE).where(IN_RANGE).limit(CAP + 1).subquery()
)
ENCODER = msgspec.json.Encoder()


def make_bare(engine: Engine, cookie: str) -> Flask:
    """An application with that one view."""
    app = Flask("bare", static_folder=None)
    reading = engine.execution_options(postgresql_readonly=True)

    @app.get("/api/v1/tenants/<code>/journal")
    def journal(code: str) -> Response:
        token, limit = request.cookies.get(cookie), request.args.get("limit", 20, type=int)
        if token is None:
            abort(401)
        with reading.connect() as connection:
            door = {"token_hash": hashlib.sha256(token.encode()).digest(), "code": code}
            actor = connection.execute(DOOR, door).one()
            if "journal.record.read" not in actor.permissions:
                abort(404)
            rows = connection.execute(PAGE, {"limit": limit + 1}).all()
            total = connection.execute(TOTAL).scalar_one()
            connection.commit()
        last = rows[limit - 1]
        cursor = base64.urlsafe_b64encode(msgspec.json.encode(["-at", last.at, last.id])).decode().rstrip("=")
        page = {
            "items": [row._asdict() for row in rows[:limit]],
            "next": cursor,
            "total": {"value": min(total, CAP), "capped": total > CAP},
        }
        return Response(ENCODER.encode(page), mimetype="application/json")

    return app
