"""The product's own web server, beside the shared database of the tests."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest

from wuji.testing import Server, World
from wuji.testing.plugins import plugin_options
from wuji.testing.web import Stream, Web, serving


@pytest.fixture(scope="module")
def environment(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What web is started with."""
    return {
        "WUJI_DATABASE_URL": server.url("wuji_app", server.shared),
        "WUJI_LIVE_DATABASE_URL": server.url("wuji_live", server.shared),
        "WUJI_SEAL_KEY": server.seal.key.hex(),
        "WUJI_BROKER_URL": f"valkey+socket://{server.postgres.home}/no-broker",
        "WUJI_RATE_LIMITS": "0",
        "WUJI_METRICS_TOKEN": "prometheus",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path_factory.mktemp("metrics")),  # as under our supervisor
        "WUJI_FILES_DIR": str(server.files),
        **plugin_options(),
    }


@pytest.fixture(scope="module")
def web(environment: dict[str, str]) -> Iterator[Web]:
    with serving("wuji.app:serve", environment) as made:
        # until it has looked at the journal once
        while made.ask("GET", "/live?topic=tenants@0")[0] == HTTPStatus.SERVICE_UNAVAILABLE:
            pass
        yield made


@pytest.fixture
def listen(web: Web, world: World) -> Iterator[Callable[..., Stream]]:
    """Opens a page of somebody of the world; all are closed in the end."""
    opened: list[Stream] = []

    def open_(who: str, *topics: str, **headers: str) -> Stream:
        cookie = {"Cookie": f"wuji-{web.port}={world.cookie[who]}"} if who in world.cookie else {}
        query = "&".join(f"topic={topic}" for topic in topics)
        opened.append(web.stream(f"/live?{query}", **cookie, **headers))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()
