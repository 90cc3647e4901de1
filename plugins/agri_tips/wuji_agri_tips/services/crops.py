"""The crops and animals that a person has chosen. They alone see the choice."""

from collections.abc import Sequence

from sqlalchemy import select, text

from wuji.api import ScopedSession, check_version
from wuji_agri_tips.models import CropChoice

# Whoever has chosen nothing has version 1: there is something to name in If-Match before there is a row.
NOTHING = 1
FIRST = text(
    "insert into plugin_agri_tips.crop_choice(account_id, crops, version) values (wuji.scope_account(), :crops, :version) "
    "on conflict do nothing returning version"
)


def get_crops(session: ScopedSession) -> tuple[Sequence[str], int]:
    """What whoever asks has chosen, and its version."""
    row = session.execute(
        select(CropChoice.crops, CropChoice.version).where(CropChoice.account_id == session.actor.account_id)
    ).first()
    return (row.crops, row.version) if row else ((), NOTHING)


def choose_crops(session: ScopedSession, crops: Sequence[str], version: int) -> tuple[Sequence[str], int]:
    """Exactly these. Raises 412 where another of the person's devices was faster."""
    chosen = list(dict.fromkeys(crops))
    row = session.get(CropChoice, session.actor.account_id)  # once: what is checked is what is written over
    check_version(row.version if row else NOTHING, version)
    if row is not None:
        row.crops = chosen
        session.flush()
        return row.crops, row.version
    made = session.execute(FIRST, {"crops": chosen, "version": NOTHING + 1}).scalar()
    check_version(made, NOTHING + 1)
    return chosen, NOTHING + 1
