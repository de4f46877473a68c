"""What cookies are for, and what browsers do with them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.cookie_facts import Purpose, cookie_facts, deletes, purpose, why_refused
from batten.understand.answers.cookies import Cookie
from batten.understand.answers.dates import cookie_time
from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from batten.understand.answers.visit import Visit

URL = "https://site.example/"


def answer(*cookies: str, url: str = URL, date: str | None = None) -> Answer:
    headers = tuple(("Set-Cookie", cookie) for cookie in cookies)
    return Answer(Request("GET", url), 200, headers=(*headers, ("Date", date)) if date else headers)


def facts(*cookies: str, url: str = URL) -> list[tuple[FactKind, str]]:
    seen = Visit(url, https=Chain((answer(*cookies, url=url),)))
    return [(one.kind, one.shown) for one in cookie_facts(seen)]


@pytest.mark.parametrize(
    "name",
    "session sessionid PHPSESSID JSESSIONID ASPSESSIONIDABC connect.sid sid auth_token jwt remember_me __Host-session "
    "laravel_session _app_session accessToken token id_token mysite_sess SSID userSession SESSION".split(),
)
def test_names_that_say_session(name: str) -> None:
    assert purpose(name) is Purpose.SESSION


@pytest.mark.parametrize(
    "name",
    "obsession possession last_login_page theme sessions_tab session_banner_seen author device_token lang _ga side "
    "assess_count residence oauth_state".split(),
)
def test_names_that_do_not(name: str) -> None:
    assert purpose(name) is Purpose.OTHER


@pytest.mark.parametrize("name", ["csrftoken", "XSRF-TOKEN", "_csrf", "__RequestVerificationToken", "csrf_session"])
def test_names_of_tokens_against_csrf(name: str) -> None:
    assert purpose(name) is Purpose.AGAINST_CSRF


@given(st.text(max_size=500))
def test_any_name_is_for_something(name: str) -> None:
    assert isinstance(purpose(name), Purpose)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", (1970, 1, 1, 0, 0, 0)),
        ("Thu, 01-Jan-70 00:00:00 GMT", (1970, 1, 1, 0, 0, 0)),
        ("Wed Jun  9 10:18:14 2021", (2021, 6, 9, 10, 18, 14)),
        ("09 June 21 1:2:3", (2021, 6, 9, 1, 2, 3)),
        ("", None),
        ("Thu, 01 Jan 1970", None),
        ("Thu, 32 Jan 1970 00:00:00", None),
        ("Thu, 01 Jan 1970 24:00:00", None),
        ("Thu, 01 Jan 1600 00:00:00", None),
        ("0", None),
    ],
)
def test_dates(text: str, time: tuple[int, ...] | None) -> None:
    assert cookie_time(text) == time


@given(st.text())
def test_any_date_is_read(text: str) -> None:
    found = cookie_time(text)
    assert found is None or len(found) == 6


def test_cookies_that_are_deleted() -> None:
    now = answer(date="Mon, 03 Mar 2025 10:00:00 GMT")
    undated = answer()
    assert deletes(Cookie("a", "", max_age_s=0), undated)
    assert not deletes(Cookie("a", "", max_age_s=9, expires="Thu, 01 Jan 1970 00:00:00 GMT"), undated)
    assert deletes(Cookie("a", "", expires="Thu, 01 Jan 1970 00:00:00 GMT"), undated)
    assert not deletes(Cookie("a", "", expires="Mon, 03 Mar 2025 09:00:00 GMT"), undated)
    assert deletes(Cookie("a", "", expires="Mon, 03 Mar 2025 09:00:00 GMT"), now)
    assert not deletes(Cookie("a", "", expires="Mon, 03 Mar 2025 11:00:00 GMT"), now)
    assert not deletes(Cookie("a", "", expires="soon"), now)
    assert not deletes(Cookie("a", ""), now)


@pytest.mark.parametrize(
    ("cookie", "url", "why"),
    [
        (Cookie("a", "b"), "http://site.example/", None),
        (Cookie("a", "b", secure=True), "http://site.example/", "Secure"),
        (Cookie("a", "b", secure=True), "http://127.0.0.1/", None),
        (Cookie("a", "b", secure=True), "http://127.evil.example/", "Secure"),
        (Cookie("__Host-a", "b", secure=True), URL, "prefix"),
        (Cookie("a", "b", same_site="none"), URL, "SameSite"),
        (Cookie("a", "b", partitioned=True), URL, "Partitioned"),
        (Cookie("a", "b", domain="other.example"), URL, "not the host's"),
        (Cookie("a", "b", domain="co.uk"), "https://a.co.uk/", "public suffix"),
        (Cookie("a", "b", domain="a.co.uk"), "https://b.a.co.uk/", None),
        (Cookie("a", "b", domain="10.0.0.1"), "https://10.0.0.1/", None),
    ],
)
def test_cookies_that_browsers_refuse(cookie: Cookie, url: str, why: str | None) -> None:
    found = why_refused(cookie, url)
    assert found is None if why is None else why in (found or "")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("sid=1; Secure; Path=/", FactKind.COOKIE_SESSION),
        ("sid=1; HttpOnly; Secure", None),
        ("session=1", None),
        ("XSRF-TOKEN=1; Secure", FactKind.COOKIE_XSRF),
        ("XSRF-TOKEN=1; Secure; SameSite=Lax", None),
        ("csrftoken=1", None),
        ("last_login_page=1", FactKind.COOKIE_HARMLESS),
        ("session=; Max-Age=0", FactKind.COOKIE_DELETED),
        ("a=1; SameSite=None", FactKind.COOKIE_REFUSED),
        ("a=1; Domain=10.0.0.1", FactKind.COOKIE_KEPT),
    ],
)
def test_where_browsers_differ(header: str, kind: FactKind | None) -> None:
    assert [one for one, _ in facts(header, url="https://10.0.0.1/")] == ([] if kind is None else [kind])


def test_what_a_session_lacks() -> None:
    visit = Visit(URL, https=Chain((answer("sid=1", "jwt=1; HttpOnly", "auth=1; Secure"),)))
    assert [one.why.rpartition("lacks ")[2] for one in cookie_facts(visit)] == [
        "Secure and HttpOnly",
        "Secure",
        "HttpOnly",
    ]


def test_cookies_that_are_set_before_the_redirect() -> None:
    hop = answer("a=1", "b=1; Secure", "c=; Max-Age=0", url="http://site.example/")
    both = Visit(URL, http=Chain((hop, answer())), https=Chain((answer(),)))
    assert [(one.kind, one.shown) for one in cookie_facts(both)] == [(FactKind.COOKIE_OVER_HTTP, "a")]
    plain = Visit(URL, http=Chain((answer(url="http://site.example/"),)))
    assert list(cookie_facts(plain)) == []
    none = Visit(URL, https=Chain((), Failure(Request("GET", URL), FailureKind.REFUSED)))
    assert list(cookie_facts(none)) == []
