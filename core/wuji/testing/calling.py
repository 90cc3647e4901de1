"""Calls of a plugin's part of the API, as somebody of a world."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from wuji.kit.http.request import cookie_name, deployment
from wuji.testing.world import ANONYMOUS, World

SOUND = {200, 201, 204}


def client_of(app: Flask, world: World, who: str, client: Client | None = None) -> Client:
    """A browser in which `who` is logged in: a new one, or one that was there before."""
    used = client or app.test_client()
    if who != ANONYMOUS:
        with app.app_context():
            options = deployment().options
        used.set_cookie(cookie_name(options.base_url, options.port), world.cookie[who])
    return used


@dataclass
class Caller:
    """The plugin `plugin`, below the tenants of a world; a plugin's own tests derive from it what else they do."""

    app: Flask
    world: World
    plugin: str

    def ask(
        self,
        who: str,
        method: str,
        path: str,
        *,
        at: str = "village",
        version: object = None,
        client: Client | None = None,
        **given: Any,
    ) -> TestResponse:
        """`path` below …/<plugin>/, or from the root where it begins with a slash; answered in English unless `headers` say
        otherwise. `client`: a browser that was there before.
        """
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en", **given.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        url = path if path.startswith("/") else f"/api/v1/tenants/{self.world.code[at]}/{self.plugin}/{path}"
        used = client_of(self.app, self.world, who, client)
        return used.open(url, method=method, headers=headers, buffered=True, **given)

    def sound(self, answer: TestResponse) -> Any:
        """What was answered; fails where it was refused."""
        if answer.status_code not in SOUND:
            raise AssertionError(answer.text)
        return answer.json if answer.data else None
