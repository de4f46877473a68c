"""The reader against servers that break every rule: always an answer or a failure, in time, and nothing lost."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batten.collect.http import Bounds, Visitor, consented, visit
from batten.collect.http.wire import CountingReader
from batten.understand.answers.http import Answer, DefectKind, Failure, FailureKind, Request
from tests.collect.servers import Server, drips, floods, keeps, page, resets, says

if TYPE_CHECKING:
    from tests.collect.servers import Handler

pytestmark = pytest.mark.process
PATIENT = Bounds(connect_s=4, answer_s=4, run_s=10, head_bytes=64 * 1024, body_bytes=100_000)
QUICK = replace(PATIENT, answer_s=0.4)
OK = b"HTTP/1.1 200 OK\r\n"
BAD, LATE = DefectKind, FailureKind


def ask(handler: Handler, *, bounds: Bounds = PATIENT, method: str = "GET") -> Answer | Failure:
    with Server(handler) as server:
        begun = time.monotonic()
        url = f"{server.url}/"
        found = visit(lambda: Visitor([consented(url)], bounds=bounds), lambda eyes: eyes.ask(Request(method, url)))
        assert time.monotonic() - begun < 4  # alone 0.4 s; the tests of others may run beside it
        return found


def answer(handler: Handler, *, bounds: Bounds = PATIENT, method: str = "GET") -> Answer:
    found = ask(handler, bounds=bounds, method=method)
    assert isinstance(found, Answer), found
    return found


def failure(handler: Handler, *, bounds: Bounds = PATIENT) -> Failure:
    found = ask(handler, bounds=bounds)
    assert isinstance(found, Failure), found
    return found


def kinds(found: Answer | Failure) -> set[DefectKind]:
    return {defect.kind for defect in found.defects}


def test_headers_keep_order_casing_and_duplicates() -> None:
    found = answer(says(OK + b"x-B: 1\r\nX-a:2 \r\nSet-Cookie: a=1\r\nset-cookie:\tb=2\r\n\r\nhi"))
    assert found.headers == (("x-B", "1"), ("X-a", "2"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"))
    assert (found.status, found.reason, found.body, found.cut, found.defects) == (200, "OK", b"hi", False, ())


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (b"no colon here\r\n", BAD.NO_COLON),
        (b"X-Frame-Options : DENY\r\n", BAD.SPACE_BEFORE_COLON),
        (b"X Y: 1\r\n", BAD.BAD_NAME),
        (b": nameless\r\n", BAD.BAD_NAME),
        (b"\xff\xfe: 1\r\n", BAD.BAD_NAME),
        (b"X-Nul: a\0b\r\n", BAD.CONTROL),
        (b"X-Cr: a\rX-Hidden: b\r\n", BAD.BARE_CR),
        (b"X-Lf: a\n", BAD.BARE_LF),
        (b"X-Long: a\r\n  b\r\n", BAD.FOLDED),
        (b"X-Bare\r\n folded\r\n", BAD.FOLDED),
    ],
)
def test_a_bad_line_is_told_and_hides_none_after_it(lines: bytes, kind: DefectKind) -> None:
    found = answer(says(OK + b"A: 1\r\n" + lines + b"Strict-Transport-Security: max-age=1\r\n\r\n"))
    assert kind in kinds(found)
    assert found.first("a") == "1"
    assert found.first("strict-transport-security") == "max-age=1"
    assert found.is_head_whole


def test_a_fold_belongs_to_the_header_before_it() -> None:
    assert answer(says(OK + b"A: 1\r\n \t2\r\nB: 3\r\n\r\n")).headers == (("A", "1 2"), ("B", "3"))


def test_a_fold_before_any_header_is_dropped() -> None:
    assert answer(says(OK + b" stray\r\nB: 3\r\n\r\n")).headers == (("B", "3"),)


def test_a_space_before_the_colon_is_no_part_of_the_name() -> None:
    assert answer(says(OK + b"X-Frame-Options \t: DENY\r\n\r\n")).first("x-frame-options") == "DENY"


def test_a_hundred_thousand_headers_end_at_the_limit() -> None:
    found = answer(says(OK + b"a: b\r\n" * 100_000 + b"\r\n"))
    assert BAD.HEAD_TOO_LONG in kinds(found)
    assert not found.is_head_whole
    assert 1000 < len(found.headers) <= 2000
    assert found.cut


def test_many_bad_lines_do_not_hide_that_the_head_was_cut() -> None:
    found = answer(says(OK + b"no colon\r\n" * 1500 + b"a: b\r\n" * 1500 + b"\r\n"))
    assert kinds(found) == {BAD.NO_COLON, BAD.HEAD_TOO_LONG}
    assert len(found.defects) == 11
    assert not found.is_head_whole


def test_a_thousand_headers_are_all_read() -> None:
    lines = b"".join(b"X-%d: y\r\n" % number for number in range(1000))
    found = answer(says(OK + lines + b"X-Last: z\r\n\r\n"))
    assert (len(found.headers), found.first("x-last"), found.defects) == (1001, "z", ())


def test_a_huge_cookie_is_read_whole() -> None:
    assert answer(says(OK + b"Set-Cookie: a=" + b"x" * 60_000 + b"\r\n\r\n")).first("set-cookie") == "a=" + "x" * 60_000


def test_a_header_without_an_end_is_cut() -> None:
    found = answer(floods(OK + b"A: 1\r\nB: ", b"x" * 65536))
    assert found.headers == (("A", "1"),)
    assert kinds(found) == {BAD.HEAD_TOO_LONG}


@pytest.mark.parametrize(
    ("line", "status", "reason", "is_odd"),
    [
        (b"HTTP/1.1 404 Not Found", 404, "Not Found", False),
        (b"HTTP/1.1 200", 200, "", False),
        (b"HTTP/1.1 200 ", 200, "", False),
        (b"HTTP/1.1  200 OK", 200, "OK", True),
        (b"http/1.1 200 ok", 200, "ok", True),
        (b"HTTP/1.1 200OK", 200, "", True),
        (b"HTTP/2 200", 200, "", True),
        (b"HTTP/1.1 200 O\0K", 200, "O\0K", True),
        (b"HTTP/1.1 999 Denied", 999, "Denied", False),
    ],
)
def test_status_lines(line: bytes, status: int, reason: str, *, is_odd: bool) -> None:
    found = answer(says(line + b"\r\nContent-Length: 0\r\n\r\n"))
    assert (found.status, found.reason) == (status, reason)
    assert (BAD.STATUS_LINE in kinds(found)) is is_odd


def test_blank_lines_before_the_status_line_are_told() -> None:
    found = answer(says(b"\r\n", b"\r\n\n" + OK + b"A: 1\r\n\r\n", pause=0.01))
    assert (found.status, found.first("a"), kinds(found)) == (200, "1", {BAD.STATUS_LINE})


def test_http_0_9_is_a_page_without_a_head() -> None:
    found = answer(says(b"<html>old</html>"))
    assert (found.protocol, found.status, found.headers, found.body) == ("HTTP/0.9", 200, (), b"<html>old</html>")
    assert kinds(found) == {BAD.STATUS_LINE}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH"),
        (b"\x15\x03\x01\0\x02\x02\x46", "https"),
        (b"\0\0\x12\x04\0\0\0\0\0", "HTTP/2"),
        (b"-ERR unknown command\r\n", "Redis"),
        (bytes(range(255, 100, -1)), "begins with"),
        (b"HTTP/1.1 abc\r\n\r\n", "no status"),
        (b"HTTP\r\n\r\n", "begins with"),
        (b"\n\0garbage", "begins with"),
    ],
)
def test_what_is_not_http_is_told_as_such(data: bytes, said: str) -> None:
    found = failure(says(data))
    assert found.kind is LATE.NOT_HTTP
    assert said in found.says
    assert kinds(found) == {BAD.STATUS_LINE}


def test_informational_answers_are_kept_and_not_taken_for_the_answer() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    found = answer(says(early + OK + b"A: 1\r\n\r\n"))
    assert (found.status, found.first("link")) == (200, None)
    assert found.early == ((100, ()), (103, (("Link", "</a.css>"),)))


def test_endless_informational_answers_end() -> None:
    assert "informational" in failure(floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n")).says


def test_switching_protocols_is_an_answer() -> None:
    assert answer(says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n\0\0", hold=True)).status == 101


# bodies


@pytest.mark.parametrize(
    ("data", "body", "defects", "is_cut"),
    [
        (b"Content-Length: 2\r\n\r\nhi", b"hi", set(), False),
        (b"Content-Length: 0\r\n\r\n", b"", set(), False),
        (b"Content-Length: 9\r\n\r\nhi", b"hi", {BAD.SHORT_BODY}, True),
        (b"Content-Length: 1\r\n\r\nhi", b"h", set(), False),
        (b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", b"hi", {BAD.LENGTH_REPEATED}, False),
        (b"Content-Length: 2, 3\r\n\r\nhi", b"hi", {BAD.LENGTH_REPEATED}, False),
        (b"Content-Length: -1\r\n\r\nhi", b"hi", {BAD.LENGTH_INVALID}, False),
        (b"Content-Length: +2\r\n\r\nhi", b"hi", {BAD.LENGTH_INVALID}, False),
        (b"Content-Length: \xb2\r\n\r\nhi", b"hi", {BAD.LENGTH_INVALID}, False),
        (b"Content-Length: 99999999999999999999999\r\n\r\nhi", b"hi", {BAD.LENGTH_INVALID}, False),
        (
            b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            b"hi",
            {BAD.LENGTH_AND_CHUNKED},
            0,
        ),
        (
            b"Transfer-Encoding: chunked\r\n\r\n1;ext=1\r\nh\r\n01\r\ni\r\n0\r\nX-Trailer: 1\r\n\r\n",
            b"hi",
            set(),
            False,
        ),
        (b"Transfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi", set(), False),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n", b"hi", {BAD.CHUNK}, True),
        (b"Transfer-Encoding: chunked\r\n\r\n-2\r\nhi\r\n", b"", {BAD.CHUNK}, True),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nhiho\r\n", b"hi", {BAD.CHUNK}, True),
        (b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhi", b"hi", {BAD.SHORT_BODY}, True),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", b"hi", {BAD.SHORT_BODY}, True),
        (b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 5000, b"", {BAD.CHUNK}, True),
        (b"\r\nhi", b"hi", set(), False),
    ],
)
def test_where_a_body_ends(data: bytes, body: bytes, defects: set[DefectKind], *, is_cut: bool) -> None:
    found = answer(says(OK + data))
    assert (found.body, kinds(found), found.cut) == (body, defects, is_cut)


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_some_answers_have_no_body(status: bytes) -> None:
    found = answer(says(b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n", hold=True))
    assert (found.body, found.cut, found.defects) == (b"", False, ())


def test_an_answer_to_head_has_no_body() -> None:
    found = answer(says(OK + b"Content-Length: 5000\r\n\r\n", hold=True), method="HEAD")
    assert (found.body, found.cut, found.defects) == (b"", False, ())


@pytest.mark.parametrize(
    "first",
    [OK + b"\r\n", OK + b"Content-Length: 99999999\r\n\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n"],
)
def test_an_endless_body_is_cut_at_the_limit(first: bytes) -> None:
    found = answer(floods(first, b"x" * 65536))
    assert (len(found.body), found.cut, found.defects) == (PATIENT.body_bytes, True, ())


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    found = answer(says(OK + b"\r\n" + b"x" * PATIENT.body_bytes))
    assert (len(found.body), found.cut) == (PATIENT.body_bytes, False)


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        (b"gzip", gzip.compress(b"hello" * 100, mtime=0)),
        (b"X-GZip", gzip.compress(b"hello" * 50, mtime=0) + gzip.compress(b"hello" * 50, mtime=0)),
        (b"gzip", gzip.compress(b"hello" * 100, mtime=0) + b"\0\0\0"),
        (b"deflate", zlib.compress(b"hello" * 100)),
        (b"deflate", zlib.compress(b"hello" * 100)[2:-4]),
        (b"deflate, gzip", gzip.compress(zlib.compress(b"hello" * 100), mtime=0)),
        (b"identity", b"hello" * 100),
    ],
)
def test_codings_are_taken_off(coding: bytes, sent: bytes) -> None:
    found = answer(says(OK + b"Content-Encoding: " + coding + b"\r\n\r\n" + sent))
    assert (found.body, found.cut, found.defects) == (b"hello" * 100, False, ())


def test_a_transfer_coding_is_taken_off_too() -> None:
    zipped = gzip.compress(b"hello", mtime=0)
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(zipped), zipped)
    assert answer(says(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk)).body == b"hello"


def test_a_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    found = answer(says(OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + bomb))
    assert (len(found.body), found.cut, found.defects) == (PATIENT.body_bytes, True, ())


@pytest.mark.parametrize(
    ("coding", "sent", "kind", "body"),
    [
        (b"gzip", b"plain text", BAD.ENCODING, b"plain text"),
        (b"deflate", b"\xff\xff\xff", BAD.ENCODING, b"\xff\xff\xff"),
        (b"br", b"\x0b\x02\x80hi\x03", BAD.UNKNOWN_CODING, b"\x0b\x02\x80hi\x03"),
        (b"gzip, gzip, gzip, gzip, gzip", b"x", BAD.ENCODING, b"x"),
        (b"gzip", gzip.compress(b"hello" * 100, mtime=0)[:-12], BAD.SHORT_BODY, None),
    ],
)
def test_what_is_not_encoded_as_labelled_stays_as_it_is(
    coding: bytes, sent: bytes, kind: DefectKind, body: bytes | None
) -> None:
    found = answer(says(OK + b"Content-Encoding: " + coding + b"\r\n\r\n" + sent))
    assert kinds(found) == {kind}
    assert body is None or found.body == body


# time


def test_a_server_that_says_nothing() -> None:
    found = failure(says(hold=True), bounds=QUICK)
    assert (found.kind, found.says) == (LATE.TIMEOUT, "0.4 s")


def test_a_server_that_closes_without_a_word() -> None:
    assert failure(says()).kind is LATE.CLOSED


def test_a_server_that_closes_inside_the_status_line() -> None:
    assert failure(says(b"HTTP/1.1 20")).kind is LATE.CLOSED


@pytest.mark.parametrize("hold", [True, False])
def test_half_a_head_is_told_as_half(*, hold: bool) -> None:
    found = answer(says(OK + b"A: 1\r\nB: 2\r\nX-Ha", hold=hold), bounds=QUICK)
    assert found.headers == (("A", "1"), ("B", "2"))
    assert kinds(found) == {BAD.HEAD_UNFINISHED}
    assert not found.is_head_whole
    assert found.cut


def test_a_dripping_head_ends_in_time() -> None:
    found = answer(drips(b"X-Drip: 1\r\n", first=OK), bounds=QUICK)
    assert not found.is_head_whole


def test_a_dripping_status_line_ends_in_time() -> None:
    found = failure(drips(b"1", first=b"HTTP/1.1 "), bounds=QUICK)
    assert found.kind is LATE.TIMEOUT
    assert found.says == "0.4 s after the first bytes"


def test_dripping_blank_lines_end_in_time() -> None:
    assert failure(drips(b"\r\n"), bounds=QUICK).kind is LATE.TIMEOUT


@pytest.mark.parametrize("first", [OK + b"\r\n", OK + b"Content-Length: 5000\r\n\r\n"])
def test_a_dripping_body_is_kept_as_far_as_it_came(first: bytes) -> None:
    found = answer(drips(b"x", first=first), bounds=QUICK)
    assert found.body.startswith(b"xxx")
    assert found.cut
    assert kinds(found) == {BAD.SLOW_BODY}
    assert found.is_head_whole


def test_a_port_that_nobody_serves() -> None:
    with Server(says()) as server:
        url = f"{server.url}/"
    found = visit(lambda: Visitor([consented(url)], bounds=QUICK), lambda eyes: eyes.ask(Request("GET", url)))
    assert isinstance(found, Failure)
    assert (found.kind, found.says) == (LATE.REFUSED, "nothing listens on the port")


def test_a_reset_takes_nothing_back_that_came_before_it() -> None:
    async def read() -> tuple[bytes, bytes]:
        reader = CountingReader()
        reader.feed_data(b"came")
        reader.set_exception(ConnectionResetError())
        return await reader.read(9), await reader.read(9)

    assert asyncio.run(read()) == (b"came", b"")


def test_a_reset_inside_the_head_is_told() -> None:
    found = answer(resets(OK + b"A: 1\r\nB: 2\r\n"))
    assert found.headers == (("A", "1"), ("B", "2"))
    assert kinds(found) == {BAD.HEAD_UNFINISHED}


def test_a_reset_inside_the_body_is_told() -> None:
    found = answer(resets(OK + b"\r\nhi"))
    assert (found.body, found.cut, kinds(found)) == (b"hi", True, {BAD.SHORT_BODY})


def test_paths_are_sent_byte_for_byte() -> None:
    paths = ["/a/../b", "/%2e%2e/%zz", "/a\\b//c/./d", "/static../x?q=%00&%", "/é", "?q", "/x#part"]
    with Server(keeps(lambda _: page())) as server:
        for path in paths:
            url = server.url + path
            visit(lambda: Visitor([consented(url)]), lambda eyes: eyes.ask(Request("GET", url)))  # noqa: B023 - at once
    sent = [re.findall(rb"^GET (.*) HTTP/1.1\r\n", asked)[0].decode() for asked in server.asked]
    assert sent == [*paths[:5], "/?q", "/x"]


def test_a_body_inside_the_memory_that_is_left() -> None:
    bounds = replace(QUICK, kept_bytes=150_000, spare_bytes=100)
    with Server(keeps(lambda _: page(b"x" * 90_000))) as server:
        target = consented(server.url)

        async def both(eyes: Visitor) -> list[int]:
            found = [await eyes.ask(Request("GET", f"{server.url}/{number}")) for number in range(3)]
            return [len(one.body) for one in found if isinstance(one, Answer)]

        assert visit(lambda: Visitor([target], bounds=bounds), both) == [90_000, 100, 100]
