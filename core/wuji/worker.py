"""The worker: does jobs when the bell rings. Celery brings the bell and keeps a few processes; the job row is the truth.

It holds what web holds, the app's login and the seal, and enters each job's own scope with the lease secret that the bell
brought.
"""

import gc
import logging
import os
from collections.abc import Callable
from uuid import UUID

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown

from wuji.assembly import make_deployment
from wuji.installation import find_plugins, served
from wuji.kit import tracing
from wuji.kit.db.engine import PINNED, make_engine
from wuji.kit.db.model import Model
from wuji.kit.db.startup import WallOpenError, refuse_to_start
from wuji.kit.logs import start_logging
from wuji.kit.options import Options, load
from wuji.kit.serve import broker_url
from wuji.wall import Logins, declared_wall, find_logins
from wuji.work.bell import QUEUE, TASK, TRANSPORT, spoken
from wuji.work.running import do_job

log = logging.getLogger("wuji.worker")  # run as a program, it is called __main__
# A job may count long and think long; its own limit ends it, and a transaction that idles longer than that is nobody's.
WORKING = f"{PINNED} -c statement_timeout=10min -c idle_in_transaction_session_timeout=1h"
CONNECTIONS = 4  # of one process: the job, its heartbeat, and what is reported beside it
LARGE = 400_000  # kilobytes after which a process makes way for a fresh one
CONFIG = {
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": TRANSPORT,
    "task_default_queue": QUEUE,
    "task_ignore_result": True,
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_max_memory_per_child": LARGE,
    "worker_redirect_stdouts": False,
}
QUIET = ("--without-mingle", "--without-gossip", "--without-heartbeat")


class Crew:
    """What the processes of one worker have in common: made whole before they fork, so that they share it, all but the
    connections.
    """

    def __init__(self, options: Options, logins: Logins) -> None:
        looking = make_engine(logins.app, pooled=False)
        plugins = served(looking, find_plugins(options.plugins_dir))
        refuse_to_start(looking, declared_wall(plugins), logins.system, logins.owner)
        self._engine = make_engine(logins.app, pool_size=CONNECTIONS, options=WORKING)
        self._deployment = make_deployment(options, self._engine, logins.seal, plugins)

    def begin(self, **_signal: object) -> None:
        """In each process, once: whatever the pool may hold belongs to the parent."""
        self._engine.dispose(close=False)

    def run(self, job_id: str, secret: str) -> None:
        """What the bell asks for."""
        state = do_job(self._deployment, UUID(job_id), bytes.fromhex(secret))
        log.info("job %s: %s", job_id, state or "the bell came too late")


def make_celery(options: Options, run: Callable[[str, str], None]) -> Celery:
    """One task, by the name that the bell calls."""
    app = Celery("wuji", broker=spoken(broker_url(options)), set_as_current=False)
    app.conf.update(CONFIG)
    app.task(name=TASK)(run)
    return app


def serve(options: Options, logins: Logins) -> None:
    """Works until SIGTERM, after which jobs under way are finished. Raises WallOpenError."""
    start_logging(options)
    tracing.start(options, "worker")  # each process goes on with a queue and a thread of its own
    logging.getLogger("celery.worker.strategy").setLevel(logging.WARNING)  # it would tell of each bell
    logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
    crew = Crew(options, logins)
    app = make_celery(options, crew.run)
    setup_logging.connect(_leave_logging, weak=False)
    worker_process_init.connect(crew.begin, weak=False)
    worker_process_shutdown.connect(tracing.end, weak=False)
    Model.registry.configure()
    gc.collect()
    gc.freeze()  # what is there before the fork is garbage to nobody: collecting it would copy the pages that are shared
    log.info("the worker works")
    app.worker_main(["--quiet", "worker", "--pool", "prefork", "--concurrency", str(options.worker_processes), *QUIET])


def _leave_logging(**_signal: object) -> None:
    """Celery sets up logging of its own only where nobody says that they have."""


def main() -> None:
    """With the app's login and the seal alone where they are given, as the supervisor does."""
    options = load(os.environ)
    try:
        serve(options, find_logins(options))
    except WallOpenError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
