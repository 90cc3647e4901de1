"""`wuji demo`: a whole deployment with something in it, on this machine."""

import os
import sys
from importlib.util import find_spec

import click

from wuji.cli.acting import ActingProgram
from wuji.cli.demo_data import PEOPLE, PHRASE, fill, show_people
from wuji.cli.failures import plainly
from wuji.cli.start import hand_over, prepare
from wuji.kit.options import load
from wuji.plugin.discovery import Found, discover

FLEET = "wuji_{}_fleet"  # a package beside a plugin's own: devices that are not there


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Run a whole deployment with demo data on this machine; everything lies in WUJI_HOME."""
    if context.invoked_subcommand is None:
        run()


@plainly
def run() -> None:
    program = ActingProgram({**os.environ, "WUJI_MODE": "demo"})
    prepare(program.options)
    fill(program)
    show_people()
    hand_over(program.options)


@demo.command()
@click.option("--count", type=click.IntRange(1, 10_000), default=1000, show_default=True, help="How many devices.")
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 60),
    default=1,
    show_default=True,
    help="How fast a day goes by at the stations, and how many reports each device sends in a minute.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same days.")
@click.option(
    "--faults/--no-faults", default=True, show_default=True, help="Some fall silent, repeat themselves, go wrong."
)
@plainly
def devices(*, count: int, speed: float, seed: int, faults: bool) -> None:
    """Let simulated devices push to a demo that runs, until Ctrl-C. They are registered once, and kept in WUJI_HOME."""
    options = load(os.environ)
    fleets = [(FLEET.format(one.id), one) for one in discover(options.plugins_dir) if isinstance(one, Found)]
    fleet = next((found for found in fleets if find_spec(found[0])), None)
    if fleet is None:
        raise click.ClickException("no plugin has devices to simulate")
    name, plugin = fleet
    city = PEOPLE[1]
    asked = {
        "url": options.base_url,
        "login": city.login,
        "tenant": city.code,
        "count": count,
        "speed": speed,
        "seed": seed,
    }
    words = [f"--{key}={value}" for key, value in asked.items()]
    words += [f"--tokens={options.home / 'devices.json'}", *(["--faults"] if faults else [])]
    path = os.pathsep.join([str(plugin.package.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    # a program of its own instead of this one: a thousand devices need a tenth of the memory that the command line takes
    environment = {**os.environ, "PYTHONPATH": path, "WUJI_FLEET_PASSWORD": PHRASE}
    os.execve(sys.executable, [sys.executable, "-m", name, *words], environment)  # noqa: S606 - our own program, no shell
