"""Cookies as the browsers' parser reads them, and what a jar keeps."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.cookies import Cookie, jar, parse
from batten.understand.answers.http import Answer, Request


def kept(*headers: str, url: str = "https://www.site.example/app/page") -> list[str]:
    answer = Answer(Request("GET", url), 200, headers=tuple(("Set-Cookie", header) for header in headers))
    return [f"{one.cookie.name}={one.cookie.value} {one.domain}{one.path}" for one in jar([answer])]


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("a=b", Cookie("a", "b")),
        (" a = b c = d ;x", Cookie("a", "b c = d")),
        ('a="b"', Cookie("a", '"b"')),
        ("a=", Cookie("a", "")),
        ("a=b; Secure; HttpOnly; Partitioned", Cookie("a", "b", secure=True, http_only=True, partitioned=True)),
        ("a=b;SECURE=no;httponly=0", Cookie("a", "b", secure=True, http_only=True)),
        ("a=b; SameSite=LAX", Cookie("a", "b", same_site="lax")),
        ("a=b; SameSite", Cookie("a", "b", same_site="")),
        ("a=b; SameSite=Sometimes; samesite=Strict", Cookie("a", "b", same_site="strict")),
        ("a=b; Domain=.Site.Example; Path=/x", Cookie("a", "b", domain="site.example", path="/x")),
        ("a=b; Domain=site.example; Domain=; Path=x", Cookie("a", "b", domain="site.example")),
        ("a=b; Domain=", Cookie("a", "b")),
        ("a=b; Max-Age=10; Expires=Thu, 01 Jan 1970", Cookie("a", "b", max_age_s=10, expires="Thu, 01 Jan 1970")),
        ("a=b; Max-Age=1.5; ; =x", Cookie("a", "b")),
        ("a=b\rc", Cookie("a", "b")),
    ],
)
def test_a_cookie(header: str, cookie: Cookie) -> None:
    assert parse(header) == cookie


@pytest.mark.parametrize("header", ["", "a", "=b", " =b", "; a=b", "\0a=b", "a\tb=c", "a=b\x01"])
def test_what_sets_no_cookie_with_a_name(header: str) -> None:
    assert parse(header) is None


def test_samesite_as_browsers_go_by_it() -> None:
    assert Cookie("a", "b", same_site="none").known_same_site == "none"
    assert Cookie("a", "b", same_site="sometimes").known_same_site is None
    assert Cookie("a", "b").known_same_site is None


def test_the_last_of_a_name_domain_and_path_is_kept() -> None:
    assert kept("a=1", "a=2", "a=3; Path=/", "a=4; Domain=site.example") == [
        "a=2 www.site.example/app",
        "a=3 www.site.example/",
        "a=4 site.example/app",
    ]


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ("a=1; Domain=other.example", "https://www.site.example/"),
        ("a=1; Domain=example", "https://www.site.example/"),
        ("a=1; Domain=co.uk", "https://a.co.uk/"),
        ("a=1; Domain=github.io", "https://a.github.io/"),
        ("a=1; Domain=127.0.0.1", "https://127.0.0.1/"),
        ("a=1; Domain=test", "https://a.test/"),
        ("__Secure-a=1", "https://a.example/"),
        ("__Host-a=1; Secure", "https://a.example/"),
        ("__Host-a=1; Secure; Path=/; Domain=a.b.example", "https://a.b.example/"),
        ("__Host-a=1; Path=/", "https://a.example/"),
        ("a=1; Domain=" + "a." * 200 + "example", "https://a.example/"),
        ("a=1; Domain=a..example", "https://a..example/"),
    ],
)
def test_what_a_jar_drops(header: str, url: str) -> None:
    assert kept(header, url=url) == []


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ("a=1; Secure", "http://a.example/"),
        ("a=; Max-Age=0", "http://a.example/"),
        ("a=1; Domain=localhost", "http://localhost/"),
        ("a=1; Domain=site.example", "http://site.example/"),
        ("__Host-a=1; Secure; Path=/", "http://127.0.0.1/"),
        ("__Secure-a=1; Secure", "http://a.example/"),
        ("__host-a=1", "http://a.example/"),
    ],
)
def test_what_a_jar_keeps(header: str, url: str) -> None:
    assert len(kept(header, url=url)) == 1


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example", "/"),
        ("https://a.example/x/y/z?q", "/x/y"),
        ("https://a.example/x", "/"),
        ("https://[/", "/"),
    ],
)
def test_the_path_of_a_cookie_without_one(url: str, path: str) -> None:
    answer = Answer(Request("GET", url), 200, headers=(("Set-Cookie", "a=1"),))
    assert [one.path for one in jar([answer])] == [path]


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_read(header: str) -> None:
    cookie = parse(header)
    assert cookie is None or (cookie.name and not set(cookie.name) & set("\0\n;="))


def test_many_and_long_cookies() -> None:
    headers = tuple(("Set-Cookie", f"a{number}=b; Domain=a.site.example; Path=/") for number in range(20_000))
    answer = Answer(Request("GET", "https://a.site.example/"), 200, headers=headers)
    assert len(jar([answer])) == 20_000
    assert parse("a=" + "b; " * 300_000) == Cookie("a", "b")
    assert parse(" " * 1_000_000 + "=") is None
    assert parse("a=b; Max-Age=" + "9" * 1_000_000) == Cookie("a", "b")
