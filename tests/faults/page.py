"""A page that somebody leaves open: it shows what it is told, asks for nothing by itself, and comes again when it is cut off."""

import http.client
import json
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from tests.faults.caller import LostError

TOPIC = "inbox"
SILENT = 30.0  # seconds: a line that says nothing for so long is dead
PAUSE = 1.0  # as the server tells browsers, at least
SOON = 5.0
LOOK = 0.5


class Page:
    """Of one account's inbox, over server-sent events. `shown` is what it was told last."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._seen = ""
        self._stop, self._told = Event(), Event()
        self.shown: Any = None
        self.refused = ""
        self.opened = 0
        self._thread = Thread(target=self._stay, daemon=True)
        self._thread.start()

    def await_shown(self, read: Callable[[], Any]) -> None:
        """Returns once it shows what is there. Raises LostError where it does not within five seconds, or was refused."""
        until = time.monotonic() + SOON
        while self.shown != (there := read()):
            self._told.clear()
            if self.refused or time.monotonic() > until:
                raise LostError(
                    f"an open page shows {self.shown} instead of {there}; {self.refused or 'it was not told'}"
                )
            self._told.wait(LOOK)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(SILENT + PAUSE)

    def _stay(self) -> None:
        while not self._stop.wait(PAUSE if self.opened else 0) and not self.refused:
            line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SILENT)
            try:
                self._listen(line)
            except (OSError, http.client.HTTPException):
                continue
            finally:
                line.close()

    def _listen(self, line: http.client.HTTPConnection) -> None:
        headers = {"Accept": "text/event-stream", "Cookie": self._cookie}
        line.request(
            "GET", f"/live?topic={TOPIC}", headers=headers | ({"Last-Event-ID": self._seen} if self._seen else {})
        )
        answer = line.getresponse()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            # only what is away may refuse somebody who is logged in
            self.refused = "" if answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE else f"refused: {answer.status}"
            return
        self.opened += 1
        seen = ""
        while not self._stop.is_set() and (said := answer.readline()):
            key, _, value = said.decode().rstrip("\n").partition(": ")
            if key == "id":
                seen = value
            elif key == "data" and value.startswith("{"):
                self._seen = seen
                self._tell(json.loads(value))

    def _tell(self, news: dict[str, Any]) -> None:
        if TOPIC in news:
            self.shown = news[TOPIC]
            self._told.set()
