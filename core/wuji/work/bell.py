"""The bell that tells a worker to begin: one message through the broker, with a job's id and its lease secret. The broker
may lose it, or all of them: the lease runs out, and the bell is rung again.

Spoken to with kombu alone, in Celery's own form (message protocol 2), because the relay, which rings, must stay small.
"""

from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from kombu import Connection, Exchange, Producer, Queue
from kombu.exceptions import OperationalError

from wuji.kit.clock import now

TASK = "work.run"
QUEUE = "wuji.work"
HEARD_WITHIN = timedelta(seconds=3)  # as job_bell() in SQL has it: a bell that is older is not worth hearing
PATIENCE = 5.0  # seconds for the broker to answer
TRANSPORT = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
HEARD = Queue(QUEUE, Exchange(QUEUE), routing_key=QUEUE)  # as the worker declares it


class SilentError(RuntimeError):
    """The broker cannot be reached; nobody heard the bell."""


class Bell:
    """Of one broker; for one thread. It connects when it is rung first, and anew after a fault."""

    def __init__(self, broker_url: str) -> None:
        url = spoken(broker_url)
        redis = url.startswith("redis")
        self._connection = Connection(url, connect_timeout=PATIENCE, transport_options=TRANSPORT if redis else {})
        self._producer: Producer | None = None
        # of the transport's own library
        known = (*self._connection.connection_errors, *self._connection.channel_errors)
        self._faults: tuple[type[Exception], ...] = (OSError, OperationalError, *known)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._producer = None
        self._connection.release()

    def check(self) -> None:
        """Raises SilentError where the broker is away: what is not claimed need not be given back."""
        try:
            self._connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
        except self._faults as error:
            raise self._silent(error) from error

    def ring(self, job_id: UUID, secret: bytes) -> None:
        """Raises SilentError."""
        # Each bell has a name of its own: of one that came too late a worker remembers the name, and hears no other by it.
        name, nothing = str(uuid4()), dict[str, object]()
        headers = {
            "lang": "py",
            "task": TASK,
            "id": name,
            "root_id": name,
            "argsrepr": "",
            "kwargsrepr": "",
            "retries": 0,
        }
        headers |= {"expires": (now() + HEARD_WITHIN).isoformat(), "ignore_result": True}
        try:
            self._producer = self._producer or Producer(self._connection, serializer="json")
            # past any exchange: where the broker was emptied nothing is bound to one, and the bell would be lost in silence
            self._producer.publish(
                ([str(job_id), secret.hex()], nothing, nothing),
                exchange="",
                routing_key=QUEUE,
                declare=[HEARD],
                headers=headers,
                correlation_id=name,
                delivery_mode=1,
            )
        except self._faults as error:
            raise self._silent(error) from error

    def _silent(self, error: Exception) -> SilentError:
        self._producer = None
        self._connection.close()
        return SilentError(f"the broker does not answer: {type(error).__name__}")


def spoken(broker_url: str) -> str:
    """Valkey under the names that kombu knows."""
    for ours, theirs in (("valkeys:", "rediss:"), ("valkey+socket:", "redis+socket:"), ("valkey:", "redis:")):
        if broker_url.startswith(ours):
            return theirs + broker_url.removeprefix(ours)
    return broker_url
