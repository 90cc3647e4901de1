"""Passwords: what they must be, and that comparing costs the same for everybody."""

import contextlib
import os
import threading

import pytest

from wuji.identity import passwords
from wuji.identity.passwords import (
    AFTER,
    DUMMY,
    HASHER,
    HASHING,
    TOP,
    check_password,
    hash_password,
    is_outdated,
    verify_password,
)
from wuji.kit.problem import Problem


def refused(password: str, login: str = "somebody") -> str | None:
    try:
        check_password(password, login, "#/password")
    except Problem as problem:
        (fault,) = problem.faults
        assert fault.pointer == "#/password"
        return fault.key.rpartition(".")[2]
    return None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("nine char", "short"),
        ("正确的马电池订书", "short"),
        ("正确的马电池订书钉啊", None),
        ("correct horse battery", None),
        ("wuji-demo-2026", None),
        ("x" * 128, "password_common"),
        ("ab" * 64, "password_common"),
        ("abcd" * 32, None),
        ("abcd" * 32 + "e", "long"),
        ("👨‍👩‍👧 family of three", None),
        ("Password123", "password_common"),
        ("1QAZ2wsx3edc", "password_common"),
    ],
)
def test_the_rule(password: str, reason: str | None) -> None:
    assert refused(password) == reason


def test_the_login_is_no_password() -> None:
    assert refused("zhang.wei-3407", "zhang.wei-3407") == "password_login"
    assert refused("Zhang.Wei-3407", "zhang.wei-3407") == "password_login"
    assert refused("zhang.wei-34070", "zhang.wei-3407") is None


def test_length_is_counted_in_composed_characters() -> None:
    assert refused("cafe\u0301 au l") == "short"  # ten code points as typed, nine characters
    assert refused("caf\u00e9 au lai") is None


def test_the_list_holds_what_could_be_chosen() -> None:
    assert len(TOP) > 1000
    assert all(10 <= len(word) <= 128 and word == word.casefold() for word in TOP)


def test_hashes_differ_and_verify() -> None:
    one, two = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert one != two
    assert verify_password(one, "correct horse battery")
    assert not verify_password(one, "correct horse batterx")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_outdated(one)
    assert is_outdated(one.replace("t=2", "t=1"))


def test_nothing_to_compare_with_is_never_right_and_costs_the_same() -> None:
    assert not verify_password(None, "correct horse battery")
    assert not HASHER.check_needs_rehash(DUMMY)


def test_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, gate, three = 0, 0, threading.Lock(), threading.Barrier(3)

    class Slow:
        def verify(self, _secret: str, _password: str) -> None:
            nonlocal inside, most
            with gate:
                inside += 1
                most = max(most, inside)
            with contextlib.suppress(threading.BrokenBarrierError):
                three.wait(0.3)  # never passes: there are only two places
            with gate:
                inside -= 1

    monkeypatch.setattr(passwords, "HASHER", Slow())
    threads = [threading.Thread(target=verify_password, args=(DUMMY, "x")) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (inside, most) == (0, 2)


def test_whoever_hashes_gives_way():
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert HASHING.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result() >= AFTER
    assert hash_password("correct horse battery").startswith("$argon2id$")
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
