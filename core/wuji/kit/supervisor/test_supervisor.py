"""The supervisor with real processes."""

import json
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psutil
import pytest

from wuji.kit.process import await_ends
from wuji.kit.supervisor import Program, Supervisor, find_record
from wuji.kit.supervisor.record import MARK

SLEEP = "import time; time.sleep(60)"
TELL = """
import os, signal, sys, time
def told(*_):
    open(os.environ["STATE"] + "/order", "a").write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, told)
open(os.environ["STATE"] + "/ready-" + sys.argv[1], "w")
time.sleep(60)
"""


def pids(state):
    return {
        role: entry["pid"] for role, entry in json.loads((state / "supervisor.json").read_bytes())["programs"].items()
    }


def test_starts_in_order_and_stops_in_reverse(supervise, tmp_path):
    run = supervise(
        f"""
        def program(role):
            words = [sys.executable, "-c", {TELL!r}, role]
            return Program(role=role, argv=words, env=env, ready=(state / f"ready-{{role}}").exists)
        run(program("one"), program("two"), program("three"))
        """
    )
    run.hear("three ready")
    record = find_record(tmp_path)
    assert record.pid == run.process.pid
    assert (datetime.now(UTC) - record.started_at).total_seconds() < 60
    assert {(entry.ready, entry.restarts) for entry in record.programs.values()} == {(True, 0)}
    assert run.stop(signal.SIGINT) == (0, "")
    starts = [f"{role} {event}" for role in ("one", "two", "three") for event in ("starting", "ready")]
    assert run.said == [*starts, "three stopping", "two stopping", "one stopping"]
    assert (tmp_path / "order").read_text() == "three two one "
    assert find_record(tmp_path) is None


def test_what_dies_is_started_again(supervise, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    run = supervise(
        f"""
        web = Program(role="web", argv=[sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1"], env=env,
                      cwd=state, ready="http://127.0.0.1:{port}/", restart=Restart(first=0.1))
        run(web, python("other", {SLEEP!r}))
        """
    )
    run.hear("other ready")
    before = pids(tmp_path)
    psutil.Process(before["web"]).kill()
    run.hear("web ready")
    after = find_record(tmp_path).programs
    assert (after["web"].restarts, after["other"].restarts, after["other"].pid) == (1, 0, before["other"])
    assert after["web"].pid != before["web"]
    assert run.said[-3:] == ["web died", "web starting", "web ready"]
    assert run.stop() == (0, "")
    assert "GET / HTTP/1.1" in (tmp_path / "logs" / "web.log").read_text()


def test_gives_up_loudly_on_what_keeps_dying(supervise):
    run = supervise(
        f"""
        bad = python("bad", "import time; time.sleep(0.1); print('oh dear'); raise SystemExit(7)",
                     restart=Restart(deaths=2, within=30, first=0.05))
        run(python("good", {SLEEP!r}), bad)
        """
    )
    code, said = run.end()
    assert code == 1
    assert "SupervisorError: bad died 3 times within 30 s, last: exit code 7. The end of" in said
    assert said.rstrip().endswith("oh dear")
    assert run.said[-2:] == ["bad died", "good stopping"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("python('p', 'print(1/0)', ready=state / 'none')", "p did not start: exit code 1.*ZeroDivisionError"),
        (
            f"python('p', {SLEEP!r}, ready=state / 'none', ready_within=0.3)",
            "p did not start: not ready within 0 s, killed",
        ),
        (f"python('p', {SLEEP!r}, ready='http://127.0.0.1:1/', ready_within=0.3)", "p did not start: not ready"),
        (
            "Program(role='p', argv=['/no/such'], env=env, ready=state / 'none')",
            "/no/such cannot be run: .*No such file",
        ),
        (f"python('p', {SLEEP!r}, prepare=lambda: 1 / 0)", "ZeroDivisionError"),
    ],
)
def test_says_what_did_not_start(supervise, program, words, tmp_path):
    code, said = supervise(f"run({program})").end()
    assert code == 1
    assert pytest.RaisesExc(Exception, match=f"(?s){words}").matches(Exception(said))
    assert find_record(tmp_path) is None


