"""Where the embedded servers live: in WUJI_HOME, unless root runs them and the user they drop to cannot enter it.

Then (a checkout in /root, say) they get a folder of their own, /var/lib/wuji-<hash of WUJI_HOME>; secrets stay at home.
"""

import hashlib
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.embedded.running import end_server
from wuji.kit.embedded.secret import FOLDER, secret
from wuji.kit.embedded.unprivileged import Servant, servant
from wuji.kit.lock import locked

ELSEWHERE = Path("/var/lib")
SHORT = Path("/tmp")  # noqa: S108 — must not follow TMPDIR, every command has to find the socket; checked to be ours
SOCKET_BYTES = 103  # what a socket's path may have on macOS; 107 on Linux
LONGEST_SOCKET = ".s.PGSQL.5432"
MARK = "place"
LOCK = "embedded.lock"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """`root` holds data and copied programs, `run` the sockets; both belong to `servant`'s servers alone."""

    home: Path
    root: Path
    run: Path
    servant: Servant

    @property
    def name(self) -> str:
        return f"wuji-{_digest(self.home)}"

    @property
    def lock(self) -> Path:
        """Held while servers are made, started or stopped."""
        return self.home / LOCK

    def reachable(self, base: Path, parts: Sequence[str], program: str) -> Path:
        """`base`, or a copy of these parts of it if the servers' user cannot run the program where it lies."""
        if self.servant.reaches(base / program):
            return base
        found = (base / program).stat()
        version = _digest(f"{base}/{program} {found.st_size} {found.st_mtime_ns}")
        copies = self.root / "programs" / Path(parts[0]).parts[0]
        copy = copies / version
        if not copy.exists():
            log.warning("User %d cannot run %s; it is copied to %s", self.servant.uid, base / program, copy)
            if copies.exists():
                shutil.rmtree(copies)  # older versions
            _copy(base, parts, copy)
        return copy


def find_place(home: Path) -> Place:
    """Where the servers of this home are, or would be; nothing is made or changed."""
    home = home.resolve()
    elsewhere = _elsewhere(home)
    return _place(home, elsewhere if not os.geteuid() and _belongs(elsewhere, home) else home)


def settle(home: Path) -> Place:
    """Makes the folders of this home's servers, once."""
    home = home.resolve()
    try:
        if not home.exists():
            home.mkdir(parents=True)
            home.chmod(0o700 if os.geteuid() else 0o711)
        with locked(home / LOCK, wait=True):
            place = _place(home, home if os.geteuid() else _settle_root(home))
            place.servant.make_folder(place.run)
    except OSError as problem:
        raise EmbeddedError(f"{home} cannot hold the embedded servers: {problem}; set WUJI_HOME") from problem
    return place


def _place(home: Path, root: Path) -> Place:
    run = root / "run"
    if len(os.fsencode(run / LONGEST_SOCKET)) > SOCKET_BYTES:
        run = SHORT / f"wuji-{_digest(home)}"
    place = Place(home, root, run, servant(root / "postgres"))
    if run.exists():
        place.servant.check_folder(run)
    return place


def _settle_root(home: Path) -> Path:
    """Where root's servers go: their user must be able to enter, and a choice once made holds."""
    elsewhere = _elsewhere(home)
    if _belongs(elsewhere, home):
        return elsewhere
    if elsewhere.exists():
        _set_aside(elsewhere)
    who = servant(home / "postgres")
    if who.reaches(home):
        return home
    if (home / "postgres").exists():
        raise EmbeddedError(
            f"user {who.uid} runs the servers in {home} but cannot enter it: `chmod o+x` it and its parents"
        )
    draft = Path(tempfile.mkdtemp(prefix="wuji-", dir=ELSEWHERE))
    (draft / MARK).write_text(secret(home, MARK))
    (draft / MARK).chmod(0o600)
    draft.chmod(0o711)
    draft.rename(elsewhere)
    log.warning("User %d, who runs the servers, cannot enter %s; they live in %s", who.uid, home, elsewhere)
    return elsewhere


def _belongs(elsewhere: Path, home: Path) -> bool:
    """A home that was removed and made again has new passwords: the old servers are no use to it."""
    mark = home / FOLDER / MARK
    return (elsewhere / MARK).exists() and mark.exists() and (elsewhere / MARK).read_text() == mark.read_text()


def _set_aside(elsewhere: Path) -> None:
    end_server("postgres", elsewhere / "postgres" / "data", signal.SIGINT, 60)
    end_server("valkey-server", elsewhere / "valkey", signal.SIGTERM, 60)
    aside = elsewhere.with_name(f"{elsewhere.name}-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    elsewhere.rename(aside)
    log.warning("%s held the servers of a folder that is gone; they were stopped and kept as %s", elsewhere, aside)


def _copy(base: Path, parts: Sequence[str], copy: Path) -> None:
    copy.parent.mkdir(parents=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=copy.parent))
    for part in filter(lambda part: (base / part).exists(), parts):
        shutil.copytree(base / part, draft / part, ignore=shutil.ignore_patterns("*.a", "__pycache__"))
    for path in [draft.parent.parent, draft.parent, draft, *draft.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
    draft.rename(copy)


def _elsewhere(home: Path) -> Path:
    return ELSEWHERE / f"wuji-{_digest(home)}"


def _digest(text: Path | str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:12]
