"""The demo under a supervisor that never gives up: the product's own one stops after five deaths in two minutes, which is
right for a program that cannot run and wrong for one that is killed on purpose.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from wuji.cli.acting import ActingProgram
from wuji.cli.demo_data import fill
from wuji.cli.start import prepare
from wuji.kit.serve import programs
from wuji.kit.supervisor import Event, Restart, Supervisor

PATIENT = Restart(deaths=1_000_000, first=0.2, longest=0.2)
CLOCK = Path(__file__).with_name("clock")


def main() -> None:
    """Runs until SIGTERM. FAULTS_CLOCK names the file that says by how many seconds the programs' clock is ahead."""
    program = ActingProgram(os.environ)
    prepare(program.options)
    fill(program)
    added = {"PYTHONPATH": str(CLOCK), "FAULTS_CLOCK": os.environ["FAULTS_CLOCK"]}
    patient = [replace(one, restart=PATIENT, env={**one.env, **added}) for one in programs(program.options)]
    Supervisor(patient, program.options.home, tell).run()


def tell(role: str, event: Event) -> None:
    sys.stdout.write(f"{role} {event}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
