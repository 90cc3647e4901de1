"""Requests straight into an application: a web server or a test client would cost as much as what is measured."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from tests.scale.ground import Head
from werkzeug.test import EnvironBuilder, run_wsgi_app

Environ = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """An application and the name of its session cookie."""

    app: Flask
    cookie: str

    def reading(self, head: Head, path: str) -> Environ:
        """A GET at the head's tenant."""
        headers = [("Cookie", f"{self.cookie}={head.cookie}")]
        return EnvironBuilder(f"/api/v1/tenants/{head.code}/{path}", headers=headers).get_environ()

    def asking(self, head: Head, path: str, **query: str) -> Environ:
        """A GET of something that belongs to no tenant."""
        headers = [("Cookie", f"{self.cookie}={head.cookie}")]
        return EnvironBuilder(f"/api/v1/{path}", query_string=query, headers=headers).get_environ()

    def writing(self, path: str, body: dict[str, str], address: str) -> Environ:
        """A POST of somebody unknown."""
        environ = EnvironBuilder(
            f"/api/v1/{path}", method="POST", json=body, headers=[("X-Wuji-Request", "1")]
        ).get_environ()
        return {**environ, "REMOTE_ADDR": address}

    def ask(self, environ: Environ, expected: int = 200) -> bytes:
        """The answer's bytes; raises RuntimeError for another status, so that nothing but the thing itself is measured."""
        environ["wsgi.input"].seek(0)  # it may have been asked before
        parts, status, _headers = run_wsgi_app(self.app, environ.copy())
        answer = b"".join(parts)
        if not status.startswith(str(expected)):
            raise RuntimeError(f"{environ['PATH_INFO']} of {self.app.name} answered {status}: {answer[:500]!r}")
        return answer
