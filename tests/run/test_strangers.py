"""What a probe asks beyond the pages, and what it makes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.rules.app.cookie_flags._seen import Role, cookies
from batten.run import check_answers
from batten.run.live.drive import drive
from batten.run.live.memory import MemorySite
from batten.run.live.plan import plan
from batten.run.live.scene import Scene
from batten.understand.answers.methods import SeenPut
from batten.understand.answers.site import parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.model import Finding
    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

URL = "https://shop.example.com/"
HARDENED = """HTTP/1.1 {}
Content-Type: text/html
Content-Security-Policy: default-src 'self'
X-Frame-Options: DENY
X-Content-Type-Options: nosniff
Referrer-Policy: strict-origin-when-cross-origin
Strict-Transport-Security: max-age=31536000; includeSubDomains
Set-Cookie: session=e30.aZ; Secure; HttpOnly; Path=/; SameSite=Lax

<!doctype html><title>Shop</title><a href="/about">about</a>"""
BARE = "HTTP/1.1 {}\nContent-Type: text/html\n\n<!doctype html><title>Shop</title>"


class Watched:
    def __init__(self, answers: dict[str, str]) -> None:
        self.site = MemorySite(answers)
        self.sent: list[Wish] = []

    def __call__(self, wishes: Sequence[Wish]) -> list[Chain]:
        self.sent += wishes
        return self.site(wishes)

    def methods(self) -> set[str]:
        return {wish.request.method for wish in self.sent}


def told(answers: dict[str, str], url: str = URL) -> dict[str, Finding]:
    return {one.rule: one for one in check_answers(answers, url=url)}


def regular(answers: dict[str, str], url: str = URL) -> set[str]:
    from batten.rules import all_rules  # noqa: PLC0415 - beside its only use

    auditors = {rule.id for rule in all_rules() if rule.persona == "auditor"}
    return set(told(answers, url)) - auditors


def test_a_hardened_site_has_no_findings() -> None:
    assert regular({"GET *": HARDENED.format("404 Not Found"), "GET /": HARDENED.format("200 OK")}) == set()


def test_a_hardened_site_of_static_pages_has_no_findings() -> None:
    page = HARDENED.format("200 OK").replace("Set-Cookie: session=e30.aZ; Secure; HttpOnly; Path=/; SameSite=Lax\n", "")
    assert regular({"GET /": page, "GET /about": page}) == set()


def test_nothing_of_https_is_asked_of_a_site_on_plain_http() -> None:
    found = told({"GET http://127.0.0.1:5000/": BARE.format("200 OK")}, "http://127.0.0.1:5000/")
    assert not [name for name in found if name.startswith("https/")]


def test_headers_that_errors_alone_lack_are_worth_knowing() -> None:
    found = told({"GET /": HARDENED.format("200 OK"), "GET *": BARE.format("404 Not Found")})
    missed = found["security-headers/nosniff"]
    assert (missed.says, missed.graded.value) == ("X-Content-Type-Options is not sent on error pages", "info")


@pytest.mark.parametrize("status", ["400 Bad Request", "502 Bad Gateway", "503 Service Unavailable"])
def test_the_servers_own_errors_are_no_pages_of_the_app(status: str) -> None:
    found = told({"GET /": HARDENED.format("200 OK"), "GET *": BARE.format(status)})
    assert not [name for name in found if name.startswith("security-headers/") and found[name].graded.value != "low"]
    assert "security-headers/nosniff" not in found


def test_some_of_the_pages_are_counted() -> None:
    found = told({"GET /": HARDENED.format("200 OK"), "GET /about": BARE.format("200 OK")})
    assert found["security-headers/framing"].says == "every site may put the pages into a frame on 1 of 2 pages"


def test_the_fix_is_in_the_words_of_what_serves_the_site() -> None:
    nginx = told({"GET /": BARE.format("200 OK").replace("\nContent", "\nServer: nginx\nContent", 1)})
    fix = nginx["security-headers/nosniff"].fix
    assert fix is not None
    assert fix.says == 'Set `add_header X-Content-Type-Options "nosniff" always;`.'
    django = told({"GET /": BARE.format("200 OK").replace("\n\n", "\nSet-Cookie: csrftoken=1; SameSite=Lax\n\n", 1)})
    fix = django["cookie-flags/csrf"].fix
    assert fix is not None
    assert fix.says == "Set `CSRF_COOKIE_SECURE = True`."
    assert django["cookie-flags/csrf"].symbol == "CSRF_COOKIE_SECURE"


@pytest.mark.parametrize("active", [True, False])
def test_nothing_that_changes_something_is_sent_where_it_was_not_allowed(*, active: bool) -> None:
    watched = Watched({"GET *": BARE.format("200 OK")})
    drive(plan(), Scene(URL, active=active), watched)
    assert ({"PUT", "TRACE"} <= watched.methods()) is active
    assert (watched.methods() <= {"GET", "HEAD", "OPTIONS"}) is not active


def test_a_file_that_was_put_is_taken_away_and_looked_for() -> None:
    scene = Scene(URL, active=True)
    mark = scene.nobody("methods")
    kept = {
        f"PUT /batten-{mark}.txt": "HTTP/1.1 201 Created\n\n",
        f"GET /batten-{mark}.txt": f"HTTP/1.1 200 OK\n\n{mark}",
    }
    watched = Watched({"GET /": BARE.format("200 OK"), **kept})
    drive(plan(["paths"]), scene, watched)
    asked = [f"{one.request.method}" for one in watched.sent if one.request.url == f"{URL}batten-{mark}.txt"]
    assert asked == ["PUT", "GET", "DELETE", "GET"]
    (part,) = parts_of(scene.site(), SeenPut)
    assert part.is_left


def test_data_that_the_site_links_to_is_asked_with_other_origins() -> None:
    page = BARE.format("200 OK") + '<a href="/api/items">items</a>'
    watched = Watched({"GET /": page, "GET /api/items": "HTTP/1.1 200 OK\nContent-Type: application/json\n\n[]"})
    drive(plan(["headers"]), Scene(URL), watched)
    crossed = [one.request.url for one in watched.sent if dict(one.request.headers).get("Cookie") == "batten=1"]
    assert crossed == [f"{URL}api/items"] * 2


def test_a_site_on_this_machine_is_asked_for_no_name_like_its_own() -> None:
    for url, count in ((URL, 2), ("http://127.0.0.1:5000/", 0)):
        watched = Watched({f"GET {url}": BARE.format("200 OK")})
        drive(plan(["headers"]), Scene(url), watched)
        origins = {dict(one.request.headers).get("Origin", "") for one in watched.sent}
        assert len(origins & {"https://shop.example.com.batten-one.example", "https://batten-example.com"}) == count


def test_a_cookie_of_another_name_is_not_the_frameworks() -> None:
    flask = "\nServer: Werkzeug/3.1.3\nSet-Cookie: {}; Secure; HttpOnly\n\n"
    for name, symbol in (
        ("session", "SESSION_COOKIE_SAMESITE"),
        ("connect.sid", "samesite of the cookie 'connect.sid'"),
    ):
        page = BARE.format("200 OK").replace("\n\n", flask.format(f"{name}=1"), 1)
        assert told({"GET /": page})["cookie-flags/session-samesite"].symbol == symbol


def test_a_cookie_that_is_set_in_two_ways_is_told_once() -> None:
    page = BARE.format("200 OK").replace("\n\n", "\nSet-Cookie: sid=1; Secure\nSet-Cookie: sid=2; SameSite=None\n\n", 1)
    found = [one.rule for one in check_answers({"GET /": page})]
    assert {found.count(f"cookie-flags/session-{flag}") for flag in ("secure", "httponly", "samesite")} == {1}
    found = [one.rule for one in check_answers({"GET /": page.replace("sid=", "jwt=")})]
    assert found.count("cookie-flags/set-cookie") == 1


def test_data_is_judged_for_what_matters_there() -> None:
    data = "HTTP/1.1 200 OK\nContent-Type: application/json\nX-Frame-Options: ALLOWALL\n\n{}"
    found = {name for name in told({"GET /": data}) if name.startswith("security-headers/")}
    assert found == {"security-headers/nosniff"}


def test_a_site_that_closes_the_door_on_strangers_is_not_judged_for_it() -> None:
    shut = {f"GET / [{origin}]": "" for origin in ("batten-one.example", "batten-two.example", "origin: null")}
    found = told({"GET /": HARDENED.format("200 OK"), "GET /about": HARDENED.format("200 OK"), **shut, "GET /api/": ""})
    assert not [name for name in found if name.startswith("cors/")]


def test_a_session_that_is_set_before_the_redirect_to_https_is_seen() -> None:
    hop = "HTTP/1.1 301 Moved\nLocation: https://shop.example.com/\nSet-Cookie: sid=1; HttpOnly; SameSite=Lax\n\n"
    scene = Scene(URL, http_url=URL.replace("https", "http"))
    drive(plan(["headers"]), scene, MemorySite({"GET *": HARDENED.format("200 OK"), f"GET {scene.http_url}": hop}))
    found = [one for one in cookies(scene.site(), Role.SESSION) if one.cookie.name == "sid"]
    assert [str(one.at) for one in found] == [scene.http_url]
