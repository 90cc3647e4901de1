"""Somebody who works on: asks until there is an answer, with the same Idempotency-Key each time."""

import http.client
import json
import time
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

PATIENCE = 60.0  # seconds for one try: longer than anything stands still
PAUSE = 0.2
TRIES = 600


class LostError(RuntimeError):
    """What must not happen to anybody, whatever dies: logged out, refused, never answered."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    cookie: str

    @property
    def passing(self) -> bool:
        """Nothing that was asked has been judged yet."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == HTTPStatus.TOO_MANY_REQUESTS


class Caller:
    """One account with one session, opened once. `met` counts what its tries came to."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self._port, self.login, self.cookie = port, login, ""
        self.met: Counter[str] = Counter()
        given = self._try("POST", "/session", {"login": login, "password": password}, str(uuid4()))
        if given is None or not given.cookie:
            raise LostError(f"{login} cannot log in: {given}")
        self.cookie = given.cookie

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What was answered in the end. Raises LostError for anything but success."""
        key = str(uuid4())
        for _ in range(TRIES):
            given = self._try(method, path, body, key)
            self.met["nothing" if given is None else str(given.status)] += 1
            if given is not None and not given.passing:
                if given.status >= HTTPStatus.BAD_REQUEST:
                    raise LostError(f"{self.login}: {method} {path} was answered {given.status}: {given.body}")
                return given.body
            time.sleep(PAUSE)
        raise LostError(f"{self.login}: {method} {path} was never answered")

    def _try(self, method: str, path: str, body: object, key: str) -> Answer | None:
        """None: nobody was there, or fell silent."""
        headers = {"X-Wuji-Request": "1", "Cookie": self.cookie}
        if method != "GET":
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        return Answer(answer.status, json.loads(said) if said else None, cookie)
