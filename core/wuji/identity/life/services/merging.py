"""Two accounts of one person become one."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import text

from wuji.kit.crypto import token_hash
from wuji.kit.db.doors import Seal
from wuji.kit.db.refusals import refusals_as
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.problem import Fault
from wuji.plugin.plugins import Plugins

OFFER = text("select wuji.merge_offer(:code_hash, :expires_at, :seal)")
INTO = text("select * from wuji.merge_into(:code_hash)")
GRANTS = text("select * from wuji.merge_grants(:code_hash)")
ROWS = text("select * from wuji.merge_rows()")
MERGE = text("select wuji.account_merge(:code_hash, :seal)")
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; none that is taken for a digit (RFC 8628, 6.1)
LENGTH, PART = 12, 4
LIVES = timedelta(minutes=15)
refusals = partial(
    refusals_as, {"merge_code": Fault("#/code", "identity.invalid.merge_code")}, {"duties": ("identity.duties", 409)}
)


def offer_merge(session: ScopedSession, deployment: Deployment) -> tuple[str, datetime]:
    """A code for the account that goes, shown this once, and until when it is good. An earlier one ends."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    hashed, expires_at = token_hash(code), deployment.clock() + LIVES
    sealed = deployment.seal.over("merge_offer", session.actor.account_id, hashed)
    session.execute(OFFER, {"code_hash": hashed, "expires_at": expires_at, "seal": sealed})
    return "-".join(code[at : at + PART] for at in range(0, LENGTH, PART)), expires_at


def read_code(typed: str) -> bytes:
    """However people type it: in small letters, with blanks, with or without hyphens."""
    return token_hash("".join(letter for letter in typed.upper() if letter in LETTERS))


def preview_merge(session: ScopedSession, deployment: Deployment, locale: str, typed: str) -> Mapping[str, Any]:
    """What of the acting account would go where. Raises 422 for a code that is none, is over, or is the own one."""
    hashed = {"code_hash": read_code(typed)}
    with refusals():
        into = session.execute(INTO, hashed).mappings().one()
        grants = session.execute(GRANTS, hashed).mappings().all()
    rows = [
        {"title": _title(deployment, locale, row["place"], row["name"]), "count": row["count"]}
        for row in session.execute(ROWS).mappings()
    ]
    return {"into": dict(into), "grants": [dict(grant) for grant in grants], "rows": rows}


def _title(deployment: Deployment, locale: str, schema: str, table: str) -> str:
    """Of the core what it is; of a plugin its name."""
    plugin = deployment.part(Plugins).by_id.get(schema.removeprefix("plugin_"))
    return plugin.manifest.name.say(locale) if plugin else deployment.texts.say(locale, f"identity.moved.{table}")


def merge_account(session: ScopedSession, seal: Seal, typed: str) -> None:
    """The acting account ends, with its sessions; the other one has what it had. Raises 422 as the preview does."""
    hashed = read_code(typed)
    sealed = seal.over("account_merge", session.actor.account_id, hashed)
    with refusals():
        session.execute(MERGE, {"code_hash": hashed, "seal": sealed})
