"""The stages of a probe are driven in order, each wish is sent once, and a stage that breaks ends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.rules.samples import shown
from batten.run import check_answers
from batten.run.live.drive import drive
from batten.run.live.landing import landing
from batten.run.live.memory import MemorySite
from batten.run.live.plan import plan
from batten.run.live.scene import Scene, answers
from batten.understand.answers.http import Chain, FailureKind
from batten.understand.answers.site import PageKind
from batten.understand.answers.wish import get

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.run.live.scene import Stage
    from batten.understand.answers.wish import Wish

URL = "https://shop.example.com/"
OK = "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>hello"


class Counted:
    def __init__(self, answers: dict[str, str]) -> None:
        self.site = MemorySite(answers)
        self.batches: list[list[str]] = []

    def __call__(self, wishes: Sequence[Wish]) -> list[Chain]:
        self.batches.append([wish.request.url.removeprefix(URL[:-1]) for wish in wishes])
        return self.site(wishes)


def both(scene: Scene) -> Stage:
    first = yield [scene.wish("/a"), scene.wish("/b")]
    (second,) = yield [scene.wish("/c")]
    return [answer.status for answer in answers([*first, second])]


def shared(scene: Scene) -> Stage:
    (chain,) = yield [scene.wish("/b")]
    return [chain]


def broken(scene: Scene) -> Stage:
    yield [scene.wish("/a")]
    message = "oh"
    raise ValueError(message)


def test_stages_of_a_phase_go_side_by_side_and_share_their_answers() -> None:
    scene, fetch = Scene(URL), Counted({"GET /": OK, "GET /a": OK, "GET /c": OK})
    drive([[landing], [both, shared, broken]], scene, fetch)
    assert fetch.batches == [["/"], ["/", "/", "/", "/"], ["/a", "/b"], ["/c"]]
    assert [part for part in scene.parts if isinstance(part, int)] == [200, 404, 200]
    assert len([part for part in scene.parts if isinstance(part, Chain)]) == 1
    (doubt,) = scene.doubts
    assert (doubt.what, doubt.why) == ("the stage broken", "a bug in Batten: ValueError: oh")
    assert "raise ValueError" in doubt.detail


def test_a_site_that_does_not_answer_is_asked_once() -> None:
    scene, fetch = Scene(URL), Counted({"GET /": ""})
    drive([[landing], [both]], scene, fetch)
    assert fetch.batches == [["/"]]


def test_a_landing_page_is_where_the_redirects_end() -> None:
    scene = Scene(URL)
    hop = "HTTP/1.1 302 Found\nLocation: /home\n\n"
    drive([[landing]], scene, MemorySite({"GET /": hop, "GET /home": OK}))
    page = scene.site().landing
    assert page is not None
    assert (page.kind, page.answer.url, page.chain.route) == (
        PageKind.LANDING,
        f"{URL}home",
        (URL, f"{URL}home"),
    )
    assert page.is_html


@pytest.mark.parametrize("text", ["", "HTTP/1.1 302 Found\nLocation: /\n\n"])
def test_a_site_that_does_not_answer_has_no_landing_page(text: str) -> None:
    scene = Scene(URL)
    drive([[landing]], scene, MemorySite({"GET /": text}))
    assert scene.site().landing is None


def test_memory_answers_by_the_longest_key_and_fills_in_what_was_sent() -> None:
    table = {"GET *": OK, "GET /api/*": "HTTP/1.1 200 OK\nX-Origin: {origin}\n\n{path} of {host}", "GET /gone": ""}
    site = MemorySite(table)
    asked = [get(f"{URL}api/x?y=1", ("Origin", "https://other.example")), get(f"{URL}else"), get(f"{URL}gone")]
    api, other, gone = site(asked)
    assert api.last is not None
    assert api.last.all("x-origin") == ("https://other.example",)
    assert api.last.body == b"/api/x?y=1 of shop.example.com"
    assert other.last is not None
    assert other.last.text == "<p>hello"
    assert gone.failure is not None
    assert gone.failure.kind is FailureKind.CLOSED


def test_findings_of_a_site_are_confirmed_and_name_the_address() -> None:
    (finding,) = (one for one in check_answers({"GET /": OK}) if one.rule == "security-headers/nosniff")
    assert str(finding.at) == URL
    assert (finding.confidence.value, finding.layer, finding.app) == ("confirmed", "http", "shop.example.com")


FORMS = """<form method="post" action="/order"><input type="hidden" name="csrf" value="t1"><input name="count"></form>
<form method="post" action="/in"><input name="user"><input type="password" name="pass"></form>
<form method="post" action="/delete/7"><input name="sure"></form>"""


@pytest.mark.parametrize("active", [True, False])
def test_forms_are_sent_where_that_is_allowed_but_no_login_and_none_that_takes_away(*, active: bool) -> None:
    sent: list[tuple[str, str, bytes]] = []
    site = MemorySite({"GET /": shown(FORMS)})

    def fetch(wishes: Sequence[Wish]) -> list[Chain]:
        sent.extend((wish.request.method, wish.request.url, wish.request.body) for wish in wishes)
        return site(wishes)

    drive(plan(("errors",)), Scene(URL, active=active), fetch)
    posted = [(url.removeprefix(URL), body) for method, url, body in sent if method == "POST"]
    assert posted == ([("order", b"csrf=t1&count=x%27%22"), ("order", b"csrf=t1")] if active else [])
    assert (("BATTEN", URL, b"") in sent) is active
