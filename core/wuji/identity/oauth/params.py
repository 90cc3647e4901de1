"""Parameters of a request, before anything is known of who asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from authlib.oauth2.rfc6749 import InvalidRequestError

MOST, LONG = 60, 8000  # parameters, and characters of all of them


class Multi(Protocol):
    """What Flask gives: a name may stand there more than once."""

    def lists(self) -> Iterable[tuple[str, Sequence[str]]]: ...


def read_params(given: Multi) -> Mapping[str, str]:
    """Each parameter once; those without a value count as left out (RFC 6749, 3.1). Raises InvalidRequestError.

    `resource` may stand there more than once (RFC 8707, 2), and here too means the one that there is.
    """
    found: dict[str, str] = {}
    for name, values in given.lists():
        said = {value for value in values if value} if name == "resource" else [value for value in values if value]
        if len(said) > 1:
            raise InvalidRequestError("A parameter stands there more than once.")
        found.update((name, value) for value in said)
    if len(found) > MOST or sum(len(name) + len(value) for name, value in found.items()) > LONG:
        raise InvalidRequestError("The request is too long.")
    if any("\0" in value or not value.isprintable() for value in found.values()):
        raise InvalidRequestError("A parameter holds control characters.")
    return found
