"""Packs of a test's own, and the command line's program on the test server."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from wuji.assembly import make_deployment
from wuji.cli.acting import ActingProgram
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.testing import Server

ROOTS = count(1)  # upwards, while the trees of other tests count down from 9999
LEVELS = {6: "district", 9: "street", 12: "community", 15: "grid"}
ABOVE = {6: 4, 9: 6, 12: 9, 15: 12}
MakeProgram = Callable[[str], ActingProgram]


class Folder:
    """A pack that can be changed line by line. `code` is its root's."""

    def __init__(self, path: Path) -> None:
        self.path, self.code = path, f"{next(ROOTS):04}"
        self.names: dict[str, str] = {}
        path.mkdir()
        self.root()

    def root(self, **more: str) -> None:
        said = {"code": self.code, "name": f"市{self.code}", "level": "city", **more}
        lines = [f'{key} = "{value}"' for key, value in said.items()]
        (self.path / "tenant.toml").write_text("\n".join([*lines, '[source]\nname = "test"\ndate = 2026-01-01\n']))
        self.write()

    def add(self, *ends: str) -> None:
        """Territories by the end of their code; the level follows from its length."""
        self.names |= {self.code + end: f"名{end}" for end in ends}
        self.write()

    def write(self) -> None:
        rows = [f"{c},{c[: ABOVE[len(c)]]},{LEVELS[len(c)]},territory,{name}" for c, name in self.names.items()]
        (self.path / "tenants.csv").write_text("\n".join(["code,parent,level,category,name", *rows, ""]))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "pack")
    made.add("01", "01001", "01001001", "01001001001", "02")
    return made


@pytest.fixture
def make_program(server: Server) -> Iterator[MakeProgram]:
    """As `wuji` has it, on a database of the test server."""
    engines = []

    def make(database: str, mode: str = "development") -> ActingProgram:
        app, system = (make_engine(server.url(login, database), pooled=False) for login in ("wuji_app", "wuji_system"))
        engines.extend((app, system))
        program = ActingProgram()
        options = load({"WUJI_MODE": mode})
        vars(program).update(options=options, deployment=make_deployment(options, app, server.seal), system=system)
        return program

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def program(server: Server, make_program: MakeProgram) -> ActingProgram:
    return make_program(server.shared)


@pytest.fixture
def own_database(make_database: Callable[[], str]) -> str:
    return make_database()
