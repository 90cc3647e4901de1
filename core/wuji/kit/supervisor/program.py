"""What the supervisor runs, and how it knows that a program is ready."""

import http.client
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 2.0  # seconds that one look at a program may take


@dataclass(frozen=True, kw_only=True)
class Restart:
    """A program that dies is started again after `first` seconds, then twice that … at most `longest`.

    More than `deaths` of them within `within` seconds: the supervisor gives up.
    """

    deaths: int = 5
    within: float = 120
    first: float = 0.5
    longest: float = 10

    def delay(self, deaths: int) -> float:
        """Seconds to wait after so many recent deaths."""
        return min(self.first * 2.0 ** (deaths - 1), self.longest)


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program. `env` is its whole environment, nothing of the supervisor's is added: logins stay where they belong.

    `prepare` runs in the supervisor before each start. `ready`: a check, an http URL that answers 2xx, or a socket that
    accepts; None: ready once started. `stop_signal` also reaches the program if the supervisor is killed.
    """

    role: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool] | str | Path | None = None
    ready_within: float = 60
    prepare: Callable[[], object] | None = None
    user: tuple[int, int] | None = None  # (uid, gid) to drop to
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 15
    restart: Restart = Restart()

    def is_ready(self) -> bool:
        """One look; False while it does not answer yet."""
        match self.ready:
            case None:
                return True
            case str(url):
                return _answers(url)
            case Path() as path:
                return _accepts(path)
            case check:
                return check()


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path or "/")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        return client.connect_ex(str(path)) == 0
