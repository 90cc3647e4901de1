"""The programs of one deployment under one supervisor: `python -m wuji.kit.serve`. Imports only kit, so it stays small.

Each program gets the logins it may hold and nothing else: web the app's and the seal, relay the system's.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import get_secret
from wuji.kit.embedded.valkey import Valkey
from wuji.kit.options import CHECKOUT, Options, load
from wuji.kit.supervisor import Event, Program, Supervisor

DATABASE = "wuji"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


def programs(options: Options) -> list[Program]:
    """In the order of their start; of the servers only those that the options do not name."""
    found = [Postgres(options.home).program()] if options.embedded else []
    if not options.broker_url:
        found.append(Valkey(options.home).program())
    return [*found, web(options), relay(options)]


def web(options: Options) -> Program:
    """granian, because it uses the least CPU per request of the servers measured; one process, a few threads."""
    argv = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws", "--log-level", "warning"]
    argv += ["--host", options.host, "--port", str(options.port)]
    argv += ["--workers", str(options.web_processes), "--blocking-threads", str(options.web_threads)]
    if options.mode == "development":
        argv += ["--reload", "--reload-paths", str(CHECKOUT / "core")]
    return Program(
        role="web",
        argv=[*argv, "wuji.app:serve"],
        env=environment(options, DATABASE_URL=url(options, "wuji_app"), SEAL_KEY=seal_key(options), **limits(options)),
        ready=f"http://{options.host}:{options.port}/healthz/ready",
    )


def relay(options: Options) -> Program:
    return Program(
        role="relay",
        argv=[sys.executable, "-m", "wuji.relay"],
        env=environment(options, SYSTEM_DATABASE_URL=url(options, "wuji_system")),
    )


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
        "TRUSTED_PROXIES": str(options.trusted_proxies),
        "WEB_PROCESSES": str(options.web_processes),
        "WEB_THREADS": str(options.web_threads),
        "LOG_LEVEL": options.log_level,
    }
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, **{f"WUJI_{name}": value for name, value in {**common, **own}.items()}}


def limits(options: Options) -> Mapping[str, str]:
    """Where web counts calls, and how far it lets them go."""
    return {"LIMITS_URL": options.limits_url, "RATE_LIMITS": str(options.rate_limits)}


def url(options: Options, login: str) -> str:
    given = {"wuji_app": options.database_url, "wuji_system": options.system_database_url}
    return Postgres(options.home).url(login, DATABASE) if options.embedded else given[login]


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
    """Runs until a signal stops everything."""
    options = load(os.environ)
    Supervisor(programs(options), options.home, announce(options)).run()


if __name__ == "__main__":
    main()
