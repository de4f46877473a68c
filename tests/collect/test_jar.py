"""What a browser would send back of the cookies that answers set."""

from __future__ import annotations

import pytest

from batten.collect.http import Jar
from batten.collect.http.target import taken_apart
from batten.understand.answers.http import Answer, Request


def sent(lines: list[str], to: str, url: str = "https://shop.example/a/b") -> str:
    jar = Jar()
    jar.take(Answer(Request("GET", url), 200, headers=tuple(("Set-Cookie", line) for line in lines)))
    return jar.header(*taken_apart(to))


@pytest.mark.parametrize(
    ("line", "to", "header"),
    [
        ("a=1", "https://shop.example/a/x?q", "a=1"),
        ("a=1", "https://shop.example/a", "a=1"),
        ("a=1", "https://shop.example/", ""),
        ("a=1", "https://shop.example/ab", ""),
        ("a=1; Path=/", "https://shop.example/", "a=1"),
        ("a=1; Path=/x/", "https://shop.example/x/y", "a=1"),
        ("a=1; Path=/", "https://www.shop.example/", ""),
        ("a=1; Path=/; Domain=shop.example", "https://shop.example/", "a=1"),
        ("a=1; Path=/; Domain=evil.example", "https://shop.example/", ""),
        ("a=1; Path=/; Secure", "http://shop.example/", ""),
        ("a=1; Path=/; Secure", "https://shop.example:8443/", "a=1"),
        ("a=1; Path=/; Max-Age=0", "https://shop.example/", ""),
        ("a=1; Path=/; Max-Age=-5", "https://shop.example/", ""),
        ("a=1; Path=/; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://shop.example/", "a=1"),
        ("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "https://shop.example/", ""),
        ("a=1; Path=/; Expires=Fri, 31 Dec 9999 23:59:59 GMT", "https://shop.example/", "a=1"),
        ("a=1; Path=/; Expires=some day", "https://shop.example/", "a=1"),
        ("a=" + "x" * 5000 + "; Path=/", "https://shop.example/", ""),
        ("__Host-a=1; Path=/", "https://shop.example/", ""),
        ("nameless", "https://shop.example/a/", ""),
    ],
)
def test_where_a_cookie_goes(line: str, to: str, header: str) -> None:
    assert sent([line], to) == header


def test_the_last_one_stands_and_longer_paths_come_first() -> None:
    lines = ["a=1; Path=/", "b=1; Path=/a", "a=2; Path=/", "c=1; Path=/", "c=; Path=/; Max-Age=0"]
    assert sent(lines, "https://shop.example/a/") == "b=1; a=2"


def test_a_secure_cookie_goes_to_this_machine_without_tls() -> None:
    assert sent(["a=1; Secure; Path=/"], "http://127.0.0.1:5000/", "http://127.0.0.1:5000/") == "a=1"


def test_names_outside_ascii() -> None:
    assert sent(["a=1; Path=/"], "https://bücher.example/", "https://bücher.example/") == "a=1"


def test_a_jar_holds_a_hundred_cookies() -> None:
    assert sent([f"a{number}=1; Path=/" for number in range(300)], "https://shop.example/").count("=1") == 100


def test_a_branch_goes_its_own_way_until_it_is_merged() -> None:
    jar, place = Jar(), taken_apart("http://127.0.0.1/")
    branch = jar.branch()
    branch.take(Answer(Request("GET", "http://127.0.0.1/"), 200, headers=(("Set-Cookie", "a=1"),)))
    assert (jar.header(*place), branch.header(*place)) == ("", "a=1")
    jar.merge(branch)
    assert jar.header(*place) == "a=1"
