"""`wuji demo`: a whole deployment with something in it, on this machine."""

import json
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from wuji.cli.acting import ActingProgram
from wuji.cli.demo_data import PEOPLE, PHRASE, fill, show_people
from wuji.cli.failures import plainly
from wuji.cli.start import hand_over, prepare
from wuji.kit.options import Options, load
from wuji.plugin.discovery import Found, discover

FLEET = "wuji_{}_fleet"  # a package beside a plugin's own: devices that are not there


SEED = 7
LIVELY = 72  # three for each of the demo's stations


@click.group(invoke_without_command=True)
@click.option(
    "--devices",
    "count",
    type=click.IntRange(0, 1000),
    default=LIVELY,
    show_default=True,
    help="Simulated devices that push to its stations meanwhile; 0: none.",
)
@click.pass_context
def demo(context: click.Context, count: int) -> None:
    """Run a whole deployment with demo data on this machine; everything lies in WUJI_HOME."""
    if context.invoked_subcommand is None:
        run(count)


@plainly
def run(count: int) -> None:
    program = ActingProgram({**os.environ, "WUJI_MODE": "demo"})
    prepare(program.options)
    fill(program)
    show_people()
    fleet = find_fleet(program.options) if count else None
    hand_over(program.options, *([fleet.beside(count)] if fleet else []))


@demo.command()
@click.option("--count", type=click.IntRange(1, 10_000), default=1000, show_default=True, help="How many devices.")
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 60),
    default=1,
    show_default=True,
    help="How fast a day goes by at the stations, and how many reports each device sends in a minute.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed makes the same days.")
@click.option(
    "--faults/--no-faults", default=True, show_default=True, help="Some fall silent, repeat themselves, go wrong."
)
@plainly
def devices(*, count: int, speed: float, seed: int, faults: bool) -> None:
    """Let simulated devices push to a demo that runs, until Ctrl-C. They are registered once, and kept in WUJI_HOME; where there
    would be more than eight to a station, simulated stations are added.
    """
    options = load(os.environ)
    fleet = find_fleet(options)
    if fleet is None:
        raise click.ClickException("no plugin has devices to simulate")
    argv = fleet.argv(count, speed, seed, faults=faults)
    # a program of its own instead of this one: a thousand devices need a tenth of the memory that the command line takes
    os.execve(sys.executable, [*argv, f"--url={options.base_url}"], {**os.environ, **fleet.env})  # noqa: S606 - our own program, no shell


@dataclass(frozen=True)
class Fleet:
    """Devices that are not there, of the plugin that has some: a program of its own beside the plugin's package."""

    module: str
    folder: Path
    home: Path

    @property
    def env(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, "FLEET_PASSWORD": PHRASE}

    def argv(self, count: int, speed: float, seed: int, *, faults: bool) -> list[str]:
        city = PEOPLE[1]
        asked = {"login": city.login, "tenant": city.code, "count": count, "speed": speed, "seed": seed}
        words = [f"--{key}={value}" for key, value in asked.items()]
        words += [f"--tokens={self.home / 'devices.json'}", *(["--faults"] if faults else [])]
        return [sys.executable, "-m", self.module, *words]

    def beside(self, count: int) -> str:
        """As the supervisor takes it. Without faults: a demo should show life, not trouble. It gives way to a fleet that somebody
        starts by hand, which speaks for its devices as well.
        """
        argv = [*self.argv(count, 1, SEED, faults=False), "--patient"]
        return json.dumps({"role": "devices", "argv": argv, "env": self.env})


def find_fleet(options: Options) -> Fleet | None:
    found = (one for one in discover(options.plugins_dir) if isinstance(one, Found))
    named = ((FLEET.format(one.id), one) for one in found)
    return next(
        (Fleet(name, one.package.parent, options.home) for name, one in named if find_spec(name) is not None), None
    )
