"""pytest's part of the kit: `pytest_plugins = ["wuji.testing.fixtures"]` in the root conftest.py.

`server` is one PostgreSQL for the whole run; `world` a fresh tree in its shared database; `make_database` clones the
installed template for a test that needs a whole deployment.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from wuji.testing.servers import Server, start_server
from wuji.testing.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres",
        metavar="FOLDER",
        default=os.environ.get("WUJI_TEST_POSTGRES"),
        help="bin folder of the PostgreSQL to test on, instead of the embedded server; it must be there",
    )


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Gone when the run ends, whatever ended it: SIGTERM is made to unwind as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen: str | None = request.config.getoption("--postgres")
    made = start_server(Path(chosen) if chosen else None)
    yield made
    made.remove()
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def world(server: Server) -> Iterator[World]:
    """A tree of this test alone, beside those of all others."""
    made = World(server)
    yield made
    made.close()


@pytest.fixture
def make_database(server: Server) -> Iterator[Callable[[], str]]:
    """Makes databases of the whole deployment for this test alone, cloned from the installed template."""
    names: list[str] = []

    def make() -> str:
        names.append(server.make(f"test_{token_hex(4)}", server.template))
        return names[-1]

    yield make
    for name in names:
        server.drop(name)
