"""Job functions by kind. `work.task` types what one takes; assembly registers them all."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from msgspec import Struct

from wuji.kit.deployment import Outcome, Produced, Run, Task

Args = TypeVar("Args", bound=Struct)


def task(
    kind: str, args: type[Args], *, limit: int = 600, attempts: int = 5
) -> Callable[[Callable[[Run, Args], Produced | Outcome | None]], Task]:
    """Makes a job function of `def f(run, args): …`; `kind` is feature.verb, and `args` is what its row keeps as JSON.

    `limit`: seconds that one attempt may last; `attempts`: how often what fails is tried.
    """

    def wrap(function: Callable[[Run, Args], Produced | Outcome | None]) -> Task:
        return Task(kind, args, function, limit, attempts)

    return wrap


def register_tasks(tasks: Iterable[Task]) -> Mapping[str, Task]:
    """By kind. Raises ValueError for a kind that two functions claim."""
    registered: dict[str, Task] = {}
    for one in tasks:
        if one.kind in registered:
            raise ValueError(f"jobs of kind {one.kind} have two functions")
        registered[one.kind] = one
    return registered
