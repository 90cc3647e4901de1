"""What Wuji uses of kombu 5.7, whose own types leave these open."""

from collections.abc import Mapping, Sequence

class Exchange:
    def __init__(self, name: str) -> None: ...

class Queue:
    def __init__(self, name: str, exchange: Exchange, *, routing_key: str) -> None: ...

class Producer:
    def __init__(self, channel: Connection, *, serializer: str) -> None: ...
    def publish(
        self,
        body: object,
        *,
        exchange: str,
        routing_key: str,
        declare: Sequence[Queue],
        headers: Mapping[str, object],
        correlation_id: str,
        delivery_mode: int,
    ) -> object: ...

class Connection:
    connection_errors: tuple[type[Exception], ...]
    channel_errors: tuple[type[Exception], ...]
    def __init__(self, hostname: str, *, connect_timeout: float, transport_options: Mapping[str, object]) -> None: ...
    def ensure_connection(self, *, max_retries: int, interval_start: float, timeout: float) -> Connection: ...
    def release(self) -> None: ...
    def close(self) -> None: ...
