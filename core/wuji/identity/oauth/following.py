"""Of whom sessions have ended, so that the programs that asked to hear of it are told (see tasks)."""

from collections.abc import Sequence

from sqlalchemy import text

from wuji.kit.db.session import ScopedSession
from wuji.plugin.running import Handler, Happened

NAME = "identity.leave"
FOLLOWED = frozenset({"account_session", "account"})
OWN = frozenset({"identity.session.end"})  # of which the record's account is the person; of the others its subject
ENDED = OWN | {"identity.password.set", "identity.link.redeem", "identity.account.suspend"}
LEAVE = text("select wuji.oauth_leave(:account_id)")


def handle(session: ScopedSession, happened: Happened) -> None:
    handle_all(session, [happened])


def handle_all(session: ScopedSession, records: Sequence[Happened]) -> None:
    """Once for each person, however many of their sessions ended."""
    ended = [one for one in records if one.verb in ENDED]
    people = {str(one.account_id) if one.verb in OWN else str(one.subject_id) for one in ended}
    for account_id in sorted(people):
        session.execute(LEAVE, {"account_id": account_id})


FOLLOW = Handler(name=NAME, kinds=FOLLOWED, handle=handle, handle_all=handle_all)
