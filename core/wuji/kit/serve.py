"""The programs of one deployment under one supervisor: `python -m wuji.kit.serve`. Imports only kit, so it stays small.

Each program gets the logins it may hold and nothing else: web and worker the app's and the seal, relay the system's.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import get_secret
from wuji.kit.embedded.valkey import Valkey
from wuji.kit.options import CHECKOUT, Options, load
from wuji.kit.supervisor import Event, Program, Restart, Supervisor, SupervisorError

DATABASE = "wuji"
COUNTED = "metrics"  # folder in WUJI_HOME
AWS = "AWS_"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


def programs(options: Options) -> list[Program]:
    """In the order of their start; of the servers only those that the options do not name."""
    found = [Postgres(options.home).program()] if options.embedded else []
    if not options.broker_url:
        found.append(Valkey(options.home).program())
    follows = [archive(options)] if options.replication_database_url else []
    return [*found, web(options), worker(options), relay(options), *follows]


def web(options: Options) -> Program:
    """granian, because it uses the least CPU per request of the servers measured; an event loop with a few threads behind."""
    argv = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws"]
    argv += ["--factory", "--log-level", "warning", "--host", options.host, "--port", str(options.port)]
    # backpressure counts connections, idle ones too, and lets the next one wait in silence: an open page is one of them
    argv += ["--backlog", "8192", "--backpressure", "20000"]
    # a client that stopped reading must not keep a process from ending
    argv += ["--workers", str(options.web_processes), "--workers-kill-timeout", "10"]
    if options.mode == "development":
        argv += ["--reload", "--reload-paths", str(CHECKOUT / "core")]
    own = {"SEAL_KEY": seal_key(options), **databases(options), **limits(options), **mail(options)}
    return Program(
        role="web",
        argv=[*argv, "wuji.app:serve"],
        env={**environment(options, METRICS_TOKEN=options.metrics_token, **own), **counting(options)},
        prepare=lambda: empty(options.home / COUNTED),
        ready=f"http://{options.host}:{options.port}/healthz/ready",
    )


def worker(options: Options) -> Program:
    """Celery with a few processes. What is under way when it is told to stop has some time; what is cut off is done again."""
    return Program(
        role="worker",
        argv=[sys.executable, "-m", "wuji.kit.entering", "wuji.worker"],
        env=environment(
            options,
            DATABASE_URL=url(options, "wuji_app"),
            SEAL_KEY=seal_key(options),
            **limits(options),
            **mail(options),
        ),
    )


def relay(options: Options) -> Program:
    return Program(
        role="relay",
        argv=[sys.executable, "-m", "wuji.kit.entering", "wuji.relay"],
        env=environment(options, SYSTEM_DATABASE_URL=url(options, "wuji_system")),
    )


def archive(options: Options) -> Program:
    """With the login that replicates, and what AWS's own tools would be told."""
    told = {name: value for name, value in os.environ.items() if name.startswith(AWS)}
    own = environment(options, REPLICATION_DATABASE_URL=replication_url(options), BACKUP_URL=options.backup_url)
    found = [str(Postgres(options.home).bin)] if options.embedded else []
    path = os.pathsep.join([*found, own.get("PATH", os.defpath)])
    return Program(
        role="archive",
        argv=[sys.executable, "-m", "wuji.backup.archiving"],
        env={**told, **own, "PATH": path},
        # whatever it waits for is away, it says so itself and goes on; nothing else waits for it
        restart=Restart(first=5, longest=600),
    )


def beside(options: Options, named: Sequence[str]) -> list[Program]:
    """What whoever started this wants beside it, each as JSON of role, argv and env. It may end as often as it likes: nothing
    else depends on it.
    """
    local = {"WUJI_BASE_URL": f"http://{options.host}:{options.port}"}
    seldom = Restart(first=30, longest=600)
    found = [json.loads(one) for one in named]
    return [
        Program(role=one["role"], argv=one["argv"], env={**kept(), **local, **one["env"]}, restart=seldom)
        for one in found
    ]


