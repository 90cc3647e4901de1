"""Processes that are not our children: whether they live, and awaiting their end."""

import time
from collections.abc import Iterable

import psutil

LOOK = 0.05  # seconds between two looks


def lives(process: psutil.Process) -> bool:
    """False for a zombie too: in a container nobody may ever reap it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def await_ends(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still live after so many seconds; returns as soon as none does."""
    until = time.monotonic() + seconds
    alive = [process for process in processes if lives(process)]
    while alive and time.monotonic() < until:
        psutil.wait_procs(alive, min(LOOK, seconds))
        alive = [process for process in alive if lives(process)]
    return alive
