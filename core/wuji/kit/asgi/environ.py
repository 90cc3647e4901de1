"""What WSGI (PEP 3333) calls the parts of an ASGI request."""

import sys
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from wuji.kit.asgi.kinds import Scope

PLAIN = {"CONTENT_TYPE", "CONTENT_LENGTH"}  # headers whose names stand without HTTP_


def environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The environment of one request, its body among it."""
    host, port = scope["server"] or ("localhost", "80")
    made = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope["root_path"],
        # the path as it was sent: the server's decoded one has lost what is no UTF-8
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,  # a chunked body has an end, but no length
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would come out as X-Forwarded-For, which a proxy has written and we believe
        if b"_" not in name:
            _put(made, name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1"))
    return made


def _put(made: dict[str, Any], name: str, value: str) -> None:
    key = name if name in PLAIN else f"HTTP_{name}"
    between = "; " if key == "HTTP_COOKIE" else ","
    made[key] = f"{made[key]}{between}{value}" if key in made else value
