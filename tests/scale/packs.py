"""A pack of 5,000 tenants, read, compared and applied with its journal; beside it, what a schema for each tenant costs."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

import msgspec
from sqlalchemy import make_url
from tests.scale.ground import Ground
from tests.scale.measure import Figure

from wuji.assembly import make_deployment
from wuji.cli.acting import ActingProgram
from wuji.cli.packs import carry_out, make_plan, open_pack
from wuji.kit.db.engine import make_engine
from wuji.kit.options import load
from wuji.testing import STAGE

SECONDS, LOOSE = 12.0, 30.0
SCHEMAS = 50
ROOT = 'code = "9998"\nname = "万户市"\nlevel = "city"\n[source]\nname = "made up"\ndate = 2026-01-01\n'
HEAD = "code,parent,level,category,name\n"
LEVELS = {6: ("district", 4), 9: ("street", 6), 12: ("community", 9), 15: ("grid", 12)}  # digits: level, of its parent
WIDTHS = {
    4: (2, 99),
    6: (3, 10),
    9: (3, 20),
    12: (3, 5),
}  # digits of a parent: more digits of a child, how many children
THEIRS = "tests.scale.django_baseline"


def packs(ground: Ground) -> Iterator[Figure]:
    number = 1000 if ground.size.short else 5000
    with tempfile.TemporaryDirectory() as folder:
        took = apply(ground, write_pack(Path(folder), number))
    share = number / 5000  # a smaller pack must be that much faster
    theirs = schemas(ground, 5 if ground.size.short else SCHEMAS)
    measured = f"{took:.1f} s, {took / number * 1000:.2f} ms a tenant"
    baseline = f"{theirs * 1000:.0f} ms a tenant"
    yield Figure(
        f"a pack of {number:,} tenants",
        f"≤ {SECONDS * share:.0f} s",
        measured,
        baseline,
        took,
        SECONDS * share,
        LOOSE * share,
    )


def below(parent: str) -> Iterator[str]:
    """Codes of the whole subtree, parents first."""
    digits, width = WIDTHS.get(len(parent), (0, 0))
    for number in range(1, width + 1):
        child = f"{parent}{number:0{digits}}"
        yield child
        yield from below(child)


def write_pack(folder: Path, number: int) -> Path:
    (folder / "tenant.toml").write_text(ROOT, encoding="utf-8")
    rows = (
        f"{code},{code[: LEVELS[len(code)][1]]},{LEVELS[len(code)][0]},territory,名{code}\n"
        for code in islice(below("9998"), number - 1)
    )
    (folder / "tenants.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder


def apply(ground: Ground, folder: Path) -> float:
    """Seconds of the whole command."""
    server, options = ground.server, load({"WUJI_MODE": "development"})
    app, system = (make_engine(server.url(login, server.shared)) for login in ("wuji_app", "wuji_system"))
    program = ActingProgram({})
    vars(program).update(options=options, deployment=make_deployment(options, app, server.seal), system=system)
    began = perf_counter()
    pack = open_pack(program, folder)
    carry_out(program, pack, make_plan(program, pack))
    took = perf_counter() - began
    app.dispose()
    system.dispose()
    return took


def schemas(ground: Ground, number: int) -> float:
    """Seconds a tenant of django-tenants, each with a schema of its own, in a process and a database of its own."""
    name = ground.server.make("django_tenants")
    url = make_url(ground.server.url(STAGE, name))
    place = {
        "HOST": url.query["host"],
        "PORT": url.query["port"],
        "USER": url.username,
        "PASSWORD": url.password,
        "NAME": name,
    }
    asked = msgspec.json.encode({"place": place, "number": number}).decode()
    done = subprocess.run([sys.executable, "-m", THEIRS], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    ground.server.drop(name)
    return float(done.stdout.split()[-1])
