"""Random secrets of one deployment, one file each in WUJI_HOME/secrets, readable by their owner alone."""

import os
import secrets
from pathlib import Path

from wuji.kit.embedded.failure import EmbeddedError

FOLDER = "secrets"


def secret(home: Path, name: str) -> str:
    """The secret of that name, made at first use: 32 random bytes as base64."""
    path = home / FOLDER / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)  # unlike a rename it never replaces what another process made meanwhile
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return get_secret(home, name)


def get_secret(home: Path, name: str) -> str:
    """The secret of that name; EmbeddedError while nobody has made it."""
    path = home / FOLDER / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        said = f"{path} is missing: nothing has been set up in {home} yet; `wuji start` does, WUJI_HOME says where"
        raise EmbeddedError(said) from None
    except PermissionError:
        raise EmbeddedError(f"{path} cannot be read: run as the user who set up {home}") from None
