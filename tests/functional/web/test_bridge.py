"""Flask behind the event loop, with the real server: bodies, chunks, limits, slow and vanished clients, the end."""

import hashlib
import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wuji.testing.web import Web, serving

MEGABYTE = 1_000_000


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("bridged:serve", {}, Path(__file__).parent) as found:
        yield found


def digest(sent: bytes) -> str:
    return f"{len(sent)} {hashlib.sha256(sent).hexdigest()}"


def test_a_request_arrives_as_it_was_sent(web):
    headers = {"Cookie": "a=1; b=2", "X-Forwarded-For": "192.0.2.1", "X_Forwarded_For": "203.0.113.9"}
    status, read = web.ask("GET", "/seen/%E4%BA%94%2Fx%20y?q=%E6%9D%91&n=1", **headers)
    told = json.loads(read)
    assert status == 200
    assert (told["path"], told["query"], told["method"]) == ("五/x y", {"q": "村", "n": "1"}, "GET")
    assert told["cookies"] == {"a": "1", "b": "2"}
    assert told["forwarded"] == "192.0.2.1"  # a name with underscores is nobody's
    assert (told["address"], told["thread"].startswith("web")) == ("127.0.0.1", True)
    assert told["url"].startswith(f"http://127.0.0.1:{web.port}/seen/")


def test_a_header_sent_twice_is_one_list(web):
    with web.raw(b"GET /seen/x HTTP/1.1\r\nHost: h\r\nX-Twice: 1\r\nX-Twice: 2\r\nConnection: close\r\n\r\n") as one:
        assert b'"twice":"1,2"' in one.makefile("rb").read()


def test_a_path_that_is_no_text_is_not_found_and_not_a_fault(web):
    assert web.ask("GET", "/%ff%fe")[0] == 404


@pytest.mark.parametrize("size", [0, 1, 200_000, 600_000])
def test_a_body_with_a_length(web, size):
    sent = bytes(range(256)) * (size // 256 + 1)
    assert web.ask("POST", "/body", sent[:size]) == (200, digest(sent[:size]).encode())


def test_a_body_in_chunks(web):
    parts = [bytes([n]) * 70_000 for n in range(9)]
    answered = web.ask("POST", "/body", iter(parts), **{"Transfer-Encoding": "chunked"})
    assert answered == (200, digest(b"".join(parts)).encode())


def test_an_upload_of_50_mb_never_lies_in_memory(web):
    before = web.memory
    part = bytes(range(250)) * 4000
    answered = web.ask("POST", "/upload", iter([part] * 50), **{"Transfer-Encoding": "chunked"})
    assert answered == (200, digest(part * 50).encode())
    assert web.memory - before < 20 * MEGABYTE


def test_200_mb_are_refused_before_they_are_sent(web):
    head = f"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: {200 * MEGABYTE}\r\n\r\n".encode()
    with web.raw(head) as one:
        assert one.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_200_mb_in_chunks_are_refused_while_they_come(web):
    before = web.memory
    head = b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent = 0
    with web.raw(head) as one:
        try:
            while sent < 200 * MEGABYTE:
                one.sendall(b"186a0\r\n" + bytes(100_000) + b"\r\n")
                sent += 100_000
        except OSError:  # it is told no more
            pass
    assert sent < 100 * MEGABYTE
    assert web.memory - before < 20 * MEGABYTE


@pytest.mark.parametrize("path", ["/body", "/upload"])
def test_a_body_that_stops_half_way_holds_no_thread(web, path):
    head = f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n".encode()
    silent = [web.raw(head + bytes(1000)) for _ in range(2)]  # as many as there are threads
    assert web.ask("GET", "/slow") == (200, b"ok")
    assert all(one.recv(4096).startswith(b"HTTP/1.1 408 ") for one in silent)
    for one in silent:
        one.close()


def test_a_sender_who_leaves_half_way_is_no_fault(web):
    head = b"POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n"
    for _ in range(4):
        web.raw(head + bytes(300_000)).close()
    assert web.ask("GET", "/slow") == (200, b"ok")


def test_small_silent_bodies_hold_no_thread_at_all(web):
    head = b"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\nx"
    silent = [web.raw(head) for _ in range(20)]
    begun = time.monotonic()
    assert web.ask("GET", "/slow") == (200, b"ok")
    assert time.monotonic() - begun < 1
    for one in silent:
        one.close()


def test_a_large_answer_is_whole(web):
    status, read = web.ask("GET", "/pieces/100")
    assert (status, len(read)) == (200, 100 * 65536)


def test_head_has_no_body(web):
    assert web.ask("HEAD", "/seen/x") == (200, b"")


def test_a_stalled_reader_does_not_grow_memory_and_is_let_go(web):
    before = web.memory
    one = web.raw(b"GET /pieces/16384 HTTP/1.1\r\nHost: h\r\n\r\n", keep=65536)  # 1 GiB
    assert web.ask("GET", "/closed")[1] == b"yes"  # after `patience` seconds
    assert web.memory - before < 30 * MEGABYTE
    one.close()


def test_who_leaves_during_a_download_is_not_sent_the_rest(web):
    one = web.raw(b"GET /pieces/160000 HTTP/1.1\r\nHost: h\r\n\r\n")  # 10 GiB
    one.recv(65536)
    one.close()
    begun = time.monotonic()
    assert web.ask("GET", "/closed")[1] == b"yes"
    assert time.monotonic() - begun < 2


def test_requests_beyond_the_threads_wait_their_turn(web):
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: web.ask("GET", "/slow"), range(8))) == [(200, b"ok")] * 8


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_open_answers_end_with_the_process(web, asked):
    streams = [web.raw(b"GET /open HTTP/1.1\r\nHost: h\r\n\r\n") for _ in range(10)]
    read = [one.makefile("rb") for one in streams]
    for one in read:
        while b"open" not in one.readline():
            pass
    begun = time.monotonic()
    web.process.send_signal(asked)
    web.process.wait(10)
    assert time.monotonic() - begun < 1
    assert all(b"bye" in one.read() for one in read)
    for one in (*read, *streams):
        one.close()
