"""Reading counts and helpful marks: numbers of tips at places. Who read what is written nowhere."""

from uuid import UUID

from sqlalchemy import select, text

from wuji.api import ScopedSession
from wuji_agri_tips.models import TipMark
from wuji_agri_tips.services.finding import get_readable

COUNT = text("select plugin_agri_tips.count_add(:tip_id, 'reads')")
MARK = text("select plugin_agri_tips.mark_set(:tip_id, :wanted)")
SUM = text(
    "select plugin_agri_tips.tip_sum(:tip_id, 'reads') as reads, plugin_agri_tips.tip_sum(:tip_id, 'helpful') as helpful"
)


def count_read(session: ScopedSession, tip_id: UUID) -> None:
    """Once more read, at the acting tenant."""
    get_readable(session, tip_id)
    session.execute(COUNT, {"tip_id": tip_id})


def mark_helpful(session: ScopedSession, tip_id: UUID, *, wanted: bool) -> dict[str, object]:
    """Sets or takes back the reader's own mark; twice is the same as once."""
    get_readable(session, tip_id)
    session.execute(MARK, {"tip_id": tip_id, "wanted": wanted})
    return {"helpful": read_figures(session, tip_id)["helpful"], "marked": wanted}


def read_figures(session: ScopedSession, tip_id: UUID) -> dict[str, int]:
    """Sums over all places; `reads` is 0 for whoever does not answer for the tip."""
    row = session.execute(SUM, {"tip_id": tip_id}).one()
    return {"reads": row.reads, "helpful": row.helpful}


def is_marked(session: ScopedSession, tip_id: UUID) -> bool:
    """By whoever asks."""
    own = TipMark.account_id == session.actor.account_id
    return session.execute(select(TipMark.kind).where(TipMark.tip_id == tip_id, own)).first() is not None
