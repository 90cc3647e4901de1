"""What the supervisor leaves in the state folder: a lock against a second one, its record, the mark on its programs."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec
import psutil

from wuji.kit.lock import locked
from wuji.kit.process import await_ends

LOCK = "supervisor.lock"
RECORD = "supervisor.json"
CLOCK_STEP = 10  # seconds that a corrected clock may move the start of a process
MARK = "SUPERVISED_BY"  # not WUJI_…: it is no option


class AlreadyRunningError(RuntimeError):
    """Another supervisor holds the state folder."""


class Entry(msgspec.Struct, kw_only=True):
    """One program; `pid` is None while it waits to be started again."""

    pid: int | None
    started_at: datetime
    restarts: int
    ready: bool


class Record(msgspec.Struct, kw_only=True):
    """One run of a supervisor, its programs by role. `created` is the kernel's time of the process: ids come again."""

    pid: int
    created: float
    started_at: datetime
    programs: dict[str, Entry]


@contextmanager
def held(state: Path) -> Iterator[None]:
    """Holds the state folder for one supervisor; AlreadyRunningError names the one that is there."""
    state.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(state / LOCK, wait=False))
        except BlockingIOError:
            record = find_record(state)
            who = f"process {record.pid}, since {record.started_at:%Y-%m-%d %H:%M:%S} UTC" if record else "just started"
            raise AlreadyRunningError(
                f"A supervisor already runs on {state} ({who}). Stop it with Ctrl-C or kill, or set another WUJI_HOME."
            ) from None
        yield


def write_record(state: Path, record: Record) -> None:
    """Replaced as a whole: a reader never meets half a record."""
    draft = state / f"{RECORD}.new"
    draft.write_bytes(msgspec.json.encode(record))
    draft.replace(state / RECORD)


def remove_record(state: Path) -> None:
    (state / RECORD).unlink(missing_ok=True)


def find_record(state: Path) -> Record | None:
    """The record of the supervisor that runs now; None if none does."""
    try:
        record = msgspec.json.decode((state / RECORD).read_bytes(), type=Record)
        created = psutil.Process(record.pid).create_time()
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None
    return record if abs(created - record.created) < CLOCK_STEP else None


def mark(state: Path, stop_signal: int) -> Mapping[str, str]:
    """A variable that a program and all its children carry."""
    return {MARK: f"{stop_signal}:{state}"}


def end_leftovers(state: Path, deadline: float) -> list[int]:
    """Ends what a killed supervisor of this state folder left running; returns the process ids."""
    left = dict(_leftovers(state))
    for process, stop_signal in left.items():
        _send(process, stop_signal)
    alive = await_ends(left, deadline)
    for process in alive:
        _send(process, signal.SIGKILL)
    await_ends(alive, deadline)
    return [process.pid for process in left]


def _leftovers(state: Path) -> Iterator[tuple[psutil.Process, int]]:
    kin = {process.pid for process in (psutil.Process(), *psutil.Process().parents())}
    for process in psutil.process_iter():
        try:
            stop_signal, _, marked = process.environ().get(MARK, "").partition(":")
        except psutil.Error:
            continue  # it ended, or runs as a stranger
        if marked == str(state) and process.pid not in kin:
            yield process, int(stop_signal)


def _send(process: psutil.Process, number: int) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
