"""Job functions by kind. `work.task` types what one takes; assembly registers them all."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from msgspec import Struct

from wuji.kit.deployment import Produced, Run, Task

Args = TypeVar("Args", bound=Struct)


def task(kind: str, args: type[Args]) -> Callable[[Callable[[Run, Args], Produced | None]], Task]:
    """Makes a job function of `def f(run, args): …`; `kind` is feature.verb, and `args` is what its row keeps as JSON."""

    def wrap(function: Callable[[Run, Args], Produced | None]) -> Task:
        return Task(kind, args, function)

    return wrap


def register_tasks(tasks: Iterable[Task]) -> Mapping[str, Task]:
    """By kind. Raises ValueError for a kind that two functions claim."""
    registered: dict[str, Task] = {}
    for one in tasks:
        if one.kind in registered:
            raise ValueError(f"jobs of kind {one.kind} have two functions")
        registered[one.kind] = one
    return registered
