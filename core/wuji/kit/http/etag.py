"""ETag is a row's version (RFC 9110): an update names the version it read, so nobody's change is lost in silence."""

from flask import Request

from wuji.kit.problem import Problem


def etag(version: int) -> str:
    return f'"{version}"'


def asked_version(request: Request) -> int:
    """The version in If-Match. Raises 428 without one (RFC 6585), 412 where it cannot be any version of ours."""
    if not request.if_match:
        raise Problem("kit.version_needed", 428)
    for tag in request.if_match.as_set():
        if tag.isdecimal() and len(tag) < 10:  # noqa: PLR2004 - an int of PostgreSQL
            return int(tag)
    raise Problem("kit.changed_meanwhile", 412)
