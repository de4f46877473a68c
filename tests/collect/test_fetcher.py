"""Wishes in, chains out: what stays from one batch to the next, and what does not pass between wishes."""

from __future__ import annotations

import pytest

from batten.collect.http import Bounds, Fetcher, consented
from batten.understand.answers.http import FailureKind, Request
from batten.understand.answers.tls import Version
from batten.understand.answers.wish import Wish, get
from tests.collect.authority import Authority, served
from tests.collect.servers import Server, keeps, page, path_of

pytestmark = pytest.mark.process


def cookies(server: Server) -> dict[str, str]:
    """Return the Cookie header that each path was asked with."""
    lines = {path_of(asked): asked.decode().split("\r\n") for asked in server.asked}
    return {
        path: next((line.partition(": ")[2] for line in sent if line.startswith("Cookie: ")), "")
        for path, sent in lines.items()
    }


def answers(asked: bytes) -> bytes:
    path = path_of(asked)
    if path == "/go":
        return page(b"", "302 Found", ["Location: /gone", "Set-Cookie: go=1"])
    name = path.strip("/")
    return page(path.encode(), headers=[f"Set-Cookie: {name}=1"] if name.startswith("set") else [])


def test_a_chain_for_each_wish_in_their_order() -> None:
    with Server(keeps(answers)) as server, Fetcher([consented(server.url)]) as fetch:
        wishes = [get(f"{server.url}/{number}") for number in range(20)]
        wishes += [get(f"{server.url}/go"), get(f"{server.url}/go", follow=True), get("http://elsewhere.test/")]
        chains = fetch([*wishes, wishes[3]])
        assert chains.pop() == chains[3]
        assert len(server.asked) == 22
    assert [chain.last.body.decode() for chain in chains[:20] if chain.last] == [f"/{number}" for number in range(20)]
    assert [len(chain.hops) for chain in chains[20:]] == [1, 2, 0]
    assert chains[22].failure is not None
    assert chains[22].failure.kind is FailureKind.NOT_ASKED


def test_cookies_pass_to_the_next_batch_and_not_within_one() -> None:
    with Server(keeps(answers)) as server, Fetcher([consented(server.url)], cookies=["mine=1"]) as fetch:
        fetch([get(f"{server.url}/set{number}") for number in range(3)])
        fetch(
            [
                get(f"{server.url}/after"),
                get(f"{server.url}/go", follow=True),
                Wish(Request("GET", f"{server.url}/bare"), with_cookies=False),
                Wish(Request("GET", f"{server.url}/other"), jar="other"),
            ]
        )
        fetch([get(f"{server.url}/last")])
    assert cookies(server) == {
        "/set0": "mine=1",
        "/set1": "mine=1",
        "/set2": "mine=1",
        "/after": "mine=1; set0=1; set1=1; set2=1",
        "/go": "mine=1; set0=1; set1=1; set2=1",
        "/gone": "mine=1; set0=1; set1=1; set2=1; go=1",
        "/bare": "",
        "/other": "mine=1",
        "/last": "mine=1; set0=1; set1=1; set2=1; go=1",
    }


def test_an_answer_whose_head_was_cut_is_none_to_judge() -> None:
    def answer(asked: bytes) -> bytes:
        if path_of(asked) == "/":
            return page(b"", "302 Found", ["Location: /long"])
        return page(headers=[f"X-{number}: 1" for number in range(3000)])

    with Server(keeps(answer)) as server, Fetcher([consented(server.url)]) as fetch:
        chains = fetch([get(f"{server.url}/", follow=True), get(f"{server.url}/long"), get(f"{server.url}/")])
    assert [len(chain.hops) for chain in chains] == [1, 0, 1]
    for chain in chains[:2]:
        assert chain.last is None
        assert chain.failure is not None
        assert (chain.failure.kind, chain.failure.request.url) == (FailureKind.HEAD, f"{server.url}/long")
        assert chain.failure.says == "the head is longer than the reader's limit"


@pytest.mark.parametrize(("active", "is_sent"), [(None, True), (True, True), (False, False)])
def test_methods_that_change_something(*, active: bool | None, is_sent: bool) -> None:
    with Server(keeps(lambda _: page())) as server, Fetcher([consented(server.url)], active=active) as fetch:
        (chain,) = fetch([Wish(Request("PUT", f"{server.url}/x"))])
        assert (len(server.asked) == 1) is is_sent
    assert chain.failure is None or chain.failure.kind is FailureKind.METHOD


def test_the_connection_lasts_over_batches() -> None:
    with Server(keeps(lambda _: page())) as server, Fetcher([consented(server.url)]) as fetch:
        for number in range(4):
            fetch([get(f"{server.url}/{number}")])
        assert server.connections == 1
        assert fetch.visitor.requests == 4


def test_tls_within_the_time_that_is_left(authority: Authority) -> None:
    with Server(keeps(lambda _: page()), served(authority.issue("fetched"))) as server:
        target = consented(server.url)
        with Fetcher([target], ca_file=str(authority.file)) as fetch:
            assert Version.TLS_1_2 in {one.version for one in fetch.tls(target).versions}
            assert fetch.tls(target).is_verified
        with Fetcher([target], bounds=Bounds(run_s=0)) as fetch:
            assert fetch.tls(target).failure == "no answer in time"
