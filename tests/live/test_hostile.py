"""Servers that mean harm, before the whole command: it ends in time, in little memory, and says what it did not see."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import batten
from tests.collect.servers import Server, drips, floods, head, keeps, page, path_of, resets, says

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.collect.servers import Handler

pytestmark = pytest.mark.process

PASSED, FAILED, NOTHING = 0, 1, 3
SECONDS = 2
MOST_SECONDS = SECONDS + 5
"""A start and the report take half a second on a quiet machine."""
MOST_BYTES = 100_000_000
"""Of resident memory; a probe of a quiet site takes 50 MB, and all answers together are kept up to 48 MB."""
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
INDEX = b"<!doctype html><html lang=en><title>Shop</title><a href='/item/1'>rope</a>"
HEADERS = ("Content-Type: text/html",)
BOMB = gzip.compress(bytes(64 * 1024 * 1024))


LAUNCHER = """
import os, sys
pid = os.posix_spawn(sys.executable, [sys.executable, "-m", "batten", "probe", *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(pid, 0)
print(f"peak {usage.ru_maxrss}", file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A child begins as a copy of its parent, and its peak with it: so the parent is this, and not the test run."""
ENV = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(batten.__file__).parents[1]), "LC_ALL": "C.UTF-8"}


class Ran(NamedTuple):
    """How the command ended."""

    code: int
    out: str
    seconds: float
    peak_bytes: int


def ran(url: str, *typed: str) -> Ran:
    """Run `batten probe` as a user does, its time bounded."""
    argv = [sys.executable, "-S", "-c", LAUNCHER, url, "--timeout", str(SECONDS), *typed]
    begun = time.monotonic()
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60, env=ENV)
    seconds = time.monotonic() - begun
    *said, peak = done.stderr.split()
    assert said[-1] == "peak", done.stderr
    return Ran(done.returncode, " ".join(done.stdout.split()), seconds, int(peak) * MAXRSS_BYTES)


def silent(_: socket.socket, server: Server) -> None:
    server.is_over.wait(SECONDS * 4)


def after(first: bytes, then: Handler) -> Handler:
    """Answer `/` well, as often as it is asked, and everything else as `then` does."""

    def handler(connection: socket.socket, server: Server) -> None:
        while asked := head(connection, server):
            if path_of(asked) != "/" or asked.startswith(b"OPTIONS"):
                then(connection, server)
                return
            connection.sendall(first)

    return handler


def hangs(_: socket.socket, server: Server) -> None:
    server.is_over.wait(SECONDS * 4)


def pours(part: bytes, first: bytes = b"") -> Handler:
    """Send without end, a request having been read already."""

    def handler(connection: socket.socket, server: Server) -> None:
        connection.sendall(first)
        while not server.is_over.is_set():
            connection.sendall(part)

    return handler


def seed(data: bytes) -> Callable[[bytes], bytes]:
    return lambda _: data


ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
ZIPPED = page(BOMB, headers=(*HEADERS, "Content-Encoding: gzip"))
WELL = page(INDEX, headers=HEADERS)


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        pytest.param(silent, "the time of the run was used up", id="never answers"),
        pytest.param(drips(b"x"), "the answer is not HTTP", id="drips a status line"),
        pytest.param(drips(b"X-A: b\r\n", first=b"HTTP/1.1 200 OK\r\n"), "", id="drips headers"),
        pytest.param(floods(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 8000 + b"\r\n"), "", id="headers without end"),
        pytest.param(
            floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "more than 16 informational answers",
            id="informs without end",
        ),
        pytest.param(says(bytes(range(256)) * 16 + b"\r\n\r\n"), "the answer is not HTTP", id="garbage"),
        pytest.param(says(b"SSH-2.0-OpenSSH_9.9\r\n", hold=True), "it speaks SSH", id="another protocol"),
        pytest.param(resets(b""), "the connection was reset", id="resets"),
        pytest.param(
            keeps(seed(page(status="302 Found", headers=["Location: /"]))), "too many redirects", id="a circle"
        ),
    ],
)
def test_a_site_that_gives_no_answer_is_nothing_to_audit(handler: Handler, why: str) -> None:
    with Server(handler) as server:
        done = ran(server.url)
    assert done.code == NOTHING
    assert "gate nothing to audit: " in done.out
    assert why in done.out
    assert done.seconds < MOST_SECONDS
    assert done.peak_bytes < MOST_BYTES


@pytest.mark.parametrize(
    ("then", "why"),
    [
        pytest.param(hangs, "the time of the run was used up", id="hangs"),
        pytest.param(lambda connection, _: connection.sendall(os.urandom(4096)), "is not HTTP", id="garbage"),
        pytest.param(lambda connection, _: connection.shutdown(2), "was left alone: 4 times in a row", id="closes"),
    ],
)
def test_what_could_not_be_seen_of_the_rest_is_unsure(then: Handler, why: str) -> None:
    with Server(after(WELL, then)) as server:
        done = ran(server.url)
        strict = ran(server.url, "--strict")
    assert done.code == PASSED
    assert why in done.out
    assert "what an error gives away: " in done.out
    assert "which files are served: a name that cannot be there was not answered" in done.out
    assert "had evidence" in done.out
    assert done.seconds < MOST_SECONDS
    assert done.peak_bytes < MOST_BYTES
    assert strict.code == FAILED


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(after(WELL, pours(b"x" * 65536, ENDLESS)), id="bodies without end"),
        pytest.param(after(WELL, lambda connection, _: connection.sendall(ZIPPED)), id="bombs"),
        pytest.param(keeps(seed(ZIPPED)), id="bombs everywhere"),
    ],
)
def test_what_has_no_end_is_read_as_far_as_it_may_be(handler: Handler) -> None:
    with Server(handler) as server:
        done = ran(server.url)
    assert done.code == PASSED
    assert "critical" not in done.out
    assert done.seconds < MOST_SECONDS
    assert done.peak_bytes < MOST_BYTES


def test_a_handshake_that_nobody_answers_is_nothing_to_audit() -> None:
    with Server(silent) as server:
        done = ran(server.url.replace("http:", "https:"))
    assert done.code == NOTHING
    assert done.seconds < MOST_SECONDS


def test_what_a_site_sends_cannot_break_the_report() -> None:
    evil = b"\x1b]0;owned\x07\x1b[2J\xff\xfe</script>\r\n"
    lines = (b"Server: shop/1.2 " + evil, b"Content-Type: text/html\r\n", b"Content-Length: %d\r\n\r\n" % len(INDEX))
    answer = b"HTTP/1.1 200 " + evil + b"".join(lines) + INDEX
    with Server(keeps(seed(answer))) as server:
        plain = ran(server.url)
        told = ran(server.url, "--format", "json")
    assert json.loads(told.out)["layers"]["http"] == "evaluated"
    for done in (plain, told):
        assert done.code == PASSED
        assert "shop/1.2" in done.out
        assert "\x1b" not in done.out
        assert "\x07" not in done.out
