"""The few calls that a fleet makes: log in, look for stations, register devices, push."""

import http.client
import json
from collections.abc import Iterator
from threading import local
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 20
PAGE = 100
OK = {200, 201}


class RefusedError(RuntimeError):
    """The deployment does not answer as it should; the text is for whoever started the fleet."""


class Api:
    """One deployment. Each thread keeps a connection of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.secure = parts.netloc, parts.scheme == "https"
        self._cookie = ""
        self._own = local()

    def log_in(self, login: str, password: str) -> None:
        """Raises RefusedError."""
        body = json.dumps({"login": login, "password": password}).encode()
        status, answer, headers = self._send("POST", "/api/v1/session", body, {"X-Wuji-Request": "1"})
        if status not in OK:
            raise RefusedError(f"{login} cannot log in: {_said(answer)}")
        self._cookie = (headers.get("Set-Cookie") or "").partition(";")[0]

    def stations(self, code: str) -> Iterator[dict[str, Any]]:
        """Of a tenant and all below it, by name."""
        return self._pages(f"/api/v1/tenants/{code}/station_watch/stations?state=open&limit={PAGE}&sort=name")

    def communities(self, code: str) -> Iterator[dict[str, Any]]:
        """Communities and villages below a tenant, by code."""
        return self._pages(f"/api/v1/tenants/{code}/tenants?level=4&limit={PAGE}&sort=code")

    def add_station(self, code: str, station: dict[str, Any]) -> dict[str, Any]:
        return self._own_call("POST", f"/api/v1/tenants/{code}/station_watch/stations", station)

    def register(self, code: str, station_id: str, name: str, kind: str, seconds: int) -> dict[str, Any]:
        """The device, its token, and where it pushes."""
        path = f"/api/v1/tenants/{code}/station_watch/stations/{station_id}/devices"
        return self._own_call("POST", path, {"name": name, "kind": kind, "interval_seconds": seconds})

    def push(self, path: str, token: str, body: bytes) -> int:
        """The status; raises OSError or HTTPException where nobody answers."""
        return self._send("POST", path, body, {"Authorization": f"Bearer {token}"})[0]

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._own_call("GET", f"{path}&cursor={cursor}" if cursor else path)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def _own_call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Cookie": self._cookie, "X-Wuji-Request": "1"}
        sent = None if body is None else json.dumps(body).encode()
        status, answer, _ = self._send(method, path, sent, headers)
        if status not in OK:
            raise RefusedError(f"{method} {path}: {status} {_said(answer)}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Over the thread's connection; once more over a new one where the other side had closed it meanwhile."""
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        for connection in (kept, None):
            used = connection or self._connect()
            try:
                used.request(method, path, body, {"Content-Type": "application/json", **headers})
                answer = used.getresponse()
                found = answer.status, answer.read(), answer.headers
            except (OSError, http.client.HTTPException):
                used.close()
                if connection is None:
                    raise
                continue
            self._own.connection = used
            return found
        raise AssertionError("the second try answers or raises")

    def _connect(self) -> http.client.HTTPConnection:
        make = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        return make(self.host, timeout=TIMEOUT)


def _said(answer: bytes) -> str:
    try:
        problem = json.loads(answer)
        return str(problem.get("detail") or problem)
    except (ValueError, AttributeError):
        return answer[:200].decode("utf-8", "replace")
