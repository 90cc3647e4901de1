"""A whole deployment with demo data, and a real Chromium in front of it. A missing browser is an error, never a skip."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.e2e.waiting import settle, watch

from wuji.kit.supervisor.port import free_port
from wuji.kit.supervisor.program import Program

ROOT = Path(__file__).parents[2]
PASSWORD = "wuji-demo-2026"  # noqa: S105 - printed by the demo itself
AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
SIZES = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1440, "height": 900},
    "laptop": {"width": 1366, "height": 768},
    "narrow": {"width": 320, "height": 640},
    "wall": {"width": 1920, "height": 1080},
}
PATIENCE = 180
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])  # each has a demo of its own, at ports of its own


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and what a command beside it needs to find it."""

    address: str
    environment: Mapping[str, str]

    def run(self, *words: str) -> str:
        """What `wuji …` prints."""
        wuji = f"{sys.prefix}/bin/wuji"
        done = subprocess.run([wuji, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """`wuji demo` as a person starts it, in a state folder of its own."""
    home = Path(tempfile.mkdtemp(prefix="we-"))
    home.chmod(0o755)
    port = free_port("127.0.0.1", 8700 + 20 * WORKER)
    address = f"http://localhost:{port}"  # a name: passkeys are of a host, and an address is none
    plugins = {"WUJI_PLUGINS_DIR": str(_gather_plugins(home / "plugins"))}
    environment = {
        **os.environ,
        **plugins,
        "WUJI_HOME": str(home / "state"),
        "WUJI_PORT": str(port),
        "WUJI_BASE_URL": address,
    }
    with (home / "log").open("wb") as log:
        running = subprocess.Popen(
            [f"{sys.prefix}/bin/wuji", "demo", "--devices", "0"], env=environment, stdout=log, stderr=log
        )
    probe = Program(role="web", argv=[], env={}, ready=f"{address}/healthz/ready")
    deadline = time.monotonic() + PATIENCE
    while not probe.is_ready():
        assert running.poll() is None, (home / "log").read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "the demo did not start"
        time.sleep(0.5)
    yield Demo(address, environment)
    running.send_signal(signal.SIGTERM)
    running.wait(timeout=60)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def base_url(demo: Demo) -> str:
    return demo.address


def _gather_plugins(folder: Path) -> Path:
    """Ours, and those that are there to be tried: good pages and broken ones."""
    folder.mkdir(mode=0o755)
    for path in (*ROOT.glob("plugins/*/pyproject.toml"), *ROOT.glob("tests/e2e/plugins/*/pyproject.toml")):
        (folder / path.parent.name).symlink_to(path.parent)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """A page of a fresh visitor; whatever the console or the policy complains about fails the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(size: str = "desktop", locale: str = "zh-CN", *, elder: bool = False, worker: bool = True) -> Page:
        """`worker`: false where a test stands between page and network, which a service worker would do itself."""
        context = browser.new_context(
            base_url=base_url,
            viewport=SIZES[size],
            locale=locale,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
        )
        contexts.append(context)
        if elder:
            context.add_init_script("localStorage.setItem('wuji.elder', '22')")
        page = context.new_page()
        watch(page)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if _is_complaint(message.type, message.text) else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints


def _is_complaint(kind: str, text: str) -> bool:
    """The browser itself reports refused calls (401 of a wrong password, 404 of an absent page): answers, not faults. A worker
    that a test blocks is reported too.
    """
    expected = ("Failed to load resource", "Service Worker registration blocked by Playwright")
    return kind in {"error", "warning"} and not text.startswith(expected)


@pytest.fixture
def log_in() -> Callable[[Page, str], None]:
    def through_the_page(page: Page, login: str, password: str = PASSWORD) -> None:
        page.goto("/login")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(re.compile("/(console|me)"))

    return through_the_page


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """WCAG 2.2 AA by axe; a page is asked once it has settled."""

    def ask(page: Page) -> list[str]:
        settle(page)
        # the whole page at once: what the sticky bar covers at one scroll position, the next one shows
        height = max(page.evaluate("document.documentElement.scrollHeight"), 600)
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
        page.evaluate(AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
        return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]

    return ask
