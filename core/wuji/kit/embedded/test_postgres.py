"""The embedded PostgreSQL with real servers: the wheel's and, where Debian has one, its own."""

import multiprocessing
import os
import pwd
import signal
import stat
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from wuji.kit.db.engine import plain_url
from wuji.kit.embedded import postgres
from wuji.kit.embedded.database import make_follower
from wuji.kit.embedded.failure import EmbeddedError
from wuji.kit.embedded.place import find_place
from wuji.kit.embedded.postgres import DBA, Postgres
from wuji.kit.embedded.running import find_server
from wuji.kit.process import LOOK, await_ends, lives

SERVERS = [
    pytest.param(None, id="wheel"),
    *(
        pytest.param(path, id=path.parent.name, marks=pytest.mark.debian)
        for path in Path("/usr/lib/postgresql").glob("*/bin")
    ),
]


@pytest.fixture(params=SERVERS)
def server(request, folder):
    found = Postgres(folder / "home", request.param)
    yield found
    found.stop("immediate")


@pytest.fixture
def wheel(folder):
    found = Postgres(folder / "home")
    yield found
    found.stop("immediate")


@contextmanager
def connection(server, user=DBA, **other):
    url = server.url(DBA, "postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True, user=user, **other) as found:
        yield found


def postmaster(server):
    process = find_server("postgres", server.data)
    assert process is not None
    return process


def test_a_cluster_that_lets_in_passwords_only(server):
    server.start()
    with connection(server) as conn:
        show = {name: conn.execute(f"show {name}").fetchone()[0] for name in ("listen_addresses", "data_checksums")}
        assert show == {"listen_addresses": "", "data_checksums": "on"}
        locale = "select pg_encoding_to_char(encoding), datcollate from pg_database where datname = 'template0'"
        assert conn.execute(locale).fetchone() == ("UTF8", "C.UTF-8")
        rights = "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
        assert conn.execute(rights).fetchone() == (False, False, True, True)
        able = "select array_agg(rolname::text) from pg_roles where rolcanlogin"
        assert conn.execute(able).fetchone() == ([DBA],)
    for user, password in ((DBA, "wrong"), ("postgres", "postgres")):
        with (
            pytest.raises(psycopg.OperationalError, match=r"authentication failed|not permitted"),
            connection(server, user, password=password),
        ):
            pass
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in (server.data, find_place(server.home).run)}
    assert set(modes.values()) == {0o700}
    assert postmaster(server).uids().real != 0
    secrets = server.home / "secrets"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (secrets, *secrets.iterdir())} == {0o700, 0o600}


def test_a_login_that_follows_the_log_of_changes_and_reads_nothing(wheel):
    wheel.start()
    for _ in range(2):
        make_follower(wheel, "follower")
    url = plain_url(wheel.url("follower", "postgres"))
    with psycopg.connect(url, autocommit=True, prepare_threshold=None, replication="true") as following:
        assert len(following.execute("IDENTIFY_SYSTEM").fetchall()) == 1
    with psycopg.connect(url) as reading, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reading.execute("select rolpassword from pg_authid")


def test_start_finds_the_server_that_runs(server):
    assert not server.running()
    server.start()
    assert server.ready()
    first = postmaster(server)
    Postgres(server.home).start()
    assert postmaster(server) == first
    server.stop()
    assert not server.running()
    assert not server.ready()
    server.stop()
    assert not lives(first)


def test_a_killed_server_starts_again_with_its_rows(server):
    server.start()
    with connection(server) as conn:
        conn.execute("create database kept")
        postmaster(server).kill()
    server.start()
    with connection(server) as conn:
        assert conn.execute("select from pg_database where datname = 'kept'").fetchone() is not None


def test_a_pid_file_that_names_a_stranger(wheel):
    wheel.start()
    wheel.stop()
    servant = find_place(wheel.home).servant
    who = {"user": servant.uid, "group": servant.gid} if servant.dropped else {}
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **who) as stranger:
        servant.write(wheel.data / "postmaster.pid", f"{stranger.pid}\n{wheel.data}\n0\n5432\n\n\n0 0\nready\n")
        assert not wheel.running()
        assert not wheel.ready()
        wheel.start()
        assert stranger.poll() is None
        stranger.kill()
    assert wheel.ready()