STUBBORN = f"""
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); {SLEEP}"])
open(os.environ["STATE"] + "/child.new", "w").write(str(child.pid))
os.replace(os.environ["STATE"] + "/child.new", os.environ["STATE"] + "/child")
time.sleep(60)
"""


def stubborn(supervise, tmp_path):
    code = f"run(python('stubborn', {STUBBORN!r}, ready=(state / 'child').exists, stop_within=0.5))"
    run = supervise(code)
    run.hear("stubborn ready")
    numbers = pids(tmp_path)["stubborn"], int((tmp_path / "child").read_text())
    return run, [psutil.Process(number) for number in numbers]


def test_what_does_not_stop_is_killed_with_its_children(supervise, tmp_path):
    run, processes = stubborn(supervise, tmp_path)
    assert run.stop() == (0, "")
    assert not await_ends(processes, 5)


def test_a_killed_supervisor_takes_its_programs_along(supervise, tmp_path):
    run = supervise(f"run(python('one', {SLEEP!r}), python('two', {SLEEP!r}))")
    run.hear("two ready")
    processes = [psutil.Process(pid) for pid in pids(tmp_path).values()]
    run.stop(signal.SIGKILL)
    assert not await_ends(processes, 5)
    assert find_record(tmp_path) is None


def test_the_next_supervisor_ends_what_outlived_a_killed_one(supervise, tmp_path):
    first, left = stubborn(supervise, tmp_path)
    first.process.kill()
    (tmp_path / "child").unlink()
    second, processes = stubborn(supervise, tmp_path)
    assert not await_ends(left, 0)
    assert len(await_ends(processes, 0)) == 2
    assert second.stop() == (0, "")


def test_a_second_supervisor_is_refused(supervise, tmp_path):
    code = f"run(python('one', {SLEEP!r}))"
    first = supervise(code)
    first.hear("one ready")
    refused, said = supervise(code).end()
    assert refused == 1
    assert f"AlreadyRunningError: A supervisor already runs on {tmp_path} (process {first.process.pid}, since " in said
    assert "set another WUJI_HOME" in said
    first.process.kill()
    first.process.wait()
    supervise(code).hear("one ready")


def test_a_signal_while_something_is_prepared(supervise):
    run = supervise(
        f"""
        import threading
        def prepare():
            print("preparing", flush=True)
            for _ in range(1200):  # a signal that comes just before a wait begins is seen only after it
                threading.Event().wait(0.05)
        run(python("one", {SLEEP!r}), python("two", {SLEEP!r}, prepare=prepare))
        """
    )
    run.hear("preparing")
    assert run.stop() == (0, "")
    assert run.said[-1] == "one stopping"


def test_a_program_gets_its_own_environment_and_nothing_else(supervise, tmp_path):
    run = supervise(
        """
        os.environ["WUJI_SYSTEM_DATABASE_URL"] = "hush"
        code = "import os, time; open(os.environ['STATE'] + '/env', 'w').write(repr(dict(os.environ))); time.sleep(60)"
        run(python("one", code, ready=lambda: (state / "env").exists() and (state / "env").read_text()))
        """
    )
    run.hear("one ready")
    found = (tmp_path / "env").read_text()
    assert "hush" not in found
    assert f"'{MARK}': '15:{tmp_path}'" in found
    if os.geteuid() == 0:
        assert psutil.Process(pids(tmp_path)["one"]).uids().real == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_a_program_of_another_user_dies_with_the_supervisor_too(supervise, tmp_path):
    run = supervise("run(Program(role='one', argv=['/bin/sleep', '60'], env=env, user=(65534, 65534), cwd=Path('/')))")
    run.hear("one ready")
    process = psutil.Process(pids(tmp_path)["one"])
    while process.name() != "sleep":
        assert await_ends([process], 0.01)
    assert (process.uids().real, process.gids().real) == (65534, 65534)
    run.process.kill()
    assert not await_ends([process], 5)


def test_runs_in_the_main_thread_only(tmp_path):
    supervisor = Supervisor([Program(role="one", argv=["true"], env={})], tmp_path)
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="main thread"):
        pool.submit(supervisor.run).result()
    assert not (tmp_path / "logs").exists()
