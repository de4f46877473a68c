"""The visitor: each question once, at a bearable pace, within the budget, and never anywhere but to the target."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batten.collect.http import Bounds, Jar, Target, Visitor, consented, visit
from batten.collect.http.target import Origin
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from tests.collect.servers import Server, head, keeps, page, path_of, says

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.process
PATIENT = Bounds(connect_s=4, answer_s=4, run_s=10)


def get(url: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", url, headers)


def far(server: Server) -> Target:
    """Return the server as if it stood on another machine."""
    return replace(consented(server.url), is_loopback=False)


def asked_at(server: Server) -> list[str]:
    return [path_of(asked) for asked in server.asked]


async def all_of(eyes: Visitor, *requests: Request) -> list[Answer | Failure]:
    return list(await asyncio.gather(*(eyes.ask(request) for request in requests)))


def status(found: Answer | Failure) -> int | FailureKind:
    return found.status if isinstance(found, Answer) else found.kind


def test_equal_wishes_are_sent_once() -> None:
    with Server(keeps(lambda _: page(), pause=0.02)) as server:
        wishes = [get(f"{server.url}/a"), get(f"{server.url}/a"), get(f"{server.url}/a", ("Origin", "null"))]
        found = visit(lambda: Visitor([consented(server.url)]), lambda eyes: all_of(eyes, *wishes))
    assert found[0] is found[1]
    assert len(server.asked) == 2


def test_a_connection_is_used_again() -> None:
    async def three(eyes: Visitor) -> int:
        for number in range(3):
            await eyes.ask(get(f"{server.url}/{number}"))
        return eyes.requests

    with Server(keeps(lambda _: page())) as server:
        assert visit(lambda: Visitor([consented(server.url)]), three) == 3
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        page(headers=["Connection: close"]),
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        page(b"ok") + b"and more",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok",
    ],
)
def test_a_connection_is_not_used_again_where_that_could_mix_up_answers(answer: bytes) -> None:
    async def two(eyes: Visitor) -> list[int | FailureKind]:
        return [status(await eyes.ask(get(f"{server.url}/{number}"))) for number in range(2)]

    with Server(keeps(lambda _: answer)) as server:
        assert visit(lambda: Visitor([consented(server.url)], bounds=PATIENT), two) == [200, 200]
        assert server.connections == 2


def test_bytes_that_nobody_asked_for_are_not_taken_for_the_next_answer() -> None:
    def handler(connection: socket.socket, server: Server) -> None:
        while head(connection, server):
            connection.sendall(page())
            time.sleep(0.02)
            connection.sendall(page(b"forged"))

    async def two(eyes: Visitor) -> list[bytes]:
        bodies = []
        for number in range(2):
            found = await eyes.ask(get(f"{server.url}/{number}"))
            bodies.append(found.body if isinstance(found, Answer) else b"")
            await asyncio.sleep(0.06)
        return bodies

    with Server(handler) as server:
        assert visit(lambda: Visitor([consented(server.url)]), two) == [b"ok", b"ok"]


def test_a_server_of_one_thread_is_not_starved() -> None:
    one_at_a_time = threading.Lock()
    serve = keeps(lambda _: page(), pause=0.005)

    def handler(connection: socket.socket, server: Server) -> None:
        with one_at_a_time:
            serve(connection, server)

    with Server(handler) as server:
        wishes = [get(f"{server.url}/{number}") for number in range(40)]
        found = visit(lambda: Visitor([consented(server.url)], bounds=PATIENT), lambda eyes: all_of(eyes, *wishes))
    assert [status(one) for one in found] == [200] * 40


@pytest.mark.parametrize(("method", "wanted"), [("GET", 200), ("POST", FailureKind.CLOSED)])
def test_a_connection_that_went_stale_is_replaced(method: str, wanted: object) -> None:
    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        connection.sendall(page())
        head(connection, server)  # and closes without an answer

    async def two(eyes: Visitor) -> int | FailureKind:
        await eyes.ask(get(f"{server.url}/1"))
        return status(await eyes.ask(Request(method, f"{server.url}/2")))

    with Server(handler) as server:
        assert visit(lambda: Visitor([consented(server.url)]), two) == wanted


def test_what_is_sent() -> None:
    with Server(keeps(lambda _: page())) as server:
        wish = get(f"{server.url}/x", ("Accept", "text/html"), ("X-Mine", "1"))
        visit(
            lambda: Visitor(
                [consented(server.url)],
                headers=(("Authorization", "Bearer t"), ("cookie", "a=1"), ("X-Mine", "2")),
                cookies=["b=2"],
            ),
            lambda eyes: eyes.ask(wish),
        )
    lines = server.asked[0].decode().split("\r\n")
    assert lines[0] == "GET /x HTTP/1.1"
    assert lines[1] == f"Host: 127.0.0.1:{server.port}"
    assert lines[2].startswith("User-Agent: batten/")
    assert lines[3:] == [
        "Accept-Encoding: identity",
        "Authorization: Bearer t",
        "Cookie: a=1; b=2",
        "Accept: text/html",
        "X-Mine: 1",
        "",
        "",
    ]


def test_the_host_can_be_another() -> None:
    with Server(keeps(lambda _: page())) as server:
        wish = get(f"{server.url}/", ("Host", "evil.example"))
        visit(lambda: Visitor([consented(server.url)]), lambda eyes: eyes.ask(wish))
    assert server.asked[0].count(b"Host:") == 1
    assert b"Host: evil.example\r\n" in server.asked[0]


@pytest.mark.parametrize(
    "wish",
    [get("{}/a b\r\nX: 1"), get("{}/", ("X", "a\r\nY: b")), Request("GET /x\r\n", "{}/"), get("{}/", ("X", "\0"))],
)
def test_a_request_cannot_become_two(wish: Request) -> None:
    with Server(keeps(lambda _: page())) as server:
        sent = Request(wish.method, wish.url.format(server.url), wish.headers)
        assert status(visit(lambda: Visitor([consented(server.url)]), lambda eyes: eyes.ask(sent))) in {
            FailureKind.NOT_ASKED,
            FailureKind.BAD_LOCATION,
        }
        assert server.asked == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost:{}/", "https://127.0.0.1:{}/", "ftp://x/"])
def test_nothing_but_the_target_is_asked(url: str) -> None:
    with Server(keeps(lambda _: page())) as server:
        wish = get(url.format(server.port))
        found = visit(lambda: Visitor([consented(server.url)]), lambda eyes: eyes.ask(wish))
        assert status(found) in {FailureKind.NOT_ASKED, FailureKind.BAD_LOCATION}
        assert server.connections == 0


# redirects and cookies


def followed(server: Server, path: str = "/", *, bounds: Bounds = PATIENT, jar: Jar | None = None) -> Chain:
    return visit(
        lambda: Visitor([consented(server.url)], bounds=bounds), lambda eyes: eyes.follow(get(server.url + path), jar)
    )


def moved(location: str, status_line: str = "302 Found", *headers: str) -> bytes:
    return page(b"", status_line, [f"Location: {location}", *headers])


def routes(table: dict[str, bytes]) -> Callable[[bytes], bytes]:
    return lambda asked: table.get(path_of(asked), page(b"?", "404 Not Found"))


def test_redirects_are_followed_hop_by_hop() -> None:
    with Server(keeps(routes({"/": moved("/a"), "/a": moved("b?c=1#d", "308 Permanent"), "/b?c=1": page()}))) as server:
        chain = followed(server)
    assert [hop.status for hop in chain.hops] == [302, 308, 200]
    assert chain.route == tuple(server.url + path for path in ("/", "/a", "/b?c=1"))
    assert chain.last is chain.hops[-1]


@pytest.mark.parametrize(
    "location", ["//evil.example/x", "/\\evil.example/x", "\\\\evil.example/x", "http:\\\\evil.example/x"]
)
def test_a_redirect_to_another_host_is_told_and_not_followed(location: str) -> None:
    with Server(keeps(lambda _: moved(location))) as server:
        chain = followed(server)
        assert server.connections == 1
    assert chain.failure is not None
    assert chain.failure.kind is FailureKind.NOT_ASKED
    assert chain.route == (f"{server.url}/", "http://evil.example/x")
    assert chain.last is None


def test_a_redirect_to_another_port_is_not_followed_unless_it_was_named() -> None:
    with Server(keeps(lambda _: page(b"other"))) as other, Server(keeps(lambda _: moved(f"{other.url}/x"))) as server:
        chain = followed(server)
        assert chain.failure is not None
        assert chain.failure.kind is FailureKind.NOT_ASKED
        assert other.connections == 0
        chain = visit(
            lambda: Visitor([consented(server.url), consented(other.url)], cookies=["a=1"], headers=(("X-Key", "k"),)),
            lambda eyes: eyes.follow(get(f"{server.url}/")),
        )
    assert chain.last is not None
    assert chain.last.body == b"other"
    assert b"X-Key: k\r\nCookie: a=1\r\n" in server.asked[-1]
    assert b"a=1" not in other.asked[0]
    assert b"X-Key" not in other.asked[0]


@pytest.mark.parametrize(
    "location", ["mailto:a@b", "javascript:1", "http://[::1", "http://a:99999/", "http://u@127.0.0.1/"]
)
def test_a_redirect_to_nowhere(location: str) -> None:
    with Server(keeps(lambda _: moved(location))) as server:
        chain = followed(server)
    assert chain.failure is not None
    assert chain.failure.kind is FailureKind.BAD_LOCATION


def test_bytes_outside_ascii_are_escaped_in_a_redirect() -> None:
    with Server(keeps(lambda asked: moved('/é"x y%zz') if path_of(asked) == "/" else page())) as server:
        followed(server)
    assert asked_at(server) == ["/", "/%C3%A9%22x%20y%zz"]


def test_redirects_without_an_end() -> None:
    with Server(keeps(lambda asked: moved(f"/{len(asked)}{time.monotonic_ns()}"))) as server:
        chain = followed(server)
    assert chain.failure is not None
    assert chain.failure.kind is FailureKind.TOO_MANY_REDIRECTS
    assert len(chain.hops) == 11


def test_a_loop_costs_nothing() -> None:
    with Server(keeps(lambda _: moved("/"))) as server:
        chain = followed(server)
        assert len(server.asked) == 1
    assert chain.failure is not None
    assert chain.failure.kind is FailureKind.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("line", "sent", "then"),
    [
        ("302 Found", "POST", "GET"),
        ("303 See Other", "PUT", "GET"),
        ("307 Temporary", "POST", "POST"),
        ("302 F", "HEAD", "HEAD"),
    ],
)
def test_the_method_after_a_redirect(line: str, sent: str, then: str) -> None:
    def handler(connection: socket.socket, server: Server) -> None:
        asked = head(connection, server)
        bodies.append(connection.recv(9) if b"Content-Length: 4" in asked else b"")
        connection.sendall(moved("/b", line, "Connection: close") if b" / " in asked else page(b""))

    bodies: list[bytes] = []
    with Server(handler) as server:
        wish = Request(sent, f"{server.url}/", body=b"body" if sent in {"POST", "PUT"} else b"")
        visit(lambda: Visitor([consented(server.url)]), lambda eyes: eyes.follow(wish))
    assert [asked.split()[0].decode() for asked in server.asked] == [sent, then]
    assert bodies == [wish.body, wish.body if then == sent else b""]


def test_a_session_has_its_own_jar() -> None:
    cookies = ["Set-Cookie: s=1; Secure", "Set-Cookie: gone=1; Max-Age=0", "Set-Cookie: far=1; Domain=evil.example"]
    with Server(keeps(routes({"/": moved("/in", "302 Found", *cookies), "/in": page()}))) as server:
        jar = Jar()
        followed(server, jar=jar)
        followed(server)
        assert jar.header(Origin("http", "127.0.0.1", 1), "/") == "s=1"
    assert [b"Cookie: s=1\r\n" in asked for asked in server.asked] == [False, True, False, False]


# pace and budget


def paced(server: Server, bounds: Bounds, count: int, target: Target | None = None) -> tuple[list[object], Visitor]:
    held: list[Visitor] = []

    async def many(eyes: Visitor) -> list[object]:
        held.append(eyes)
        return [status(one) for one in await all_of(eyes, *(get(f"{server.url}/{number}") for number in range(count)))]

    return visit(lambda: Visitor([target or consented(server.url)], bounds=bounds), many), held[0]


def test_loopback_is_asked_on_eight_connections() -> None:
    with Server(keeps(lambda _: page(), pause=0.05)) as server:
        paced(server, PATIENT, 24)
    assert server.most_at_once == 8
    assert server.connections == 8


def test_another_machine_is_asked_slowly_on_two_connections() -> None:
    with Server(keeps(lambda _: page(), pause=0.5)) as server:
        begun = time.monotonic()
        found, eyes = paced(server, PATIENT, 4, far(server))
        took = time.monotonic() - begun
    assert found == [200] * 4
    assert server.most_at_once == 2
    assert eyes.requests == 4
    assert took >= 1.0


def test_five_requests_a_second_to_another_machine() -> None:
    with Server(keeps(lambda _: page())) as server:
        begun = time.monotonic()
        paced(server, PATIENT, 5, far(server))
        assert time.monotonic() - begun >= 0.8


def test_another_machine_gets_safe_methods_only() -> None:
    with Server(keeps(lambda _: page())) as server:
        wishes = [Request(method, f"{server.url}/") for method in ("POST", "PUT", "TRACE", "OPTIONS")]
        found = visit(lambda: Visitor([far(server)], bounds=PATIENT), lambda eyes: all_of(eyes, *wishes))
    assert [status(one) for one in found] == [*[FailureKind.METHOD] * 3, 200]


@pytest.mark.parametrize("line", ["429 Too Many", "500 Oops", "503 Away"])
def test_another_machine_that_begins_to_fail_is_left_alone(line: str) -> None:
    with Server(keeps(lambda _: page(status=line))) as server:
        found, eyes = paced(server, replace(PATIENT, failures=2), 6, far(server))
        assert found[-3:] == [FailureKind.STOPPED] * 3
        assert len(server.asked) <= 3
    assert f"2 times in a row: {line[:3]}" in eyes.incomplete


def test_errors_of_our_own_machine_are_answers() -> None:
    with Server(keeps(lambda _: page(status="500 Oops"))) as server:
        found, eyes = paced(server, PATIENT, 12)
    assert found == [500] * 12
    assert eyes.incomplete == ""


def test_a_server_that_hangs_is_left_alone_and_the_run_ends() -> None:
    with Server(says(hold=True)) as server:
        begun = time.monotonic()
        found, eyes = paced(server, replace(PATIENT, answer_s=0.4), 40)
        assert time.monotonic() - begun < 4
    assert found.count(FailureKind.STOPPED) >= 24
    assert "no answer came in time" in eyes.incomplete


def test_the_budget_is_a_hard_cap() -> None:
    with Server(keeps(lambda _: page())) as server:
        found, eyes = paced(server, replace(PATIENT, requests=10), 30)
        assert len(server.asked) == 10
    assert found.count(FailureKind.BUDGET) == 20
    assert eyes.requests == 10
    assert eyes.incomplete == FailureKind.BUDGET.value


def test_a_budget_that_just_suffices_leaves_nothing_out() -> None:
    with Server(keeps(lambda _: page())) as server:
        found, eyes = paced(server, replace(PATIENT, requests=10), 10)
    assert found == [200] * 10
    assert eyes.incomplete == ""


def test_the_time_of_the_run_is_a_hard_cap() -> None:
    with Server(keeps(lambda _: page(), pause=0.1)) as server:
        begun = time.monotonic()
        found, eyes = paced(server, replace(PATIENT, run_s=0.25), 40)
        assert time.monotonic() - begun < 5
    assert found[-1] is FailureKind.OUT_OF_TIME
    assert eyes.incomplete == FailureKind.OUT_OF_TIME.value


def test_the_memory_of_the_run_is_a_hard_cap() -> None:
    async def many(eyes: Visitor) -> list[object]:
        return [status(await eyes.ask(get(f"{server.url}/{number}"))) for number in range(10)]

    with Server(keeps(lambda _: page(headers=["A: b"] * 500))) as server:
        bounds = replace(PATIENT, kept_bytes=200_000)
        found = visit(lambda: Visitor([consented(server.url)], bounds=bounds), many)
    assert found == [*[200] * 4, *[FailureKind.BUDGET] * 6]


def test_the_first_address_that_answers_is_kept() -> None:
    with Server(keeps(lambda _: page())) as server:
        target = replace(consented(server.url), addresses=("127.0.0.9", "127.0.0.1"))
        target = replace(target, origin=Origin("http", "shop.test", server.port))
        wish = get(f"http://shop.test:{server.port}/")
        ask: Callable[[Visitor], Awaitable[Answer | Failure]] = lambda eyes: eyes.ask(wish)  # noqa: E731 - as elsewhere
        assert status(visit(lambda: Visitor([target]), ask)) == 200
    assert f"Host: shop.test:{server.port}\r\n".encode() in server.asked[0]
