"""The nouns of a visit: nothing is lost, and every question has an answer."""

from __future__ import annotations

import pytest

from batten.understand.answers.http import (
    Answer,
    Chain,
    Failure,
    FailureKind,
    Headers,
    Request,
    host_of,
    is_https,
)


def answer(*headers: tuple[str, str], status: int = 200, body: bytes = b"", url: str = "https://a.example/") -> Answer:
    return Answer(Request("GET", url), status, headers=headers, body=body)


def test_headers_keep_order_casing_and_duplicates() -> None:
    sent: Headers = (("X-Frame-Options", "DENY"), ("Server", "x"), ("x-frame-options", "SAMEORIGIN"))
    seen = answer(*sent)
    assert seen.headers == sent
    assert seen.all("X-FRAME-OPTIONS") == ("DENY", "SAMEORIGIN")
    assert seen.first("x-frame-options") == "DENY"
    assert seen.joined("x-frame-options") == "DENY, SAMEORIGIN"
    assert seen.all("missing") == ()
    assert seen.first("missing") is None
    assert seen.joined("missing") is None


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        ("text/html; charset=ISO-8859-1", "text/html", "iso8859-1"),
        ("TEXT/HTML;Charset='utf-8'", "text/html", "utf-8"),
        ("text/plain; charset=nonsense", "text/plain", "utf-8"),
        ("text/plain; charset=hex", "text/plain", "utf-8"),
        ("text/plain; charset=idna", "text/plain", "utf-8"),
        ("text/plain; charset=unicode_escape", "text/plain", "utf-8"),
        ("text/plain; charset=a\0b", "text/plain", "utf-8"),
        ("text/plain; a=b", "text/plain", "utf-8"),
        ("; charset=utf-8", None, "utf-8"),
    ],
)
def test_the_type_of_a_body(value: str, media_type: str | None, charset: str) -> None:
    seen = answer(("Content-Type", value))
    assert (seen.media_type, seen.charset) == (media_type, charset)


def test_a_body_is_text_whatever_it_holds() -> None:
    assert answer(body="Grüße".encode()).text == "Grüße"
    assert answer(("Content-Type", "text/html; charset=latin-1"), body=b"\xfc").text == "ü"
    assert answer(body=b"\xff").text == "�"
    assert answer().media_type is None


def test_a_redirect_needs_a_place_to_go_to() -> None:
    assert answer(("Location", "/next"), status=302).is_redirect
    assert not answer(status=302).is_redirect
    assert not answer(("Location", "/next"), status=201).is_redirect


def test_a_chain_ends_with_an_answer_or_a_failure() -> None:
    first = answer(("Location", "https://a.example/"), status=301, url="http://a.example/")
    second = answer()
    assert Chain((first, second)).last is second
    assert Chain((first, second)).route == ("http://a.example/", "https://a.example/")
    refused = Failure(Request("GET", "https://a.example/"), FailureKind.REFUSED)
    assert Chain((first,), refused).last is None
    assert Chain((first,), refused).route == ("http://a.example/", "https://a.example/")
    assert Chain().last is None
    assert Chain().route == ()


def test_addresses() -> None:
    assert is_https("HTTPS://a.example/")
    assert not is_https("http://a.example/")
    assert answer().is_https
    assert host_of("https://A.example:8443/x") == "a.example"
    assert host_of("http://[::1]:80/") == "::1"
    assert host_of("http://[::1/") == ""
    assert host_of("/path") == ""
