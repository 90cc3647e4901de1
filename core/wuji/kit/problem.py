"""What went wrong, in a form that every layer may raise and only the edge turns into HTTP (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One wrong place in what was sent: a JSON pointer (RFC 6901) or `?name` of the query, and a text key with its
    parameters.
    """

    pointer: str
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - the standard's word (problem details), not an error class of ours
    """`slug` is <feature>.<name>; its title and detail stand in that feature's texts under `problem.<name>`. `members`: what a
    program needs to go on (RFC 9457, 3.2).
    """

    def __init__(
        self,
        slug: str,
        status: int,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
        **params: object,
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.members = dict(members or {})
        self.params = params


def not_found() -> Problem:
    """Absent and not yours: one answer."""
    return Problem("kit.not_found", 404)


def forbidden(permission: str) -> Problem:
    """Names what is missing; only for an actor who holds something there."""
    return Problem("kit.forbidden", 403, permission=permission)


def unauthenticated() -> Problem:
    return Problem("kit.unauthenticated", 401)


def invalid(*faults: Fault) -> Problem:
    """Well-formed, but not usable as it stands."""
    return Problem("kit.invalid", 422, faults=faults)


def check_version(present: int | None, asked: int) -> None:
    """Raises 412 where somebody else was faster: the version that was read is not the present one."""
    if present != asked:
        raise Problem("kit.changed_meanwhile", 412)
