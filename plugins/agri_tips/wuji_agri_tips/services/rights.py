"""What whoever asks may do with a tip now, and where they act: what the functions of the database will say too."""

from uuid import UUID

from sqlalchemy import select

from wuji.api import Actor, ScopedSession
from wuji_agri_tips.models import Tip
from wuji_agri_tips.permissions import PUBLISH, REVIEW, SUBMIT, WITHDRAW, WRITE
from wuji_agri_tips.services.finding import Found

OPEN = {"draft", "returned"}
SHOWN = {"published", "withdrawn"}


def list_rights(actor: Actor, tip: Found, revision_id: UUID | None) -> list[str]:
    """In the order in which they are offered."""
    at_home = tip.tenant_id == actor.tenant_id
    above = actor.tenant_id in tip.ancestors and (not at_home or tip.parent_id is None)
    judges = above and tip.state == "in_review" and actor.account_id not in tip.authors and actor.may(REVIEW)
    rights = {
        "edit": at_home and tip.state in OPEN and actor.may(WRITE),
        "submit": at_home and tip.state in OPEN and actor.may(SUBMIT),
        "take_back": at_home and tip.state == "in_review" and actor.may(SUBMIT),
        "publish": judges and actor.may(PUBLISH),
        "return": judges,
        "withdraw": tip.state == "published" and actor.may(WITHDRAW),
        "revise": at_home and tip.state in SHOWN and revision_id is None and actor.may(WRITE),
        "delete": at_home and tip.state in OPEN and actor.may(WRITE),
    }
    return [name for name, given in rights.items() if given]


def find_revision(session: ScopedSession, tip_id: UUID) -> UUID | None:
    """The draft that is to take its place."""
    return session.execute(select(Tip.id).where(Tip.replaces_id == tip_id)).scalar()
