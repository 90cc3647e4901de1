"""openid-client, a certified relying party, against the real server: discovery address, client id and secret, nothing else."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from wuji.kit.supervisor.port import free_port
from wuji.testing.plugins import plugin_options
from wuji.testing.web import serving

ROOT = Path(__file__).parents[3]


@pytest.fixture
def web(server):
    """The address that programs are told must be the one that it listens at, so the port is known beforehand."""
    port = free_port("127.0.0.1", 8900)
    environment = {
        "WUJI_BASE_URL": f"http://127.0.0.1:{port}",
        "WUJI_DATABASE_URL": server.url("wuji_app", server.shared),
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_BROKER_URL": f"valkey+socket://{server.postgres.home}/no-broker",
        "WUJI_RATE_LIMITS": "0",
        "WUJI_FILES_DIR": str(server.files),
        **plugin_options(),
    }
    with serving("wuji.app:serve", environment, port=port) as made:
        yield made


def test_a_stranger_with_a_stock_client(oauth, web, tmp_path):
    program, world = oauth.program(), oauth.world
    script = tmp_path / "rp.mjs"
    shutil.copy(Path(__file__).with_name("rp.mjs"), script)
    (tmp_path / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    words = [
        f"http://127.0.0.1:{web.port}",
        program.client_id,
        program.secret,
        f"wuji-{web.port}={world.cookie['resident']}",
        world.code["village"],
    ]
    done = subprocess.run([ROOT / ".ci" / "node", "node", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    account = str(world.account["resident"])
    assert (seen["claims"]["sub"], seen["userinfo"]["sub"]) == (account, account)
    assert seen["userinfo"]["tenant"]["code"] == world.code["village"]
    assert {name: seen[name] for name in ("api", "rotated", "sameSubject", "active", "ended", "own")} == {
        "api": 200, "rotated": True, "sameSubject": True, "active": True, "ended": False, "own": "api:read",
    }  # fmt: skip
    assert seen["refused"] == "invalid_request"
    assert (seen["logout"], seen["left"], seen["after"]) == ("/oauth/logout", 200, 401)