def environment(options: Options, **own: str) -> Mapping[str, str]:
    """What every program is told, and its own logins."""
    common = {
        "HOME": str(options.home),
        "MODE": options.mode,
        "HOST": options.host,
        "PORT": str(options.port),
        "BASE_URL": options.base_url,
        "BROKER_URL": broker_url(options),
        "FILES_DIR": str(options.files_dir),
        "PLUGINS_DIR": str(options.plugins_dir),
        "PACKS_DIR": str(options.packs_dir),
        "TRUSTED_PROXIES": str(options.trusted_proxies),
        "WEB_PROCESSES": str(options.web_processes),
        "WEB_THREADS": str(options.web_threads),
        "WORKER_PROCESSES": str(options.worker_processes),
        "JOBS_AT_ONCE": str(options.jobs_at_once),
        "TRACES_URL": options.traces_url,
        "LOG_LEVEL": options.log_level,
        "LOG_FORMAT": options.log_format,
    }
    return {**kept(), **tracing(options), **{f"WUJI_{name}": value for name, value in {**common, **own}.items()}}


def kept() -> Mapping[str, str]:
    """What a program may know of where this one was started."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def tracing(options: Options) -> Mapping[str, str]:
    """What OpenTelemetry's libraries know beside the collector's address: its headers and certificate, how much is sampled."""
    return {name: text for name, text in os.environ.items() if name.startswith("OTEL_")} if options.traces_url else {}


def limits(options: Options) -> Mapping[str, str]:
    """Where web counts calls, and how far it lets them go."""
    return {"LIMITS_URL": options.limits_url, "RATE_LIMITS": str(options.rate_limits)}


def counting(options: Options) -> Mapping[str, str]:
    """The folder into which all processes of web count, so that whichever is asked for /metrics answers for all."""
    return {"PROMETHEUS_MULTIPROC_DIR": str(options.home / COUNTED)} if options.metrics_token else {}


def empty(folder: Path) -> None:
    """What processes counted that are gone: Prometheus expects counters to begin anew."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)


def mail(options: Options) -> Mapping[str, str]:
    """How e-mail goes out. Web only asks whether any does."""
    return {"SMTP_URL": options.smtp_url, "MAIL_FROM": options.mail_from}


def databases(options: Options) -> Mapping[str, str]:
    """The logins of web: one for requests, and one that learns what happened and can do nothing else."""
    return {"DATABASE_URL": url(options, "wuji_app"), "LIVE_DATABASE_URL": url(options, "wuji_live")}


def url(options: Options, login: str) -> str:
    given = {
        "wuji_app": options.database_url,
        "wuji_system": options.system_database_url,
        "wuji_live": options.live_database_url,
    }
    return Postgres(options.home).url(login, DATABASE) if options.embedded else given[login]


def replication_url(options: Options) -> str:
    """Empty where nobody follows the server."""
    login = replication_login(options)
    return Postgres(options.home).url(login, "postgres") if login else options.replication_database_url


def replication_login(options: Options) -> str:
    """Who follows the embedded server; empty for nobody, and for a server of one's own."""
    return urlsplit(options.replication_database_url).username or "" if options.embedded else ""


def broker_url(options: Options) -> str:
    return options.broker_url or Valkey(options.home).broker_url


def seal_key(options: Options) -> str:
    return get_secret(options.home, "seal") if options.embedded else options.seal_key


def announce(options: Options) -> Callable[[str, Event], None]:
    """Tells whoever sits at the terminal once pages are served, and what died."""

    def tell(role: str, event: Event) -> None:
        said = {
            ("web", "ready"): f"Wuji runs on http://{options.host}:{options.port} — Ctrl-C stops it.",
            (role, "died"): f"{role} died; it is started again.",
        }
        if (role, event) in said:
            with suppress(OSError):  # a terminal that is gone must not end the deployment
                sys.stdout.write(f"{said[role, event]}\n")
                sys.stdout.flush()

    return tell


def main() -> None:
    """Runs until a signal stops everything, or until a program dies again and again: which, and its last words, are said then."""
    options = load(os.environ)
    try:
        Supervisor([*programs(options), *beside(options, sys.argv[1:])], options.home, announce(options)).run()
    except SupervisorError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
