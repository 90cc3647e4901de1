import json
from pathlib import Path

import pytest

from wuji.kit.options import load
from wuji.kit.serve import announce, beside


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


def test_what_is_wanted_beside_knows_where_pages_are_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUJI_SEAL_KEY", "00" * 32)
    options = load({"WUJI_HOME": str(tmp_path), "WUJI_PORT": "8123"})
    [one] = beside(options, [json.dumps({"role": "devices", "argv": ["true"], "env": {"OWN": "1"}})])
    own = {name: value for name, value in one.env.items() if name.startswith(("WUJI_", "OWN"))}
    assert own == {"WUJI_BASE_URL": "http://127.0.0.1:8123", "OWN": "1"}
    # however often it ends, the others go on
    assert sum(one.restart.delay(deaths) for deaths in range(1, one.restart.deaths + 1)) > one.restart.within
