"""Hosts of web addresses, as browsers read them, and the part of them that can be registered."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.addresses import WebHost, web_host
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from batten.understand.answers.suffixes import is_address, registrable
from batten.understand.answers.visit import Visit


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.Example:8443/x", WebHost("a.example", 8443)),
        (" HTTPS:\\\\a.example", WebHost("a.example")),
        ("http:a.example?b", WebHost("a.example")),
        ("http://u:p@x@a.example#b", WebHost("a.example")),
        ("http://a.ex\nam\tple/", WebHost("a.example")),
        ("http://%61.example:/", WebHost("a.example")),
        ("http://bücher.example/", WebHost("xn--bcher-kva.example")),
        ("http://[::1]:80/", WebHost("::1", 80, is_address=True)),
        ("http://[0:0::0001]", WebHost("::1", is_address=True)),
        ("http://127.1/", WebHost("127.0.0.1", is_address=True)),
        ("http://0x7f.0.0.01./", WebHost("127.0.0.1", is_address=True)),
        ("http://2130706433", WebHost("127.0.0.1", is_address=True)),
        ("http://0x/", WebHost("0.0.0.0", is_address=True)),
        ("http://1.2.3.4.example/", WebHost("1.2.3.4.example")),
    ],
)
def test_a_host(url: str, host: WebHost) -> None:
    assert web_host(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "mailto:a@b",
        "http://",
        "https:///",
        "http://a b/",
        "http://a:x/",
        "http://a:65536/",
        "http://a:" + "9" * 5000,
        "http://[::1",
        "http://[::1]x",
        "http://[::1%25eth0]",
        "http://[::1%eth0]",
        "http://[::g]",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://1.1.1.256/",
        "http://4294967296/",
        "http://a.08/",
        "http://1..2/",
        "http://" + "9" * 5000,
        "http://%00/",
        "http://ü" + "a" * 300,
        "http://ü..ü",
    ],
)
def test_what_has_no_host(url: str) -> None:
    assert web_host(url) is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for url in (text, "http://" + text):
        host = web_host(url)
        assert host is None or host.name


@pytest.mark.parametrize(
    ("host", "all_suffixes", "icann"),
    [
        ("www.a.co.uk", "a.co.uk", "a.co.uk"),
        ("b.a.github.io", "a.github.io", "github.io"),
        ("github.io", None, "github.io"),
        ("co.uk", None, None),
        ("A.Example.", "a.example", "a.example"),
        ("localhost", None, None),
        ("10.0.0.1", None, None),
        ("::1", None, None),
        ("", None, None),
        (".a.example", None, None),
    ],
)
def test_what_can_be_registered(host: str, all_suffixes: str | None, icann: str | None) -> None:
    assert registrable(host) == all_suffixes
    assert registrable(host, private=False) == icann


def test_addresses_and_names() -> None:
    assert is_address("10.0.0.1")
    assert is_address("fe80::1")
    assert not is_address("10.0.0.1.example")


def test_what_a_visitor_sees_in_the_end() -> None:
    page = Answer(Request("GET", "https://A.example/"), 200)
    failed = Chain((), Failure(Request("GET", "https://a.example/"), FailureKind.REFUSED))
    assert Visit("https://A.example:8/", http=failed, https=Chain((page,))).page is page
    assert Visit("https://A.example:8/", http=Chain((page,)), https=failed).page is page
    assert Visit("https://A.example:8/", https=failed).page is None
    assert Visit("https://A.example:8/").host == "a.example"
