"""A circuit breaker: what fails or drags again and again is left alone for a while, then tried once."""

from collections import deque
from threading import Lock

MOST, WITHIN, REST = 5, 60.0, 30.0  # times, seconds, seconds


class Breaker:
    """Of one hook of one plugin in this process. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self.open_until = 0.0
        self._strikes: deque[float] = deque(maxlen=MOST)
        self._lock = Lock()

    def admits(self, now: float) -> bool:
        """While open: nobody; after the rest: one, who decides for all."""
        if not self.open_until:
            return True
        with self._lock:
            if now < self.open_until:
                return False
            self.open_until = now + REST  # until the one on trial is back
            return True

    def fulfilled(self) -> None:
        """A call went well. Called only while the breaker is open: the trial has passed."""
        with self._lock:
            self.open_until = 0.0
            self._strikes.clear()

    def strike(self, now: float) -> bool:
        """A call failed or dragged. True where this opens the breaker."""
        with self._lock:
            self._strikes.append(now)
            full = len(self._strikes) == MOST and now - self._strikes[0] <= WITHIN
            opens = full or bool(self.open_until)
            if opens:
                self.open_until = now + REST
            return opens