def test_what_a_start_cut_short_left_behind_is_replaced(wheel):
    servant = postgres.settle(wheel.home).servant
    servant.make_folder(wheel.data.parent)
    servant.make_folder(wheel.data.with_name("draft"))
    servant.write(wheel.data.with_name("draft") / "PG_VERSION", "9")
    wheel.start()
    assert wheel.ready()


def test_a_start_that_fails_shows_the_log(folder):
    with pytest.raises(EmbeddedError, match=r"(?s)did not start. Last lines of .*no_such_setting"):
        Postgres(folder / "home", settings={"no_such_setting": 1}).start()


def test_a_log_does_not_grow_for_ever(wheel, monkeypatch):
    monkeypatch.setattr(postgres, "LOG_BYTES", 10)
    for _ in range(2):
        wheel.start()
        wheel.stop()
    assert (wheel.data.with_name("log.1")).exists()


def test_passwords_that_were_lost(wheel):
    wheel.start()
    wheel.stop()
    (wheel.home / "secrets" / DBA).unlink()
    with pytest.raises(EmbeddedError, match="wuji_dba is missing"):
        wheel.start()


def test_a_home_too_long_for_a_socket(folder):
    server = Postgres(folder / ("long" * 20) / "home")
    server.start()
    run = find_place(server.home).run
    try:
        assert run.parent == Path("/tmp")  # noqa: S108 — the folder is looked at, nothing is written
        assert stat.S_IMODE(run.lstat().st_mode) == 0o700
        with connection(server) as conn:
            assert conn.execute("select 1").fetchone() == (1,)
        server.stop()
        run.chmod(0o755)
        with pytest.raises(EmbeddedError, match="is open to other users"):
            server.start()
    finally:
        run.rmdir()


def test_the_wheel_is_not_installed(folder, monkeypatch):
    monkeypatch.setattr(postgres, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddedError, match=r"wuji\[embedded\].*WUJI_DATABASE_URL"):
        Postgres(folder / "home").start()


def test_a_bin_folder_without_a_server(folder):
    with pytest.raises(EmbeddedError, match=r"cannot run .*/postgres"):
        Postgres(folder / "home", folder).start()


def _start_as_user(home):
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    server = Postgres(home)
    server.start()
    with connection(server) as conn:
        conn.execute("select 1")


def test_an_ordinary_user_may_run_it_and_several_starts_are_one(folder):
    folder.chmod(0o777)
    forked = multiprocessing.get_context("fork")  # a user may be unable to run this interpreter anew
    racers = [forked.Process(target=_start_as_user, args=(folder / "home",)) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert [racer.exitcode for racer in racers] == [0, 0, 0]
    server = Postgres(folder / "home")
    process = postmaster(server)
    assert process.uids().real == folder.joinpath("home").stat().st_uid != 0
    server.stop()
    server.start()  # as root: still as its owner
    assert postmaster(server).uids().real == folder.joinpath("home").stat().st_uid
    server.stop("immediate")
    assert not lives(process)


def test_the_next_start_awaits_a_server_that_is_stopping(wheel):
    wheel.start()
    first = postmaster(wheel)
    first.send_signal(signal.SIGINT)
    while wheel.ready():  # until the signal has arrived it takes connections, and a start may leave it at that
        await_ends([first], LOOK)
    wheel.start()
    assert postmaster(wheel) != first
    assert wheel.ready()


def test_a_server_that_ends_while_its_start_is_awaited_is_launched_anew(wheel):
    wheel.start()
    first = postmaster(wheel)
    said = wheel.data / "postmaster.pid"
    said.write_text(said.read_text().replace("ready   ", "starting"))
    end = threading.Timer(0.3, first.send_signal, [signal.SIGINT])
    end.start()
    wheel.start()
    end.join()
    assert postmaster(wheel) != first
    assert wheel.ready()
