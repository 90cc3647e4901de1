"""Who the embedded servers run as. PostgreSQL refuses root, so root drops to a user without rights."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wuji.kit.embedded.failure import EmbeddedError, tail

ENVIRONMENT: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Servant:
    """A user that servers run as; `dropped` when that is not who we are."""

    uid: int
    gid: int
    dropped: bool

    @property
    def user(self) -> tuple[int, int] | None:
        """(uid, gid) to drop to; None: stay who we are."""
        return (self.uid, self.gid) if self.dropped else None

    def run(self, argv: Sequence[str | Path], *, text: str = "", deadline: float = 60) -> str:
        """Runs a program to its end and returns what it printed; EmbeddedError with its last lines if it fails."""
        done = self._finish(argv, text, deadline)
        if done.returncode:
            raise EmbeddedError(f"{argv[0]} failed with exit code {done.returncode}:\n{tail(done.stdout)}")
        return done.stdout.decode("utf-8", "replace")

    def reaches(self, path: Path) -> bool:
        """Whether the user may enter a folder, or run a file: asked of the kernel, since modes alone do not tell."""
        return not self._finish(["/usr/bin/env", "test", "-x", path], "", 10).returncode

    def write(self, path: Path, text: str) -> None:
        """Written by the user itself: root writing into another's folder would follow links planted there."""
        self.run(["/bin/sh", "-c", 'cat > "$1"', "sh", path], text=text)

    def _finish(self, argv: Sequence[str | Path], text: str, deadline: float) -> subprocess.CompletedProcess[bytes]:
        who: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}
        try:
            return subprocess.run(
                argv,
                check=False,
                cwd="/",
                env=ENVIRONMENT,
                input=text.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=deadline,
                umask=0o077,
                **who,
            )
        except OSError as problem:
            raise EmbeddedError(f"{argv[0]} cannot be run as user {self.uid}: {problem}") from problem
        except subprocess.TimeoutExpired as problem:
            raise EmbeddedError(f"{argv[0]} did not finish within {deadline:.0f} s") from problem

    def make_folder(self, path: Path) -> None:
        """A folder for this user alone; one that exists must be just that: in /tmp anybody may have been first."""
        try:
            path.mkdir(mode=0o700)
            if self.dropped:
                os.chown(path, self.uid, self.gid)
        except FileExistsError:
            self.check_folder(path)

    def check_folder(self, path: Path) -> None:
        found = path.lstat()
        owner = found.st_uid
        if not (path.is_dir() and not path.is_symlink() and owner == self.uid):
            raise EmbeddedError(f"{path} belongs to user {owner}, not to {self.uid}: run as that user, or remove it")
        if found.st_mode & 0o077:
            raise EmbeddedError(f"{path} is open to other users: `chmod 700 {path}`")


def servant(data: Path) -> Servant:
    """The user for the data folder `data`: we ourselves; as root its owner if it exists, otherwise nobody."""
    if os.geteuid():
        return Servant(os.geteuid(), os.getegid(), dropped=False)
    if data.exists() and (owner := data.stat()).st_uid:
        return Servant(owner.st_uid, owner.st_gid, dropped=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root and this machine has no user 'nobody': run as an ordinary user, "
            "or set WUJI_DATABASE_URL to a server of your own"
        ) from None
    return Servant(nobody.pw_uid, nobody.pw_gid, dropped=True)
