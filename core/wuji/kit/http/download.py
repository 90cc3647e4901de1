"""Handing out a stored file: in full or a range of it (RFC 9110), under its own name (RFC 6266)."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import wrap_file

from wuji.kit.problem import Problem
from wuji.kit.storage import OpenFile

UNENCODED = "!#$&+-.^_`|~"  # attr-char of RFC 5987, beside letters and digits


def attach(file: OpenFile) -> Response:
    """The file as an attachment. It is closed when the answer has been sent, or could not be made."""
    response = Response(wrap_file(request.environ, file.stream), content_type=file.media, direct_passthrough=True)
    response.content_length = file.size
    response.headers["Content-Disposition"] = disposition(file.name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(file.sha256.hex())
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=file.size)
    except BaseException:
        file.stream.close()
        raise
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:  # werkzeug would send the file with it
        file.stream.close()
        raise Problem("kit.changed_meanwhile", 412)
    return response


def disposition(name: str) -> str:
    """For programs that know RFC 5987 the name as it is, for others a plain one with the same ending."""
    stem, dot, ending = name.rpartition(".")
    plain = f"file{dot}{ending}" if stem and ending.isascii() and ending.isalnum() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=UNENCODED)}"
