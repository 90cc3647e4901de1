"""Whose turn it is: two fleets of one deployment speak for the same devices, and must not do so at once."""

import fcntl
from pathlib import Path
from threading import Event
from typing import Self

LOOK = 2.0  # seconds between two looks whether the other has ended


class Turn:
    """A lock in a file. Whoever `gives_way` holds it never, and waits while somebody does."""

    def __init__(self, file: Path, stop: Event, *, gives_way: bool) -> None:
        self.stop, self._gives_way = stop, gives_way
        self._lock = file.open("a")
        self._held = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def waited(self) -> bool:
        """Returns when it is our turn; False: we are told to end."""
        while not self.stop.is_set() and self.is_over():
            self.stop.wait(LOOK)
        return not self.stop.is_set()

    def is_over(self) -> bool:
        """Whether somebody else speaks for the devices now."""
        if self._held:
            return False
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        self._held = not self._gives_way
        if self._gives_way:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        return False
