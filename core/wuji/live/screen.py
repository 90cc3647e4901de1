"""One open page, and all of them together. What a page has yet to be told is a set of topics, not a queue: however slow it is,
it takes no more memory than that.
"""

import asyncio
import time
from collections import Counter
from typing import Any, Literal
from uuid import UUID

from wuji.live.topics import Held, Key, Wish

MOST = 5_000  # open pages of one process
MOST_EACH = 20  # of one session, or of one address without a session
End = Literal["", "gone", "restart", "left", "stuck"]


class Screen:
    """A page that listens. `dirty` holds what it has yet to be told: topic to position or body, None: no longer told."""

    __slots__ = (
        "account_id",
        "bell",
        "dirty",
        "end",
        "frames",
        "reset",
        "session",
        "since",
        "task",
        "told_at",
        "who",
        "wishes",
    )

    def __init__(self, session: bytes | None, who: str, account_id: UUID | None) -> None:
        self.session, self.who, self.account_id = session, who, account_id
        self.wishes: dict[str, tuple[Wish, Held]] = {}
        self.dirty: dict[str, Any] = {}
        self.reset = False
        self.end: End = ""
        self.bell = asyncio.Event()
        self.told_at = time.monotonic()
        self.frames = 0  # how often it was told something
        self.since = 0.0  # when what is being sent just now was begun; 0: nothing is
        self.task: asyncio.Task[Any] | None = None

    def finish(self, end: End) -> None:
        """Ends it, with what the page is told of the reason."""
        self.end = self.end or end
        self.bell.set()


class Screens:
    """All open pages of this process, by what they listen to."""

    def __init__(self) -> None:
        self.all: set[Screen] = set()
        self.by_key: dict[Key, set[tuple[Screen, str]]] = {}
        self.by_account: dict[UUID, set[Screen]] = {}
        self.by_topic: dict[str, set[str]] = {}
        self.each: Counter[str] = Counter()

    def room(self, who: str) -> Literal["", "full", "enough"]:
        """Why there is none for one more."""
        if len(self.all) >= MOST:
            return "full"
        return "enough" if self.each[who] >= MOST_EACH else ""

    def add(self, screen: Screen) -> None:
        self.all.add(screen)
        self.each[screen.who] += 1
        if screen.account_id:
            self.by_account.setdefault(screen.account_id, set()).add(screen)

    def remove(self, screen: Screen) -> None:
        self.all.discard(screen)
        self.each[screen.who] -= 1
        if not self.each[screen.who]:
            del self.each[screen.who]
        if screen.account_id:
            same = self.by_account[screen.account_id]
            same.discard(screen)
            if not same:
                del self.by_account[screen.account_id]
        for text in list(screen.wishes):
            self.stop(screen, text)

    def listen(self, screen: Screen, wish: Wish, held: Held) -> None:
        """Takes a wish up, or again under other keys: its tenant may have moved."""
        if screen.wishes.get(wish.text) == (wish, held):
            return
        self.stop(screen, wish.text)
        screen.wishes[wish.text] = wish, held
        for key in wish.keys(held):
            self.by_key.setdefault(key, set()).add((screen, wish.text))
            self.by_topic.setdefault(key.topic, set()).add(key.of)

    def stop(self, screen: Screen, text: str) -> None:
        if text not in screen.wishes:
            return
        wish, held = screen.wishes.pop(text)
        for key in wish.keys(held):
            listening = self.by_key[key]
            listening.discard((screen, text))
            if not listening:
                del self.by_key[key]
                self.by_topic[key.topic].discard(key.of)

    def tell(self, key: Key, value: object) -> set[Screen]:
        """Notes what those who listen have to be told; returns them."""
        told = set()
        for screen, text in self.by_key.get(key, ()):
            screen.dirty[text] = value
            told.add(screen)
        return told
