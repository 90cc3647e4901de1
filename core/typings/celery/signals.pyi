"""What Wuji uses of celery 5.7, which ships no types."""

from collections.abc import Callable

class Signal:
    def connect(self, receiver: Callable[..., object], *, weak: bool = ...) -> object: ...

setup_logging: Signal
worker_process_init: Signal
worker_process_shutdown: Signal
