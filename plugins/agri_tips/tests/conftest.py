"""A world, the application that serves it, and people who write, review and read."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from wuji.testing import Caller, Server, World
from wuji.testing.application import make_app
from wuji_agri_tips.testing import WHOLE


class Farm(Caller):
    """People who write, review and read."""

    def sound(self, answer: TestResponse) -> Any:
        found = super().sound(answer)
        return self.ours(found) if isinstance(found, dict) and "items" in found else found

    def ours(self, page: dict[str, Any]) -> dict[str, Any]:
        """Without what other tests have published to everybody everywhere."""
        codes = {None, *self.world.code.values()}
        places = [item.get("tenant") for item in page["items"]]
        codes_there = [place["code"] if isinstance(place, dict) else place for place in places]
        items = [item for item, code in zip(page["items"], codes_there, strict=True) if code in codes]
        return {**page, "items": items}

    def write(self, who: str = "clerk", at: str = "village", **content: Any) -> dict[str, Any]:
        """A draft that lacks nothing, but for what the test says."""
        tip: dict[str, Any] = self.sound(self.ask(who, "POST", "managed-tips", at=at, json={**WHOLE, **content}))
        return tip

    def submit(self, tip: dict[str, Any], who: str = "clerk", at: str = "village") -> dict[str, Any]:
        done: dict[str, Any] = self.sound(self.ask(who, "POST", f"managed-tips/{tip['id']}/submit", at=at))
        return done

    def review(
        self, tip: dict[str, Any], who: str = "official@street", at: str = "street", **given: Any
    ) -> TestResponse:
        return self.ask(who, "POST", f"managed-tips/{tip['id']}/review", at=at, json={"decision": "publish", **given})

    def publish(
        self,
        who: str = "official@street",
        at: str = "street",
        *,
        reach: str = "village",
        audience: str = "public",
        **content: Any,
    ) -> dict[str, Any]:
        """Written by the village's clerk, reviewed above."""
        tip = self.submit(self.write(**content))
        shown: dict[str, Any] = self.sound(self.review(tip, who, at, reach=self.world.code[reach], audience=audience))
        return shown

    def version(self, tip: dict[str, Any]) -> int:
        """As the next change has to name it."""
        found: int = self.world.one("select version from plugin_agri_tips.tip where id = %s", tip["id"])
        return found

    def describe(self, tip: dict[str, Any], nth: int, **said: Any) -> TestResponse:
        """Says something of the nth media of a draft, as its writer."""
        key = self.world.one(
            "select id from plugin_agri_tips.tip_media where tip_id = %s order by place, number offset %s",
            tip["id"],
            nth - 1,
        )
        return self.ask("clerk", "PATCH", f"managed-media/{key}", version=self.version(tip), json=said)

    def page(self, who: str, path: str, at: str = "village") -> str:
        """The HTML of a public page, as it is sent."""
        return self.ask(who, "GET", f"/{self.world.code[at]}/x/agri_tips/{path}").text

    def cards(self, who: str, surface: str = "portal", at: str = "village", **given: Any) -> str:
        """Everything that the cards of a surface say."""
        path = f"/api/v1/tenants/{self.world.code[at]}/cards?surface={surface}"
        return json.dumps(self.sound(self.ask(who, "GET", path, **given)), ensure_ascii=False)

    def cards_of(self, who: str, at: str = "village") -> list[dict[str, Any]]:
        """The cards of the portal's home."""
        path = f"/api/v1/tenants/{self.world.code[at]}/cards?surface=portal"
        answer: dict[str, Any] = self.sound(self.ask(who, "GET", path))
        assert answer["failed"] == []
        return list(answer["items"])

    def found(self, who: str, words: str, at: str = "village") -> list[str]:
        """The ids that search gives."""
        asked = {"q": words, "tenant": self.world.code[at]}
        return [hit["id"] for hit in self.sound(self.ask(who, "GET", "/api/v1/search", query_string=asked))["items"]]

    def attach(self, tip: dict[str, Any], content: bytes, name: str = "a.png", **given: Any) -> TestResponse:
        path = f"managed-tips/{tip['id']}/media"
        sent = {"data": content, "content_type": "application/octet-stream", "query_string": {"name": name}}
        return self.ask(given.pop("who", "clerk"), "POST", path, **sent, **given)


@pytest.fixture(scope="session")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def farm(app: Flask, world: World) -> Farm:
    return Farm(app, world, "agri_tips")


@pytest.fixture(scope="session")
def slug() -> Callable[[TestResponse], tuple[int, str]]:
    """Status and name of a problem."""

    def read(answer: TestResponse) -> tuple[int, str]:
        assert answer.content_type == "application/problem+json", answer.text
        return answer.status_code, answer.json["type"].removeprefix("urn:wuji:problem:")

    return read


@pytest.fixture(scope="session")
def draw() -> Callable[..., bytes]:
    """A picture of some format and size."""

    def make(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
        out = BytesIO()
        Image.new(mode, size, 200 if mode == "L" else "green").save(out, form, **options)
        return out.getvalue()

    return make
