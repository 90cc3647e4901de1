"""What the database refuses by name, said so that it can be mended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from wuji.kit.problem import Fault, Problem, invalid


@contextmanager
def refusals_as(faults: Mapping[str, Fault], problems: Mapping[str, tuple[str, int]]) -> Iterator[None]:
    """Turns the constraint that a statement named into a fault (422) or a problem (slug, status).

    Whatever is named in neither goes on as it is: a missing permission is said at the edge.
    """
    try:
        yield
    except DBAPIError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        if name in faults:
            raise invalid(faults[name]) from error
        if name in problems:
            slug, status = problems[name]
            raise Problem(slug, status) from error
        raise
