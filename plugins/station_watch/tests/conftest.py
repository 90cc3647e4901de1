"""A world, the application that serves it, stations with devices that push."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wuji.testing import Caller, Server, World
from wuji.testing.application import make_app


class Watch(Caller):
    """Stations with devices that push."""

    def station(self, at: str = "village", **said: Any) -> dict[str, Any]:
        sent = {"name": "长江路驿站", "kind": "courier", "capacity": 40, **said}
        made: dict[str, Any] = self.sound(self.ask(f"official@{at}", "POST", "stations", at=at, json=sent))
        return made

    def device(
        self, station: dict[str, Any] | None = None, kind: str = "counter", at: str = "village", **said: Any
    ) -> "Pusher":
        """Registered at a station, a new one where none is named."""
        place = (station or self.station(at))["id"]
        sent = {"name": "东门", "kind": kind, **said}
        made = self.sound(self.ask(f"official@{at}", "POST", f"stations/{place}/devices", at=at, json=sent))
        return Pusher(self, made["token"], made["push_path"], made["device"]["id"], place)

    def state_of(self, device: str) -> dict[str, Any]:
        """What a device said last, as it stands."""
        found: dict[str, Any] = self.world.one(
            "select to_jsonb(v) from plugin_station_watch.device_state v where device_id = %s", device
        )
        return found


@dataclass
class Pusher:
    """A device with its token."""

    watch: Watch
    token: str
    path: str
    id: str
    station: str

    def send(self, readings: object, *, sent_at: datetime | None = None, **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **given.pop("headers", {})}
        body = {"sent_at": (sent_at or datetime.now(UTC)).isoformat(), "readings": readings, **given.pop("more", {})}
        return self.watch.app.test_client().post(self.path, json=body, headers=headers, **given)

    def push(self, *readings: tuple[str, datetime, object], sent_at: datetime | None = None) -> dict[str, Any]:
        said = [{"measure": measure, "at": at.isoformat(), "value": value} for measure, at, value in readings]
        answer = self.send(said, sent_at=sent_at)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json
        return result

    def slots(self) -> list[tuple[Any, ...]]:
        return self.watch.world.run(
            "select starts_at, entered, left_count, present_end, present_avg, present_max, covered_seconds "
            "from plugin_station_watch.slot where station_id = %s order by starts_at",
            self.station,
        ).fetchall()

    def state(self) -> dict[str, Any]:
        """Of the station, without what says where it lies."""
        found: dict[str, Any] = self.watch.world.one(
            "select to_jsonb(v) - '{pos,station_id}'::text[] from plugin_station_watch.station_state v where station_id = %s",
            self.station,
        )
        return found


@pytest.fixture(scope="session")
def app(server: Server) -> Iterator[Flask]:
    made = make_app(server)
    yield made
    made.extensions["wuji"].engine.dispose()


@pytest.fixture
def watch(app: Flask, world: World) -> Watch:
    return Watch(app, world, "station_watch")


@pytest.fixture
def moment() -> Callable[..., datetime]:
    """A time of the day before yesterday by the clocks of the root: long past, and far from every midnight."""

    def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
        noon = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=2)
        return noon + timedelta(hours=hour - 12, minutes=minute, seconds=second)

    return at
