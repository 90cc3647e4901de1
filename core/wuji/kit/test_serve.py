from pathlib import Path

import pytest

from wuji.kit.options import load
from wuji.kit.serve import announce


def test_the_terminal_hears_when_pages_are_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell = announce(load({"WUJI_HOME": str(tmp_path), "WUJI_PORT": "8123"}))
    tell("postgres", "ready")
    tell("web", "starting")
    tell("relay", "died")
    tell("web", "ready")
    assert capsys.readouterr().out.splitlines() == [
        "relay died; it is started again.",
        "Wuji runs on http://127.0.0.1:8123 — Ctrl-C stops it.",
    ]
