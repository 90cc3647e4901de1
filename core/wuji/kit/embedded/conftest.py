"""A folder for servers: short, and open to whom root drops to, which pytest's own is not."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="wuji-test-", dir="/tmp"))  # TMPDIR may be long or closed
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)
