"""ETag is a row's version (RFC 9110): an update names the version it read, so nobody's change is lost in silence. Of what has no
version, it is a weak tag of the answer itself, so that asking again costs nothing where nothing has changed.
"""

from hashlib import blake2b

from flask import Request

from wuji.kit.problem import Problem


def etag(version: int) -> str:
    return f'"{version}"'


def tag_of(body: bytes) -> str:
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def asked_version(request: Request) -> int:
    """The version in If-Match. Raises 428 without one (RFC 6585), 412 where it cannot be any version of ours."""
    if not request.if_match:
        raise Problem("kit.version_needed", 428)
    for tag in request.if_match.as_set():
        if tag.isdecimal() and len(tag) < 10:  # noqa: PLR2004 - an int of PostgreSQL
            return int(tag)
    raise Problem("kit.changed_meanwhile", 412)
